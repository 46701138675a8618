"""The part of a process that keeps the prediction log."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from services.background.backoff import Backoff
from services.background.closing import close_within
from services.background.task_supervisor import TaskSupervisor
from services.host.metrics import definitions as defined
from services.host.metrics.prometheus import Metrics
from services.predictions.log import LogOptions, PredictionLog
from services.predictions.recorder import NoRecorder, Recorder

if TYPE_CHECKING:
    from services.catalog.blobs.store import BlobStore
    from services.predictions.store import PredictionStore
    from services.sql.database import Database

RESTART = Backoff(1.0, 30.0)
SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class PredictionOptions:
    """Attributes:
    sample_ratio: the share of photos and texts that is logged.
    database_url: an SQLAlchemy URL, of SQLite or PostgreSQL.
    blob_url: where photos are kept.
    """

    sample_ratio: float = 0.0
    database_url: str = field(default="sqlite://", repr=False)
    blob_url: str = ""
    s3_instance_role: bool = False
    s3_keys: tuple[str, str] | None = field(default=None, repr=False)
    log: LogOptions = LogOptions()

    @property
    def has_file(self) -> bool:
        """Whether a log of before is in its SQLite file, and grows old there."""
        url = self.database_url
        return url.startswith(SQLITE) and Path(url.removeprefix(SQLITE)).is_file()


def all_tenants(_tenant_id: str) -> bool:
    """Logs every tenant."""
    return True


@dataclass(eq=False)
class PredictionPart:
    """Opens the log's stores when there is something to write, to remove, or to list.

    `recorder` takes what is logged, of those tenants that `logs` tells of.
    Where nothing is, nothing of the log is imported or opened at the start.
    """

    options: PredictionOptions
    metrics: Metrics
    logs: Callable[[str], bool] = all_tenants
    _store: PredictionStore | None = field(default=None, init=False)
    _closing: AsyncExitStack = field(default_factory=AsyncExitStack, init=False)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    def __post_init__(self) -> None:
        self._log = PredictionLog(self._ratio_of, self.store, self.options.log, self._observe)

    @property
    def exists(self) -> bool:
        """Whether there is a log, of now or of before."""
        embedded = self.options.database_url.startswith("sqlite")
        return bool(self.options.sample_ratio) or self.options.has_file or not embedded

    @property
    def recorder(self) -> Recorder:
        return self._log if self.options.sample_ratio else NoRecorder()

    def _ratio_of(self, tenant_id: str) -> float:
        """The share of a tenant's photos and texts that is logged."""
        return self.options.sample_ratio if self.logs(tenant_id) else 0.0

    async def open(self, closing: AsyncExitStack) -> None:
        """Begin to write and to remove in the background; `closing` writes the rest.

        Raises:
            InvalidInput: the settings name no usable database or no usable blob store.
        """
        closing.push_async_callback(self._closing.aclose)
        if self.options.sample_ratio:
            await self._make()
        loops = {"purge of the prediction log": self._log.purge}
        if self.options.sample_ratio:
            loops["prediction log"] = self._log.run
            closing.push_async_callback(close_within, "the prediction log", self._log.flush)
        elif not self.options.has_file:
            return
        supervisor = TaskSupervisor(loops, RESTART)
        supervisor.start()
        closing.push_async_callback(close_within, "the work on the prediction log", supervisor.stop)

    async def store(self) -> PredictionStore:
        """The log's store. Raises Unavailable if its database cannot be opened."""
        async with self._opening:
            if self._store is None:
                self._store = await self._open()
            return self._store

    async def _open(self) -> PredictionStore:
        from services.predictions.store import PredictionStore

        database, blobs = await self._make()
        await database.open()
        self._closing.push_async_callback(close_within, database.name, database.close)
        return PredictionStore(database, blobs)

    async def _make(self) -> tuple[Database, BlobStore]:
        return await asyncio.to_thread(_make_stores, self.options, self.metrics)

    def _observe(self, logged: int, dropped: int) -> None:
        self.metrics.add(defined.PREDICTIONS_LOGGED, logged)
        self.metrics.add(defined.PREDICTIONS_DROPPED, dropped)


def _make_stores(options: PredictionOptions, metrics: Metrics) -> tuple[Database, BlobStore]:
    """The stores, not open yet, and with the import of their libraries, which takes long."""
    import services.predictions.store  # noqa: F401
    from services.catalog.blobs.store import BlobStore
    from services.predictions.sql.prediction_database import prediction_database

    database = prediction_database(options.database_url)
    role, keys = options.s3_instance_role, options.s3_keys
    return database, BlobStore(options.blob_url, metrics.observe_blob, instance_role=role, keys=keys)
