"""Users in SQL; every function runs in its caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.errors import AlreadyExists
from services.access.sql.tables import SessionRow, UserRow, UserTokenRow
from services.access.user import Role, User, email_key


def insert_user(session: Session, user: User) -> None:
    """Add a user. Raises AlreadyExists if the e-mail address is another's."""
    session.add(
        UserRow(
            id=user.id,
            tenant_id=user.tenant_id,
            email=user.email,
            email_key=email_key(user.email),
            display_name=user.display_name,
            role=user.role.value,
            create_us=user.create_us,
            password_hash=user.password_hash,
            disable_us=user.disable_us,
            last_sign_in_us=user.last_sign_in_us,
        )
    )
    try:
        session.flush()
    except IntegrityError as error:
        raise AlreadyExists("there is a user with this e-mail address", reason="EMAIL_TAKEN") from error


def read_user(session: Session, user_id: str, tenants: Sequence[str] | None = None) -> User | None:
    """A user of one of the tenants; `tenants` is None for those of all."""
    row = session.get(UserRow, user_id, populate_existing=True)
    return user_of(row) if row is not None and (tenants is None or row.tenant_id in tenants) else None


def read_user_by_email(session: Session, email: str) -> User | None:
    """The user with this address, however it is spelled."""
    row = session.scalar(select(UserRow).where(UserRow.email_key == email_key(email)))
    return None if row is None else user_of(row)


def list_users(
    session: Session, tenants: Sequence[str] | None, size: int, before: tuple[int, str] | None
) -> list[User]:
    """At most `size` users, newest first, who were added before the user with this time and id."""
    wanted = select(UserRow).order_by(UserRow.create_us.desc(), UserRow.id.desc()).limit(size)
    if tenants is not None:
        wanted = wanted.where(UserRow.tenant_id.in_(tenants))
    if before is not None:
        wanted = wanted.where(tuple_(UserRow.create_us, UserRow.id) < tuple_(*before))
    return [user_of(row) for row in session.scalars(wanted)]


def update_user(session: Session, user_id: str, values: Mapping[str, Any]) -> None:
    """Write some columns of a user."""
    if values:
        session.execute(update(UserRow).where(UserRow.id == user_id).values(values))


def record_sign_in(session: Session, user: User, password_hash: str, moment_us: int) -> bool:
    """Note a sign-in; False if the user was changed since `user` was read, so that it must not happen."""
    unchanged = (
        UserRow.id == user.id,
        UserRow.password_hash == user.password_hash,
        UserRow.disable_us.is_(None),
    )
    values = {"last_sign_in_us": moment_us, "password_hash": password_hash}
    statement = update(UserRow).where(*unchanged).values(values).returning(UserRow.id)
    return session.scalar(statement) is not None


def delete_user(session: Session, user_id: str) -> None:
    """Delete a user with sessions and tokens."""
    lock = select(UserRow.id).where(UserRow.id == user_id).with_for_update()
    session.execute(lock)  # so that no session begins meanwhile
    session.execute(delete(SessionRow).where(SessionRow.user_id == user_id))
    session.execute(delete(UserTokenRow).where(UserTokenRow.user_id == user_id))
    session.execute(delete(UserRow).where(UserRow.id == user_id))


def user_of(row: UserRow) -> User:
    """The user that a row holds."""
    return User(
        row.id,
        row.tenant_id,
        row.email,
        row.display_name,
        Role(row.role),
        row.create_us,
        row.password_hash,
        row.disable_us,
        row.last_sign_in_us,
    )
