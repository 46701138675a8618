"""What users do with their own accounts: sign in and out, and change their passwords."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session as SqlSession

from domain.clock import now_us
from domain.errors import FailedPrecondition, InvalidInput, Unauthenticated
from domain.types import Principal
from services.access.passwords import Passwords, check_given_password, check_password
from services.access.secret import digest_of
from services.access.sessions import NewSession, Sessions
from services.access.sign_in_limits import SignInLimits
from services.access.sql.sessions import delete_session, delete_sessions_of, read_session
from services.access.sql.user_tokens import read_token_owner, take_user_token
from services.access.sql.users import read_user, read_user_by_email, record_sign_in, update_user
from services.access.user import MAX_EMAIL_CHARS, User, user_id_of
from services.access.user_token import Purpose
from services.audit.record import Change
from services.audit.trail import AuditTrail, Changed
from services.sql.database import Database

_LOG = logging.getLogger("armoire.access")
_ENDED = "is not valid: it was used, was replaced, has expired, or is none of this server's"


class Accounts:
    """The accounts of users. The log names users by their ids alone."""

    def __init__(
        self,
        database: Database,
        trail: AuditTrail,
        sessions: Sessions,
        passwords: Passwords,
        limits: SignInLimits,
        clock: Callable[[], int] = now_us,
    ) -> None:
        self._database = database
        self._trail = trail
        self._sessions = sessions
        self._passwords = passwords
        self._limits = limits
        self._clock = clock

    async def sign_in(
        self, email: str, password: str, address: str, old_text: str = ""
    ) -> tuple[User, NewSession]:
        """Begin a session, which takes the place of the one whose cookie has `old_text`.

        Raises:
            InvalidInput: a field is out of its limits.
            Unauthenticated: the e-mail address or the password is wrong, or the user is disabled.
            Overloaded: there were too many attempts.
        """
        if not 0 < len(email) <= MAX_EMAIL_CHARS:
            raise InvalidInput("email", f"must have 1 to {MAX_EMAIL_CHARS} characters, got {len(email)}")
        check_given_password("password", password)
        await self._limits.take(email, address)
        user = await self._database.read(lambda session: read_user_by_email(session, email))
        held = await self._passwords.verified("" if user is None else user.password_hash, password)
        new = None
        if user is not None and held is not None:
            new = await self._begin(user, held, digest_of(old_text))
        if user is None or new is None:
            _LOG.warning("a sign-in %s was refused", "of nobody" if user is None else f"of user {user.id}")
            raise Unauthenticated("the e-mail address or the password is wrong", reason="SIGN_IN_REFUSED")
        await self._limits.clear(email)
        _LOG.info("user %s signed in", user.id)
        return replace(user, last_sign_in_us=new.session.create_us), new

    async def _begin(self, user: User, password_hash: str, old: bytes | None) -> NewSession | None:
        """Begin a session, unless the user is disabled, or was changed meanwhile."""
        now = self._clock()

        def work(session: SqlSession) -> Changed[NewSession | None]:
            if not record_sign_in(session, user, password_hash, now):
                return None, None
            if old is not None:
                delete_session(session, old)
            return self._sessions.create(session, user.id, now), _change(user, signed_in=True)

        return await self._trail.write(user.principal, work)

    async def sign_out(self, text: str) -> None:
        """End the session of a cookie, if there is one."""
        digest = digest_of(text)
        if digest is None:
            return
        found = await self._database.read(lambda session: read_session(session, digest))
        if found is not None:
            await self._end(digest, found[1])

    async def _end(self, digest: bytes, user: User) -> None:
        def work(session: SqlSession) -> Changed[str | None]:
            ended = delete_session(session, digest)
            return ended, None if ended is None else _change(user, signed_out=True)

        await self._trail.write(user.principal, work)
        self._sessions.forget(user.id)
        _LOG.info("user %s signed out", user.id)

    async def me(self, principal: Principal) -> User | None:
        """The user who calls; None if the caller is none of this server's users."""
        user_id = user_id_of(principal)
        if user_id is None:
            return None
        return await self._database.read(lambda session: read_user(session, user_id))

    async def change_password(self, principal: Principal, current: str, new: str, address: str) -> NewSession:
        """Give the caller another password: all sessions end, and another one begins.

        Raises:
            FailedPrecondition: the caller is no user.
            InvalidInput: the current password is wrong, or nobody should have the new one.
            Overloaded: there were too many attempts.
        """
        check_given_password("current_password", current)
        user = await self.me(principal)
        if user is None:
            raise FailedPrecondition("only a user who is signed in has a password", reason="NOT_A_USER")
        check_password("new_password", new, user.email)
        await self._limits.take(user.email, address)
        if await self._passwords.verified(user.password_hash, current) is None:
            _LOG.warning("user %s gave a wrong password to change it", user.id)
            raise InvalidInput("current_password", "is wrong", reason="PASSWORD_WRONG")
        await self._limits.clear(user.email)
        new_hash, now = await self._passwords.hash(new), self._clock()

        def work(session: SqlSession) -> Changed[NewSession]:
            if not record_sign_in(session, user, new_hash, user.last_sign_in_us or now):
                raise Unauthenticated("the session has ended; sign in again", reason="SESSION_ENDED")
            delete_sessions_of(session, user.id)
            return self._sessions.create(session, user.id, now), _change(user, password_changed=True)

        session = await self._trail.write(principal, work)
        self._sessions.forget(user.id)
        _LOG.info("user %s changed the password", user.id)
        return session

    async def use_token(self, purpose: Purpose, token: str, field: str, password: str, address: str) -> User:
        """Give the user of a token a password, and end the user's sessions. `field` names the password.

        Raises:
            InvalidInput: the token is not valid, or nobody should have the password; then the token still is.
            Overloaded: there were too many attempts.
        """
        await self._limits.take_address(address)
        digest, now = digest_of(token), self._clock()
        if digest is None:
            raise InvalidInput("token", _ENDED, reason="TOKEN_INVALID")
        owner = await self._database.read(lambda session: read_token_owner(session, digest, purpose, now))
        if owner is None:
            raise InvalidInput("token", _ENDED, reason="TOKEN_INVALID")
        check_password(field, password, owner.email)
        password_hash = await self._passwords.hash(password)
        user = await self._trail.write(
            owner.principal, lambda session: _use_token(session, digest, password_hash)
        )
        self._sessions.forget(user.id)
        await self._limits.clear(user.email)
        _LOG.info("user %s has a password by %s", user.id, purpose.value)
        return user


def _change(user: User, **what: bool) -> Change:
    return Change(f"users/{user.id}", {}, what, user.tenant_id)


def _use_token(session: SqlSession, digest: bytes, password_hash: str) -> Changed[User]:
    user_id = take_user_token(session, digest)
    user = None if user_id is None else _with_password(session, user_id, password_hash)
    if user is None:
        raise InvalidInput("token", _ENDED, reason="TOKEN_INVALID")
    return user, _change(user, password_changed=True)


def _with_password(session: SqlSession, user_id: str, password_hash: str) -> User | None:
    update_user(session, user_id, {"password_hash": password_hash})
    delete_sessions_of(session, user_id)
    return read_user(session, user_id)
