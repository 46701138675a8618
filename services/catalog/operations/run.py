"""One try at an operation, and what does the work of a kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from domain.clock import now_us
from services.catalog.records.job_events import JobEvents
from services.catalog.records.operations import OperationClaim, OperationProgress, save_progress
from services.sql.database import Database


class OperationStopped(Exception):
    """The work must end: cancellation was asked for, or another process has taken the operation over."""


class OperationWaits(Exception):
    """There is nothing to do at the moment: the operation is queued again and tried after `pause_s`."""

    def __init__(self, pause_s: float) -> None:
        super().__init__(f"nothing to do for {pause_s:g} s")
        self.pause_s = pause_s


@dataclass(frozen=True, slots=True)
class OperationRun:
    """What the work of an operation knows, and where it tells how far it is."""

    database: Database
    events: JobEvents
    claim: OperationClaim

    @property
    def tenant_id(self) -> str:
        return self.claim.tenant_id

    @property
    def request(self) -> Mapping[str, Any]:
        return self.claim.request

    @property
    def checkpoint(self) -> Mapping[str, Any]:
        """What the try before saved last; empty for the first one."""
        return self.claim.checkpoint

    async def save(self, progress: OperationProgress, checkpoint: Mapping[str, Any] | None = None) -> None:
        """Keep how far the work is: often enough to lose little, seldom enough to cost little.

        Raises:
            OperationStopped: the work must end now.
        """
        kept = {} if checkpoint is None else checkpoint
        stop = await self.database.write(
            lambda session: save_progress(session, self.claim, progress, kept, now_us())
        )
        self.events.publish(self.claim.tenant_id, self.claim.id)
        if stop is not False:
            raise OperationStopped


class OperationWork(Protocol):
    """Does the work of one kind of operation."""

    async def run(self, run: OperationRun) -> Mapping[str, Any]:
        """Work to the end; returns the response, in types that JSON has.

        It may be interrupted anywhere and is started again with the last checkpoint, so every step can be
        repeated. Unavailable and Overloaded mean: later; any other ArmoireError: FAILED. OperationWaits lets
        others run meanwhile.
        """
        ...
