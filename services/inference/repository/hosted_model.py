"""One model in memory: the graphs of an artifact with their runners."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum

from domain.types import ModelVersion
from models.attributes import AttributeClassifier
from models.manifest import Manifest
from models.model import Model
from services.inference.runner import LocalRunner


class ModelState(Enum):
    """Whether a model answers calls."""

    READY = "READY"
    LOADING = "LOADING"
    UNLOADING = "UNLOADING"
    STORED = "STORED"
    FAILED = "FAILED"


@dataclass(eq=False)
class HostedModel:
    """A model that is loaded and warmed up, and the number of calls that use it now.

    Attributes:
        reference: from where it was loaded.
        version: the one that its answers carry.
        models: by the names of their graphs.
        attributes: of an embedder, its label embeddings; None for other models.
        memory_bytes: what it was counted with when it was loaded.
        output_shapes: of a row of each graph's output.
    """

    reference: str
    version: ModelVersion
    models: Mapping[str, Model]
    runners: Mapping[str, LocalRunner]
    attributes: AttributeClassifier | None
    memory_bytes: int
    output_shapes: Mapping[str, tuple[int, ...]]
    state: ModelState = ModelState.READY
    _calls: int = field(default=0, init=False)
    _idle: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def __post_init__(self) -> None:
        self._idle.set()

    @property
    def manifest(self) -> Manifest:
        return next(iter(self.models.values())).manifest

    @contextmanager
    def used(self) -> Iterator[None]:
        """Keep the model open for the duration of the block."""
        self._calls += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._calls -= 1
            if not self._calls:
                self._idle.set()

    async def close(self) -> None:
        """Wait for the calls that use the model, then leave the device."""
        await self._idle.wait()
        for runner in self.runners.values():
            runner.close()
