"""Invitations and password resets in SQL; every function runs in its caller's transaction."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from services.access.sql.tables import UserRow, UserTokenRow
from services.access.sql.users import user_of
from services.access.user import User
from services.access.user_token import Purpose, UserToken


def replace_user_token(session: Session, token: UserToken) -> None:
    """Add a token, which takes the place of the user's earlier ones."""
    session.execute(delete(UserTokenRow).where(UserTokenRow.user_id == token.user_id))
    session.add(
        UserTokenRow(
            digest=token.digest,
            user_id=token.user_id,
            purpose=token.purpose.value,
            expire_us=token.expire_us,
        )
    )


def read_token_owner(session: Session, digest: bytes, purpose: Purpose, now_us: int) -> User | None:
    """The user of a token that has not expired."""
    row = session.scalar(
        select(UserRow)
        .join(UserTokenRow, UserTokenRow.user_id == UserRow.id)
        .where(
            UserTokenRow.digest == digest,
            UserTokenRow.purpose == purpose.value,
            UserTokenRow.expire_us > now_us,
        )
    )
    return None if row is None else user_of(row)


def take_user_token(session: Session, digest: bytes) -> str | None:
    """Use a token up; returns the id of its user, None if there is no such token any more."""
    statement = delete(UserTokenRow).where(UserTokenRow.digest == digest).returning(UserTokenRow.user_id)
    return session.scalar(statement)
