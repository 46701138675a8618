"""A model in memory: the graphs of one artifact, each with its runner."""

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
from services.inference.run_statistics import GraphStatistics
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
    """A model that is loaded and warmed up. It counts the calls that use it.

    Attributes:
        reference: the tag or name that the model was loaded by.
        version: the version that the model's answers carry.
        models: the loaded graphs, by graph name.
        runners: the runners of the graphs, by graph name.
        attributes: the label embeddings, which only an embedder has.
        memory_bytes: the estimate of `needed_bytes`, which counts against the memory limit.
        output_shapes: the shape of one output row of each graph, by graph name.
        statistics: what the graphs have done since the model was loaded.
    """

    reference: str
    version: ModelVersion
    models: Mapping[str, Model]
    runners: Mapping[str, LocalRunner]
    attributes: AttributeClassifier | None
    memory_bytes: int
    output_shapes: Mapping[str, tuple[int, ...]]
    statistics: GraphStatistics
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
        """Wait for the calls that use the model, then close its runners and its graphs."""
        await self._idle.wait()
        for runner in self.runners.values():
            runner.close()
        for model in self.models.values():
            await asyncio.to_thread(model.close)
