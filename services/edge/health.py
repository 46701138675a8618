"""The health of a server, by service."""

from __future__ import annotations

import asyncio
from typing import Any

from grpc_health.v1 import health

HEALTH = health.SERVICE_NAME
"""Its own health says whether the process takes calls; that of "" also whether all its stores answer."""


class Health(health.aio.HealthServicer):  # type: ignore[name-defined]
    """Health whose watchers do not hold up a shutdown; `watchers` counts them."""

    def __init__(self) -> None:
        super().__init__()
        self._ending = asyncio.Event()
        self.watchers = 0

    def end_watches(self) -> None:
        """End what watches, once and for all."""
        self._ending.set()

    async def Watch(self, request: Any, context: Any) -> None:  # noqa: N802 - gRPC names it
        watching = asyncio.ensure_future(super().Watch(request, context))
        ending = asyncio.ensure_future(self._ending.wait())
        self.watchers += 1
        try:
            await asyncio.wait({watching, ending}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.watchers -= 1
            watching.cancel()
            ending.cancel()
            await asyncio.wait({watching, ending})
