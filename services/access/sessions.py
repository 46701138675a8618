"""The sessions of users who are signed in."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session as SqlSession

from domain.clock import now_us
from domain.errors import Unauthenticated, Unavailable
from domain.types import Principal
from services.access.secret import digest_of, new_secret
from services.access.session import Session, SessionOptions
from services.access.sql.sessions import insert_session, read_session, write_last_use
from services.access.user import User
from services.sql.database import Database

_LOG = logging.getLogger("armoire.access")
REMEMBERED_US = 2_000_000
"""After which a session is read again, because another process may have ended it."""
MAX_REMEMBERED = 10_000
_MINUTE_US = 60_000_000


@dataclass(frozen=True, slots=True)
class _Known:
    session: Session
    user: User
    read_us: int


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session with the text of its cookie, which only its owner has."""

    text: str
    session: Session

    def __repr__(self) -> str:
        return "NewSession(text='***')"


class Sessions:
    """Tells who sent a cookie. Sessions in use are read again every 2 s.

    So what another process has ended works for so long at most. While the database does not answer, no
    session works.
    """

    def __init__(
        self,
        database: Database,
        options: SessionOptions = SessionOptions(),
        clock: Callable[[], int] = now_us,
    ) -> None:
        self._database = database
        self._options = options
        self._clock = clock
        self._known: dict[bytes, _Known] = {}
        self._changes = 0

    async def principal(self, text: str) -> Principal:
        """The user who sent a cookie with this text.

        Raises:
            Unauthenticated: the session has ended, or there never was one.
            Unavailable: the database does not answer.
        """
        return (await self.user(text)).principal

    async def user(self, text: str) -> User:
        """As `principal`."""
        digest, now = digest_of(text), self._clock()
        known = None if digest is None else await self._find(digest, now)
        if known is None or known.user.disabled or not known.session.lives(now, self._options.idle_us):
            raise Unauthenticated("the session has ended; sign in again", reason="SESSION_ENDED")
        await self._note_use(known, now)
        return known.user

    def create(self, sql: SqlSession, user_id: str, now: int) -> NewSession:
        """Begin a session, in a transaction of the caller's."""
        text = new_secret()
        session = Session(digest_of(text) or b"", user_id, now, now, now + self._options.lifetime_us)
        insert_session(sql, session, self._options)
        return NewSession(text, session)

    def forget_all(self) -> None:
        """Read every session again."""
        self._known.clear()

    def forget(self, user_id: str) -> None:
        """Read the sessions of a user again, who was changed by this process, when they are used next."""
        self._known = {key: each for key, each in self._known.items() if each.user.id != user_id}
        self._changes += 1

    async def _find(self, digest: bytes, now: int) -> _Known | None:
        known = self._known.get(digest)
        if known is not None and 0 <= now - known.read_us < REMEMBERED_US:
            return known
        changes = self._changes
        found = await self._database.read(lambda sql: read_session(sql, digest))
        self._known.pop(digest, None)
        if found is None:
            return None
        known = _Known(*found, now)
        if changes == self._changes:  # what was read before a change must not outlive it
            self._remember(known)
        return known

    def _remember(self, known: _Known) -> None:
        if len(self._known) >= MAX_REMEMBERED:
            self._known.clear()
        self._known[known.session.digest] = known

    async def _note_use(self, known: _Known, now: int) -> None:
        session = known.session
        if now - session.last_use_us < _MINUTE_US:
            return
        if session.digest in self._known:
            self._known[session.digest] = replace(known, session=replace(session, last_use_us=now))
        try:
            await self._database.write(lambda sql: write_last_use(sql, session.digest, now))
        except Unavailable as error:
            _LOG.warning("the use of a session of user %s is not noted: %s", session.user_id, error)
