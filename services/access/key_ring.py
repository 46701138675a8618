"""The keys that open this server, in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from domain.clock import now_us
from domain.errors import Unauthenticated
from domain.types import Principal
from services.access.api_key import ApiKey, KeyText
from services.access.sql.keys import read_all_keys, write_last_uses
from services.sql.database import Database

_MINUTE_US = 60_000_000


class KeyRing:
    """All keys of the database, read again every few seconds, because other processes change them.

    While the database does not answer, the keys of before go on working.
    """

    def __init__(self, database: Database, clock: Callable[[], int] = now_us) -> None:
        self._database = database
        self._clock = clock
        self._keys: dict[str, ApiKey] = {}
        self._opened: dict[str, ApiKey] = {}
        self._used: dict[str, int] = {}
        self._changes = 0

    def principal(self, text: str) -> Principal:
        """The owner of a key.

        Raises:
            Unauthenticated: the text opens nothing, or the key was revoked or has expired.
        """
        now = self._clock()
        key = self._opened.get(text) or self._opened_by(text, now)
        if key.revoke_us is not None:
            raise Unauthenticated(f"the key {key.id} was revoked", reason="KEY_REVOKED")
        if key.expire_us is not None and now >= key.expire_us:
            raise Unauthenticated(f"the key {key.id} has expired", reason="KEY_EXPIRED")
        if now - self._used.get(key.id, key.last_use_us or 0) >= _MINUTE_US:
            self._used[key.id] = now
        return key.principal

    def _opened_by(self, text: str, now: int) -> ApiKey:
        """The key that a text opens, by its digest; calls until the next `refresh` need not hash it again.

        Raises:
            Unauthenticated: the text opens nothing.
        """
        parsed = KeyText.parse(text)
        key = None if parsed is None else self._keys.get(parsed.id)
        if parsed is None or key is None or not key.opens(parsed, now):
            raise Unauthenticated("the key is none of this server's", reason="KEY_INVALID")
        if parsed.digest == key.digest:  # the text of before a rotation ends at a time of its own
            self._opened[text] = key
        return key

    @property
    def has_administrator(self) -> bool:
        """Whether a key of the operator's tenant that works may administer."""
        now = self._clock()
        return any(key.administers(now) for key in self._keys.values())

    def hold(self, keys: Iterable[ApiKey]) -> None:
        """Take keys that this process has changed, at once."""
        self._keys |= {key.id: key for key in keys}
        self._opened.clear()
        self._changes += 1

    async def refresh(self) -> None:
        """Note the last uses, and read the keys again.

        Raises:
            Unavailable: the database does not answer.
        """
        uses, self._used = self._used, {}
        if uses:
            await self._database.write(lambda session: write_last_uses(session, uses))
        read_at = None
        while read_at != self._changes:  # what was read before a change must not undo it
            read_at = self._changes
            keys = await self._database.read(read_all_keys)
        self._keys = {key.id: key for key in keys}
        self._opened.clear()
