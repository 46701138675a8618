"""Walks over photos: what operations that look at every photo have in common."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, TypeAlias

from sqlalchemy.orm import Session

from services.catalog.operations.run import OperationRun
from services.catalog.records.indexed_photos import ImageKey
from services.catalog.records.operations import OperationProgress

_UNIT = "photos"
_AT_A_TIME = 4
_CHUNK = 16


class Outcome(Enum):
    """What came of a photo; CHANGED means that it was changed meanwhile."""

    DONE = "done"
    CHANGED = "changed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Place:
    """How far a walk is."""

    done: int = 0
    failed: int = 0
    total: int = 0
    after: ImageKey | None = None

    @classmethod
    def of(cls, checkpoint: Mapping[str, Any]) -> Place:
        """The place that a try before has saved."""
        after = checkpoint.get("after")
        counts = {name: int(checkpoint.get(name, 0)) for name in ("done", "failed", "total")}
        return cls(**counts, after=None if after is None else ImageKey(*after))

    @property
    def checkpoint(self) -> Mapping[str, Any]:
        after = None if self.after is None else [self.after.tenant_id, self.after.image_id]
        return {"done": self.done, "failed": self.failed, "total": self.total, "after": after}

    @property
    def progress(self) -> OperationProgress:
        return OperationProgress(_UNIT, self.done, self.failed, max(self.total, self.done + self.failed))

    def passed(self, keys: Sequence[ImageKey], outcomes: Sequence[Outcome]) -> Place:
        """The place behind these photos."""
        done, failed = outcomes.count(Outcome.DONE), outcomes.count(Outcome.FAILED)
        return replace(self, done=self.done + done, failed=self.failed + failed, after=keys[-1])


NextPhotos: TypeAlias = Callable[[Session, "ImageKey | None", int], list[ImageKey]]
"""The next photos behind a place, at most so many."""


@dataclass(frozen=True, slots=True)
class PhotoWalk:
    """Does work on photos, a few at a time, and saves how far it is after each few.

    Attributes:
        look: the work on one photo. Until all photos of its few are done, it may be done again after the end
            of the process.
        photos_per_s: the most photos in a second; 0 means no limit.
    """

    run: OperationRun
    next_photos: NextPhotos
    look: Callable[[ImageKey], Awaitable[Outcome]]
    photos_per_s: float = 0.0

    async def walk(self, place: Place) -> tuple[Place, bool]:
        """Work on the photos behind a place; also says whether some were changed meanwhile.

        Raises:
            OperationStopped: the work must end.
        """
        changed, due_s = False, time.monotonic()
        while keys := await self._next(place.after):
            for start in range(0, len(keys), _AT_A_TIME):
                some = keys[start : start + _AT_A_TIME]
                outcomes = await asyncio.gather(*map(self.look, some))
                changed |= Outcome.CHANGED in outcomes
                place = place.passed(some, outcomes)
                await self.run.save(place.progress, place.checkpoint)
                if self.photos_per_s:
                    due_s += len(some) / self.photos_per_s
                    await asyncio.sleep(max(0.0, due_s - time.monotonic()))
        return place, changed

    async def _next(self, after: ImageKey | None) -> list[ImageKey]:
        return await self.run.database.read(lambda session: self.next_photos(session, after, _CHUNK))
