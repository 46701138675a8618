"""The models of one process on its device, each behind a runner."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from domain.taxonomy import Taxonomy
from models.attributes import AttributeClassifier, build_vocabularies
from models.model import Model
from models.page_locked import PageLocked, loaded_runtime
from models.text_encoder import TextEncoder
from services.batching import BatchObserver, Device
from services.inference_options import InferenceOptions
from services.jobs import Array
from services.opening import OpenModels
from services.runner import LocalRunner
from services.warm_up import warm_up

LOG = logging.getLogger("armoire.gpu")


@dataclass(frozen=True, slots=True, eq=False)
class Engine:
    """Models that run: made by `Engine.load`, ended by `close`."""

    models: OpenModels
    classifier: AttributeClassifier
    runners: Mapping[str, LocalRunner]
    device: Device

    @classmethod
    async def load(cls, options: InferenceOptions, taxonomy: Taxonomy, observe: BatchObserver) -> Engine:
        """Load, check the golden outputs, warm up.

        Raises:
            ArtifactError: an artifact is damaged, of the wrong task, or answers otherwise than at export.
            FailedPrecondition: the provider is not available here.
        """
        models = await asyncio.to_thread(OpenModels.open, options)
        device = _device(options)
        runners = _runners(models, device, options, observe)
        classifier = await asyncio.to_thread(build_classifier, models, taxonomy, options)
        for name, model in models.by_graph.items():
            await warm_up(runners[name], model, options, options.batching[name])
        return cls(models, classifier, runners, device)

    @property
    def ready(self) -> bool:
        return not self.device.closed

    def runner(self, graph: str) -> LocalRunner:
        return self.runners[graph]

    async def close(self) -> None:
        """Let running batches finish, refuse the rest."""
        await self.device.close()


def _device(options: InferenceOptions) -> Device:
    if options.provider == "cpu":
        return Device(options.slot_count())
    runtime = loaded_runtime()
    if runtime is None:
        LOG.info("no CUDA runtime found: batches go to the GPU from ordinary memory")
    staging = None if runtime is None else PageLocked(runtime)
    return Device(options.slot_count(), yield_cores=False, staging=staging)


def build_classifier(
    models: OpenModels, taxonomy: Taxonomy, options: InferenceOptions
) -> AttributeClassifier:
    """With label embeddings from the cache, or worked out with the text encoder."""
    encoder = models.text_encoder
    vocabularies = build_vocabularies(taxonomy, encoder, options.cache_folder)
    return AttributeClassifier(vocabularies, encoder.logit_scale)


def _runners(
    models: OpenModels, device: Device, options: InferenceOptions, observe: BatchObserver
) -> dict[str, LocalRunner]:
    wide = options.wide_threads() > 0

    def runner(model: Model) -> LocalRunner:
        run_alone = partial(model.run, alone=True) if wide else None
        batching = options.batching[model.graph]
        return LocalRunner(model.graph, model.run, _row(model), device, batching, observe, run_alone)

    return {name: runner(model) for name, model in models.by_graph.items()}


def _row(model: Model) -> Array:
    """A valid input row: a black picture, or a text as long as one can be."""
    if isinstance(model, TextEncoder):
        longest: Array = model.preprocess(["as long as a text can be " * 100])[0]
        return longest
    return np.zeros(model.manifest.image.shape, np.uint8)
