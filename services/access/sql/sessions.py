"""Sessions of users in SQL; every function runs in its caller's transaction."""

from __future__ import annotations

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session as SqlSession

from services.access.session import Session, SessionOptions
from services.access.sql.tables import SessionRow, UserRow
from services.access.sql.users import user_of
from services.access.user import User


def insert_session(sql: SqlSession, session: Session, options: SessionOptions) -> None:
    """Add a session, remove those that have ended, and what the user has too many of."""
    now = session.create_us
    ended = or_(SessionRow.expire_us <= now, SessionRow.last_use_us <= now - options.idle_us)
    sql.execute(delete(SessionRow).where(ended))
    newest = (
        select(SessionRow.digest)
        .where(SessionRow.user_id == session.user_id)
        .order_by(SessionRow.last_use_us.desc(), SessionRow.digest)
        .limit(options.per_user - 1)
    )
    kept = sql.scalars(newest).all()
    sql.execute(
        delete(SessionRow).where(SessionRow.user_id == session.user_id, SessionRow.digest.not_in(kept))
    )
    sql.add(
        SessionRow(
            digest=session.digest,
            user_id=session.user_id,
            create_us=session.create_us,
            last_use_us=session.last_use_us,
            expire_us=session.expire_us,
        )
    )


def read_session(sql: SqlSession, digest: bytes) -> tuple[Session, User] | None:
    """A session with its user."""
    found = sql.execute(
        select(SessionRow, UserRow)
        .join(UserRow, UserRow.id == SessionRow.user_id)
        .where(SessionRow.digest == digest)
    ).one_or_none()
    if found is None:
        return None
    row, user = found
    session = Session(row.digest, row.user_id, row.create_us, row.last_use_us, row.expire_us)
    return session, user_of(user)


def write_last_use(sql: SqlSession, digest: bytes, moment_us: int) -> None:
    """Note when a session was used last."""
    sql.execute(update(SessionRow).where(SessionRow.digest == digest).values(last_use_us=moment_us))


def delete_session(sql: SqlSession, digest: bytes) -> str | None:
    """Delete a session; returns the id of its user, None if there is no such session."""
    statement = delete(SessionRow).where(SessionRow.digest == digest).returning(SessionRow.user_id)
    return sql.scalar(statement)


def delete_sessions_of(sql: SqlSession, user_id: str) -> None:
    """Delete all sessions of a user."""
    sql.execute(delete(SessionRow).where(SessionRow.user_id == user_id))
