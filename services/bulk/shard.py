"""The pieces that the work is cut into, and what comes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

Shard: TypeAlias = Any
"""One piece, which pickle takes; a kind of work knows its own."""


@dataclass(frozen=True, slots=True)
class ShardResult:
    """What came of the photos of a shard.

    Attributes:
        done: photos whose results are stored.
        failed: photos that cannot be read, or whose file is gone.
        left: photos that somebody has changed meanwhile; the next run has them again.
        node: where it was worked on.
        seconds: how long that took.
    """

    done: int = 0
    failed: int = 0
    left: int = 0
    node: str = ""
    seconds: float = 0.0


class ShardWorker(Protocol):
    """Works on shards in one process, with models that it has loaded."""

    async def work(self, shard: Shard) -> ShardResult:
        """Work on one shard. It may be repeated, since a node may end at any moment. Raises ArmoireError."""
        ...

    async def close(self) -> None:
        """Close the models and the stores."""
        ...


class BulkWork(Protocol):
    """A kind of work, which pickle takes."""

    async def shards(self, photos: int) -> Sequence[Shard]:
        """What is left to do, in pieces of so many photos or fewer. Raises ArmoireError."""
        ...

    async def open(self) -> ShardWorker:
        """Load the models. Raises ArmoireError, and SystemExit for an unknown model."""
        ...
