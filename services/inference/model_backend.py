"""What runs the graphs."""

from __future__ import annotations

from typing import Protocol

from services.inference.runner import Runner


class Runners(Protocol):
    """The runners of one set of models."""

    def runner(self, graph: str) -> Runner:
        """The runner of "detector", "image", "text" or "classifier"."""
        ...


class ModelBackend(Runners, Protocol):
    """Runs the graphs: a `ModelHost` in this process, or a `DeviceLink` to the device process."""

    @property
    def ready(self) -> bool: ...

    async def close(self) -> None:
        """Let running batches finish and refuse all others."""
        ...
