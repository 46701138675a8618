"""The models of one process on its device, each behind a runner."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from domain.taxonomy import Taxonomy
from models.attributes import AttributeClassifier, build_vocabularies
from models.model import Model
from models.pinned_memory import PinnedMemory, loaded_runtime
from models.probes import fitting
from models.text_encoder import TextEncoder
from services.inference.batching.batcher import BatchModel, BatchObserver
from services.inference.batching.device import Device
from services.inference.batching.entries import Array
from services.inference.loaded_models import LoadedModels
from services.inference.options import InferenceOptions
from services.inference.runner import LocalRunner
from services.inference.warm_up import warm_up

LOG = logging.getLogger("armoire.gpu")


@dataclass(frozen=True, slots=True, eq=False)
class ModelHost:
    """Loaded models with their runners; made by `ModelHost.load` and ended by `close`.

    `remote_devices` are the model servers, by graph; their threads wait for answers.
    """

    models: LoadedModels
    attributes: AttributeClassifier
    runners: Mapping[str, LocalRunner]
    device: Device
    remote_devices: Mapping[str, Device]

    @classmethod
    async def load(cls, options: InferenceOptions, taxonomy: Taxonomy, observe: BatchObserver) -> ModelHost:
        """Load, check the golden outputs, warm up.

        Raises:
            ArtifactError: an artifact is damaged, for another task, or its outputs differ from its golden
            outputs.
            FailedPrecondition: the provider is not available here, or a model server has another model.
            Unavailable, Overloaded: a model server does not answer.
        """
        models = await asyncio.to_thread(LoadedModels.open, options)
        device = _device(options)
        remote = {graph: Device(options.remote_slots, low_priority=False) for graph in options.remote}
        try:
            runners = {
                name: make_runner(model, remote[name] if model.is_remote else device, options, observe)
                for name, model in models.by_graph.items()
            }
            encoder = models.text_encoder
            attributes = await asyncio.to_thread(build_attribute_classifier, encoder, taxonomy, options)
            for name, model in models.by_graph.items():
                await warm_up(runners[name], model, options, options.batching[name])
        except BaseException:
            await _close([device, *remote.values()], models)
            raise
        return cls(models, attributes, runners, device, remote)

    @property
    def ready(self) -> bool:
        return not self.device.closed

    def runner(self, graph: str) -> LocalRunner:
        return self.runners[graph]

    def device_of(self, model: Model) -> Device:
        """The device for a model that is loaded later."""
        return self.remote_devices[model.graph] if model.is_remote else self.device

    async def close(self) -> None:
        """Let running batches finish and refuse all others."""
        await _close([self.device, *self.remote_devices.values()], self.models)


async def _close(devices: Sequence[Device], models: LoadedModels) -> None:
    """Close devices, whose threads would keep the models alive, and then the models."""
    for device in devices:
        await device.close()
    await asyncio.to_thread(models.close)


def _device(options: InferenceOptions) -> Device:
    if options.provider == "cpu":
        return Device(options.slot_count())
    runtime = loaded_runtime()
    if runtime is None:
        LOG.info("no CUDA runtime found: batches go to the GPU from ordinary memory")
    staging = None if runtime is None else PinnedMemory(runtime)
    return Device(options.slot_count(), low_priority=False, staging=staging)


def build_attribute_classifier(
    encoder: TextEncoder, taxonomy: Taxonomy, options: InferenceOptions
) -> AttributeClassifier:
    """An attribute classifier with label embeddings from the cache; those that are missing are computed."""
    vocabularies = build_vocabularies(taxonomy, encoder, options.cache_folder)
    probes = fitting(encoder.artifact.probes, taxonomy)
    return AttributeClassifier(vocabularies, encoder.logit_scale, probes)


def make_runner(
    model: Model, device: Device, options: InferenceOptions, observe: BatchObserver
) -> LocalRunner:
    """A runner of a model on the device, not warmed up yet.

    A model server pads batches itself if it must, and divides its cores.
    """
    batching = options.batching[model.graph]
    if model.is_remote:
        batching = replace(batching, batch_sizes=())
    exclusive = options.exclusive_thread_count() > 0 and not model.is_remote
    run_exclusive = partial(model.run, exclusive=True) if exclusive else None
    batch_model = BatchModel(model.graph, model.run, run_exclusive, model.version.model_version)
    return LocalRunner(batch_model, _row(model), device, batching, observe)


def _row(model: Model) -> Array:
    """A valid input row: a black picture, or a text of the longest length."""
    if isinstance(model, TextEncoder):
        longest: Array = model.preprocess(["the longest text there can be " * 100])[0]
        return longest
    return np.zeros(model.manifest.image.shape, np.uint8)
