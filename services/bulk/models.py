"""The pipeline of the server, in a process of the bulk work."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any, TypeVar

from domain.errors import Overloaded, Unavailable
from domain.taxonomy import Taxonomy
from services.background.backoff import Backoff
from services.background.retry import retry
from services.host.composition import inference_options, model_store, resolve_artifact
from services.inference.batching.batcher import observe_nothing
from services.inference.repository.source_analyzer import SourceAnalyzer
from services.inference.service import InferenceService
from settings import Settings

R = TypeVar("R")

AGAIN = Backoff(0.2, 10.0, jitter=0.5)
"""Pauses before what was refused for the moment is tried again."""


def with_embedder(settings: Settings, embedder: str) -> Settings:
    """The settings with another embedder, by folder, name or tag; "" means theirs.

    Raises:
        SystemExit: there is no such model.
    """
    if not embedder:
        return settings
    resolve_artifact(embedder)
    models = settings.models.model_copy(update={"embedder": embedder})
    return settings.model_copy(update={"models": models})


async def open_models(settings: Settings, taxonomy: Taxonomy, closing: AsyncExitStack) -> SourceAnalyzer:
    """Load the models of the settings; `closing` closes them. Raises as `InferenceService.load`."""
    options = inference_options(settings)
    service = await InferenceService.load(options, taxonomy, observe_nothing, model_store(settings))
    closing.push_async_callback(service.close)
    return SourceAnalyzer(service.source, service.repository)


async def patiently(work: Callable[[], Coroutine[Any, Any, R]]) -> R:
    """The result of work that is tried again as long as a store or a queue does not take it."""
    return await retry(work, AGAIN, _wait, (Overloaded, Unavailable))


def _wait(_error: Exception, _pause_s: float) -> None:
    """The run shows how far it is, and a node that waits shows as slow."""
