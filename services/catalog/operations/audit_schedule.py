"""Audits of all tenants at regular times."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

StartAudit = Callable[[str], Awaitable[object]]
"""Starts an audit of all tenants; the same idempotency key starts one."""


@dataclass(frozen=True, slots=True)
class AuditSchedule:
    """Starts an audit in every period of `every_s` seconds since 1970.

    Of several processes on one database, one starts it: the key of an audit is its period.
    """

    start: StartAudit
    every_s: float

    async def run(self) -> None:
        """Start audits for ever."""
        while True:
            await asyncio.sleep(self.pause_s(time.time()))
            await self.start(self.key(time.time()))

    def pause_s(self, now_s: float) -> float:
        """Seconds until the next period begins."""
        return self.every_s - now_s % self.every_s

    def key(self, now_s: float) -> str:
        """The idempotency key of the audit of the present period."""
        return f"scheduled-audit-{int(self.every_s)}-{int(now_s // self.every_s)}"
