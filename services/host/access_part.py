"""The part of a process that knows who may call."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.types import DEFAULT_PRINCIPAL, Scope
from services.access.access import Access, KeyAccess, OpenAccess
from services.access.tokens import TokenOptions, Tokens
from services.edge.admin_servicer import hosted_admin
from services.edge.hosted_service import HostedService

if TYPE_CHECKING:
    from services.access.api_keys import ApiKeys
    from services.access.key_ring import KeyRing

LOG = logging.getLogger("armoire.access")
FIRST_KEY_NAME = "first-admin-key"


@dataclass(frozen=True, slots=True)
class AccessOptions:
    """Attributes:
    required: whether callers need a key.
    database_url: an SQLAlchemy URL, of SQLite or PostgreSQL.
    home: the folder for the first administrator's key.
    tokens: of an identity provider, if its tokens are taken, too.
    """

    required: bool = False
    database_url: str = "sqlite://"
    home: Path = Path()
    tokens: TokenOptions | None = None


@dataclass(eq=False)
class AccessPart:
    """Opens the keys at the start if callers need one, else when an administrator first asks for them."""

    options: AccessOptions
    access: Access = field(default_factory=OpenAccess, init=False)
    _closing: AsyncExitStack = field(default_factory=AsyncExitStack, init=False)
    _keys: ApiKeys | None = field(default=None, init=False)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def open(self, closing: AsyncExitStack) -> Access:
        """What tells who calls; `closing` closes it.

        Raises:
            Unavailable: callers need keys, and their database cannot be opened.
        """
        closing.push_async_callback(self._closing.aclose)
        if self.options.required:
            await self.keys()
        return self.access

    async def keys(self) -> ApiKeys:
        """The keys, which administrators change. Raises Unavailable if their database cannot be opened."""
        async with self._opening:
            if self._keys is None:
                self._keys = await self._open()
            return self._keys

    def hosted(self) -> HostedService:
        """The service for the port."""
        return hosted_admin(self.keys)

    async def _open(self) -> ApiKeys:
        from services.access.api_keys import ApiKeys
        from services.access.key_ring import KeyRing
        from services.access.sql.access_database import access_database

        database = await asyncio.to_thread(access_database, self.options.database_url)
        await database.open()
        self._closing.push_async_callback(database.close)
        ring = KeyRing(database)
        await ring.refresh()
        keys = ApiKeys(database, ring)
        if self.options.required:
            await self._require_key(keys, ring)
        return keys

    async def _require_key(self, keys: ApiKeys, ring: KeyRing) -> None:
        """Let callers in with their keys only; see to it that an administrator has one."""
        self._run(ring.run())
        self.access = KeyAccess(ring, await self._open_tokens())
        if not ring.has_administrator:
            _, text = await keys.create(DEFAULT_PRINCIPAL, "first administrator", [Scope.ADMIN])
            path = self.options.home / FIRST_KEY_NAME
            await asyncio.to_thread(_write_secret, path, f"{text}\n")
            LOG.warning("there was no administrator's key: one is in %s; make others with it", path)

    async def _open_tokens(self) -> Tokens | None:
        """Raises Unavailable if the identity provider's keys cannot be had."""
        if self.options.tokens is None:
            return None
        tokens = Tokens(self.options.tokens)
        await tokens.refresh()
        self._run(tokens.run())
        return tokens

    def _run(self, loop: Coroutine[Any, Any, None]) -> None:
        self._closing.callback(asyncio.create_task(loop).cancel)


def _write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
