"""Reports the readiness of a process's parts to gRPC health checks."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from services.edge.server import GrpcServer

LOG = logging.getLogger("armoire")


@dataclass(eq=False)
class ReadinessReporter:
    """Reports each hosted service, and "" for the whole server, as ready or not.

    `states` returns which services are ready; `changed` returns when that may have changed.
    """

    server: GrpcServer
    states: Callable[[], Mapping[str, bool]]
    changed: Callable[[], Awaitable[None]]
    _reported: dict[str, bool] = field(default_factory=dict, init=False)

    async def run(self) -> None:
        """Report until cancelled."""
        while True:
            states = self.states()
            for name, ready in {**states, "": all(states.values())}.items():
                if self._reported.get(name, False) is not ready:
                    await self._report(name, ready)
            await self.changed()

    async def _report(self, name: str, ready: bool) -> None:
        self._reported[name] = ready
        await self.server.set_serving(ready, name)
        level, state = (logging.INFO, "ready") if ready else (logging.ERROR, "no longer ready")
        LOG.log(level, "%s is %s", name or "the server", state)
