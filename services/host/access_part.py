"""The part of a process that knows who may call."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.addresses import redact
from domain.errors import FailedPrecondition, Unavailable
from domain.outfit_rules import OutfitWeights
from domain.quota import Quota
from domain.rank_weights import RankWeights
from domain.taxonomy import NO_TAXONOMY, Taxonomy
from domain.types import Principal
from services.access.access import Access, NoRates, OpenAccess, Rates
from services.access.initial_keys import InitialKey
from services.access.prepare import Prepare, prepare_nothing
from services.access.session import SessionOptions
from services.access.tenant import Defaults
from services.access.token_options import TokenOptions
from services.audit.options import AuditOptions
from services.background.closing import close_within
from services.edge.account_servicer import SignInRules, hosted_account
from services.edge.admin_servicer import ReadUse, hosted_admin
from services.edge.hosted_service import HostedService
from services.edge.model_changes import Notes
from services.edge.prediction_pages import PredictionPages

if TYPE_CHECKING:
    from services.access.administration import Administration
    from services.access.audit_records import AuditRecords
    from services.access.tokens import Tokens
    from services.audit.trail import AuditTrail
    from services.sql.database import Database

LOG = logging.getLogger("armoire.access")
FIRST_KEY_NAME = "first-admin-key"
OPEN_AGAIN_S = 5.0


@dataclass(frozen=True, slots=True)
class AccessOptions:
    """Attributes:
    required: whether callers need a key.
    database_url: an SQLAlchemy URL, of SQLite or PostgreSQL.
    home: the folder for the first administrator's key.
    initial_keys: those that the settings name.
    tokens: of an identity provider, if its tokens are taken, too.
    defaults: what tenants may use that nobody has changed.
    rate_store: URL of a Redis that counts calls; empty: each process counts its own.
    audit: how long the records of changes are kept.
    sessions: when those of users end.
    plain_sign_in: whether users of other machines may sign in without TLS.
    """

    required: bool = False
    database_url: str = field(default="sqlite://", repr=False)
    home: Path = Path()
    tokens: TokenOptions | None = None
    defaults: Defaults = Defaults()
    rate_store: str = field(default="", repr=False)
    audit: AuditOptions = AuditOptions()
    sessions: SessionOptions = SessionOptions()
    plain_sign_in: bool = False
    initial_keys: tuple[InitialKey, ...] = field(default=(), repr=False)


def no_trail() -> AuditTrail | None:
    """Of a process without a catalogue."""
    return None


@dataclass(eq=False)
class AccessPart:
    """Knows keys and tenants. Their database is opened at the start if callers need keys or it is there.

    Elsewhere it is opened when an administrator first calls, in whatever process of the server.
    `catalog_trail` gives the audit records of the catalogue, where this process hosts one.
    """

    options: AccessOptions
    predictions: PredictionPages
    catalog_trail: Callable[[], AuditTrail | None] = no_trail
    access: Access = field(default_factory=OpenAccess, init=False)
    rates: Rates = field(default_factory=NoRates, init=False)
    _taxonomy: Taxonomy = field(default=NO_TAXONOMY, init=False)
    _prepare: Prepare = field(default=prepare_nothing, init=False)
    _closing: AsyncExitStack = field(default_factory=AsyncExitStack, init=False)
    _administration: Administration | None = field(default=None, init=False)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def open(
        self, closing: AsyncExitStack, taxonomy: Taxonomy = NO_TAXONOMY, prepare: Prepare = prepare_nothing
    ) -> None:
        """Open what callers need; `closing` closes it. `taxonomy` is the server's.

        Raises:
            Unavailable: callers need keys, and their database cannot be opened.
            FailedPrecondition: the rates have no usable store.
        """
        closing.push_async_callback(self._closing.aclose)
        options, self._taxonomy, self._prepare = self.options, taxonomy, prepare
        if options.required or options.defaults.limit_rates:
            await self.administration()
        elif not await self._open_if_there():
            self._run(self._open_when_there())

    async def administration(self) -> Administration:
        """What administrators change. Raises Unavailable if its database cannot be opened."""
        async with self._opening:
            if self._administration is None:
                self._administration = await self._open()
            return self._administration

    def quota(self, tenant_id: str) -> Quota:
        """What a tenant may keep at the moment."""
        return self._limits(tenant_id).quota

    def logs_predictions(self, tenant_id: str) -> bool:
        """Whether a tenant's photos and texts may be in the prediction log."""
        return self._limits(tenant_id).log_predictions

    def taxonomy(self, tenant_id: str) -> Taxonomy:
        """The taxonomy of a tenant."""
        opened = self._administration
        return self._taxonomy if opened is None else opened.settings.taxonomy(tenant_id)

    def rank_weights(self, tenant_id: str) -> RankWeights | None:
        """The weights of a tenant's searches that give none; None for the server's."""
        opened = self._administration
        return None if opened is None else opened.settings.rank_weights(tenant_id)

    def outfit_weights(self, tenant_id: str) -> OutfitWeights | None:
        """The weights of a tenant's outfits; None for the server's."""
        opened = self._administration
        return None if opened is None else opened.settings.outfit_weights(tenant_id)

    async def taxonomy_of_version(self, principal: Principal, version: str) -> Taxonomy | None:
        """See `Settings.taxonomy_of_version`."""
        opened = self._administration
        if opened is None:
            return self._taxonomy if self._taxonomy.version == version else None
        return await opened.settings.taxonomy_of_version(principal, version)

    def hosted(self, read_use: ReadUse | None = None) -> list[HostedService]:
        """The services for the port; `read_use` is None where the server keeps no catalogue."""
        rules = SignInRules(self.options.required, self.options.plain_sign_in)
        admin = hosted_admin(self.administration, self.audit_records, self.predictions, read_use)
        return [admin, hosted_account(self.administration, rules)]

    async def notes(self) -> Notes:
        """What keeps the records of changes that are in no database. Raises as `administration`."""
        return (await self.administration()).trail

    async def audit_records(self) -> AuditRecords:
        """The records of this database and the catalogue's. Raises Unavailable if one is not open."""
        from services.access.audit_records import AuditRecords

        trails = ((await self.administration()).trail, self.catalog_trail())
        return AuditRecords([trail for trail in trails if trail is not None])

    def _limits(self, tenant_id: str) -> Defaults:
        opened = self._administration
        return self.options.defaults if opened is None else opened.tenants.limits(tenant_id)

    async def _open_if_there(self) -> bool:
        """Open a database in which tenants may have been changed; returns whether that was done."""
        if not _may_be_there(self.options.database_url):
            return False
        try:
            await self.administration()
        except Unavailable as error:
            LOG.warning("tenants have the limits of the settings: %s", error)
            return False
        return True

    async def _open_when_there(self) -> None:
        """Open the database once another process has made it, or it answers."""
        while self._administration is None:
            await asyncio.sleep(OPEN_AGAIN_S)
            await self._open_if_there()

    async def _open(self) -> Administration:
        from services.access.rates import RateLimits
        from services.access.sql.access_database import access_database

        options = self.options
        database = await asyncio.to_thread(access_database, options.database_url)
        await database.open()
        self._closing.push_async_callback(close_within, database.name, database.close)
        administration = _administration(database, options, self._taxonomy)
        self._closing.push_async_callback(close_within, "what checks passwords", administration.close)
        await administration.refresh()
        await administration.settings.refresh(prepare=False)  # at first use, so that no start waits for all
        administration.settings.prepare = self._prepare
        self._run(administration.run())
        self._run(administration.run_settings())
        self._run(administration.trail.run())
        self.rates = rates = RateLimits(administration.tenants, options.rate_store)
        self._closing.push_async_callback(close_within, "the store of rates", rates.close)
        if options.required:
            await self._require_key(administration)
        return administration

    async def _require_key(self, administration: Administration) -> None:
        """Let callers in with their keys only; see to it that an administrator has one."""
        from services.access.key_access import KeyAccess

        tokens = await self._open_tokens()
        self.access = KeyAccess(administration.ring, administration.sessions, administration.tenants, tokens)
        if created := await administration.keys.create_initial(self.options.initial_keys):
            LOG.info("%d keys were made that the settings name", created)
        if not administration.ring.has_administrator:
            text = await administration.keys.create_first("first administrator")
            if text is None:
                return  # another process has made it at this moment
            path = self.options.home / FIRST_KEY_NAME
            await asyncio.to_thread(_write_secret, path, f"{text}\n")
            LOG.warning("there was no administrator's key: one is in %s; make others with it", path)

    async def _open_tokens(self) -> Tokens | None:
        """Raises Unavailable if the identity provider's keys cannot be had."""
        if self.options.tokens is None:
            return None
        from services.access.tokens import Tokens

        tokens = Tokens(self.options.tokens)
        await tokens.refresh()
        self._run(tokens.run())
        return tokens

    def _run(self, loop: Coroutine[Any, Any, None]) -> None:
        self._closing.callback(asyncio.create_task(loop).cancel)


def _may_be_there(url: str) -> bool:
    """Whether there may be a database at the URL; not so while SQLite's file is absent."""
    return not url.startswith("sqlite") or Path(url.removeprefix("sqlite:///")).is_file()


def _administration(database: Database, options: AccessOptions, taxonomy: Taxonomy) -> Administration:
    """Raises FailedPrecondition if the rates have no usable store."""
    from services.access.administration import Administration

    try:
        sessions, rate_store = options.sessions, options.rate_store
        return Administration(database, options.defaults, options.audit, sessions, rate_store, taxonomy)
    except ValueError as error:
        raise FailedPrecondition(f"ARMOIRE_LIMITS__RATE_STORE: {redact(str(error))}") from None


def _write_secret(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
