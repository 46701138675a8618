"""What administrators and users change, kept in step with the database."""

from __future__ import annotations

import asyncio
import logging

from domain.errors import Unavailable
from domain.taxonomy import NO_TAXONOMY, Taxonomy
from services.access.accounts import Accounts
from services.access.api_keys import ApiKeys
from services.access.key_ring import KeyRing
from services.access.passwords import Passwords
from services.access.rate_store import RateStore
from services.access.session import SessionOptions
from services.access.sessions import Sessions
from services.access.settings import Settings
from services.access.sign_in_limits import SignInLimits
from services.access.tenant import Defaults
from services.access.tenants import Tenants
from services.access.users import Users
from services.audit.options import AuditOptions
from services.audit.trail import AuditTrail
from services.sql.database import Database

_LOG = logging.getLogger("armoire.access")
REFRESH_S = 5.0


class Administration:
    """Keys, tenants and users. While the database does not answer, keys and tenants stay as they were."""

    def __init__(
        self,
        database: Database,
        defaults: Defaults = Defaults(),
        audit: AuditOptions = AuditOptions(),
        session_options: SessionOptions = SessionOptions(),
        rate_store: str = "",
        taxonomy: Taxonomy = NO_TAXONOMY,
    ) -> None:
        """`rate_store` is the URL of a Redis that counts sign-ins; without one they are counted here.
        `taxonomy` is the server's.

        Raises:
            ValueError: the URL is none of a Redis.
        """
        self.database = database
        self.trail = AuditTrail(database, audit)
        self.ring = KeyRing(database)
        self.keys = ApiKeys(database, self.trail, self.ring)
        self.tenants = Tenants(database, self.trail, defaults)
        self.settings = Settings(database, self.trail, taxonomy)
        self.sessions = Sessions(database, session_options)
        self.users = Users(database, self.trail, self.sessions)
        self._passwords, self._rate_store = Passwords(), RateStore(rate_store)
        limits = SignInLimits(self._rate_store)
        self.accounts = Accounts(database, self.trail, self.sessions, self._passwords, limits)

    async def close(self) -> None:
        """Wait for what is being hashed, and close the connections to the store of rates."""
        await self._passwords.close()
        await self._rate_store.close()

    async def refresh(self) -> None:
        """Read what other processes have changed. Raises Unavailable if the database does not answer."""
        await self.ring.refresh()
        await self.tenants.refresh()

    async def run_settings(self) -> None:
        """Refresh the settings of tenants for ever, which may take long where words are to be prepared."""
        while True:
            await asyncio.sleep(REFRESH_S)
            try:
                await self.settings.refresh()
            except Unavailable as error:
                _LOG.warning("the settings of tenants are those of before: %s", error)

    async def run(self) -> None:
        """Refresh keys and tenants for ever."""
        while True:
            await asyncio.sleep(REFRESH_S)
            try:
                await self.refresh()
            except Unavailable as error:
                _LOG.warning("keys and tenants are those of before: %s", error)
