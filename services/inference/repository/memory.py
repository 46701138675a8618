"""The memory that models need and the memory that is free, in bytes."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass

import psutil

from domain.errors import FailedPrecondition
from models.artifact import Artifact
from services.inference.container_limits import free_memory

MB = 1_000_000
WORKING_FACTOR = 2
"""A graph takes twice the size of its file while it is opened: as read, and as optimized."""


def needed_bytes(artifact: Artifact, remote: Container[str] = ()) -> int:
    """An upper estimate for opening a model: its graphs but the `remote` ones, `WORKING_FACTOR` times."""
    graphs = (artifact.folder / name for name in artifact.manifest.files if name.endswith(".onnx"))
    return WORKING_FACTOR * sum(path.stat().st_size for path in graphs if path.stem not in remote)


def free_bytes(limit: Callable[[], int | None] = free_memory) -> int:
    """The memory that this process can still take: of the machine, within the limit of its container."""
    free: int = psutil.virtual_memory().available
    limited = limit()
    return free if limited is None else min(free, limited)


@dataclass(frozen=True, slots=True)
class MemoryLimit:
    """How much memory all loaded models may take together; without `max_bytes`, what is free."""

    max_bytes: int = 0
    free: Callable[[], int] = free_bytes

    def require_total(self, needed: int) -> None:
        """Check that the models of the start, which need `needed` bytes together, may take that much.

        Raises:
            FailedPrecondition: they may not; the message has the figures.
        """
        if self.max_bytes and needed > self.max_bytes:
            raise FailedPrecondition(
                f"the first models need up to {needed / MB:.0f} MB, more than the "
                f"{self.max_bytes / MB:.0f} MB of ARMOIRE_MODELS__MAX_MEMORY_MB"
            )

    def require(self, version: str, needed: int, loaded: int) -> None:
        """Check that a model fits beside those that are loaded, which were counted with `loaded` bytes.

        Raises:
            FailedPrecondition: it does not fit; the message has the figures.
        """
        free, of = self.free(), ""
        if self.max_bytes:
            free = min(free, self.max_bytes - loaded)
            of = f" of the {self.max_bytes / MB:.0f} MB that models may take"
        if needed > free:
            raise FailedPrecondition(
                f"{version} needs up to {needed / MB:.0f} MB beside the loaded models "
                f"({loaded / MB:.0f} MB), but only {max(0, free) / MB:.0f} MB{of} are free: "
                "unload another model first",
                reason="MODEL_DOES_NOT_FIT",
                metadata={"needed_bytes": str(needed), "free_bytes": str(max(0, free))},
            )
