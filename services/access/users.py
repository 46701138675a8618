"""Users are invited, listed, changed and deleted by administrators."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session as SqlSession

from domain.clock import now_us
from domain.errors import NotFound
from domain.types import Principal
from services.access.paging import checked_size, cut_page, position_of
from services.access.secret import digest_of, new_secret
from services.access.sessions import Sessions
from services.access.sql.sessions import delete_sessions_of
from services.access.sql.user_tokens import replace_user_token
from services.access.sql.users import delete_user, insert_user, list_users, read_user, update_user
from services.access.tenants import administered, administered_tenants
from services.access.user import Role, User, check_display_name, check_email, new_user_id
from services.access.user_token import Purpose, UserToken
from services.audit.record import Change, Facts
from services.audit.trail import AuditTrail, Changed
from services.sql.database import Database

_LOG = logging.getLogger("armoire.access")


@dataclass(frozen=True, slots=True)
class UserChange:
    """What an administrator changes of a user; None leaves it as it is."""

    display_name: str | None = None
    role: Role | None = None
    disabled: bool | None = None


@dataclass(frozen=True, slots=True)
class NewUserToken:
    """A token with its text, which is told once."""

    text: str
    token: UserToken

    def __repr__(self) -> str:
        return "NewUserToken(text='***')"


class Users:
    """What administrators do with users; those of the operator's tenant with the users of all."""

    def __init__(
        self,
        database: Database,
        trail: AuditTrail,
        sessions: Sessions,
        clock: Callable[[], int] = now_us,
    ) -> None:
        self._database = database
        self._trail = trail
        self._sessions = sessions
        self._clock = clock

    async def invite(
        self, principal: Principal, email: str, role: Role, display_name: str = "", tenant: str = ""
    ) -> tuple[User, NewUserToken]:
        """Add a user, of the caller's tenant unless another is named, with a token for the first password.

        Raises:
            InvalidInput: a field is out of its limits.
            PermissionDenied: the caller does not administer the tenant.
            AlreadyExists: a user of any tenant has the e-mail address.
        """
        tenant_id = administered(principal, tenant or principal.tenant_id)
        check_email(email)
        name = display_name or email[:100]
        check_display_name("display_name", name)
        user = User(new_user_id(), tenant_id, email, name, role, self._clock())
        token = self._new_token(user.id, Purpose.INVITATION)

        def add(session: SqlSession) -> Changed[None]:
            insert_user(session, user)
            replace_user_token(session, token.token)
            return None, _change({}, user, invited=True)

        await self._trail.write(principal, add)
        _LOG.info("%s invited user %s as %s", principal.subject, user.id, role.value)
        return user, token

    async def list(
        self, principal: Principal, tenant: str = "", page_size: int = 0, page_token: str = ""
    ) -> tuple[Sequence[User], str]:
        """A page of users, newest first, and the token of the next page, "" on the last one.

        Raises:
            InvalidInput: the page's size or token is wrong.
            PermissionDenied: the caller does not administer the tenant.
        """
        size, before = checked_size(page_size), position_of(page_token)
        tenants = administered_tenants(principal, tenant)
        users = await self._database.read(lambda session: list_users(session, tenants, size + 1, before))
        return cut_page(users, size, lambda user: (user.create_us, user.id))

    async def update(self, principal: Principal, user_id: str, change: UserChange) -> User:
        """Change a user. One who is disabled loses all sessions.

        Raises:
            InvalidInput: a field is out of its limits.
            NotFound: the caller administers no such user.
        """
        if change.display_name is not None:
            check_display_name("user.display_name", change.display_name)
        now = self._clock()

        def work(session: SqlSession) -> Changed[User]:
            before = _require(session, principal, user_id)
            update_user(session, user_id, _values(change, before, now))
            if change.disabled:
                delete_sessions_of(session, user_id)
            after = _require(session, principal, user_id)
            renamed = before.display_name != after.display_name
            return after, _change(_facts(before), after, renamed=renamed or None)

        user = await self._trail.write(principal, work)
        self._sessions.forget(user_id)
        _LOG.info("%s changed user %s", principal.subject, user_id)
        return user

    async def create_reset(self, principal: Principal, user_id: str) -> NewUserToken:
        """Make a token with which a user gets another password. Raises NotFound as `update`."""
        token = self._new_token(user_id, Purpose.RESET)

        def work(session: SqlSession) -> Changed[None]:
            user = _require(session, principal, user_id)
            replace_user_token(session, token.token)
            return None, _change(_facts(user), user, password_reset=True)

        await self._trail.write(principal, work)
        _LOG.info("%s made a password reset for user %s", principal.subject, user_id)
        return token

    async def delete(self, principal: Principal, user_id: str) -> None:
        """Delete a user, whose sessions end. Raises NotFound as `update`."""

        def work(session: SqlSession) -> Changed[None]:
            user = _require(session, principal, user_id)
            delete_user(session, user_id)
            return None, Change(_resource(user), before=_facts(user), tenant_id=user.tenant_id)

        await self._trail.write(principal, work)
        self._sessions.forget(user_id)
        _LOG.info("%s deleted user %s", principal.subject, user_id)

    async def get(self, user_id: str) -> User | None:
        """A user of any tenant."""
        return await self._database.read(lambda session: read_user(session, user_id))

    def _new_token(self, user_id: str, purpose: Purpose) -> NewUserToken:
        text = new_secret()
        expire_us = self._clock() + purpose.lifetime_us
        return NewUserToken(text, UserToken(digest_of(text) or b"", user_id, purpose, expire_us))


def _values(change: UserChange, user: User, now_us: int) -> Mapping[str, Any]:
    """The columns that a change writes; who is disabled already stays so since then."""
    values: dict[str, Any] = {}
    if change.display_name is not None:
        values["display_name"] = change.display_name
    if change.role is not None:
        values["role"] = change.role.value
    if change.disabled is not None:
        values["disable_us"] = (user.disable_us or now_us) if change.disabled else None
    return values


def _change(before: Facts, after: User, **events: bool | None) -> Change | None:
    """The change of a user, and what else has happened; None if that is nothing."""
    return Change.between(_resource(after), before, {**_facts(after), **events}, after.tenant_id)


def _facts(user: User) -> Facts:
    """Neither the name nor the address: records are logged."""
    return {"role": user.role.value, "disabled": user.disabled}


def _resource(user: User) -> str:
    return f"users/{user.id}"


def _require(session: SqlSession, principal: Principal, user_id: str) -> User:
    user = read_user(session, user_id, administered_tenants(principal))
    if user is None:
        raise NotFound("user", user_id[:80])
    return user
