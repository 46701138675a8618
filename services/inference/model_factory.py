"""Opens models on the device of a process, and puts pipelines around them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from domain.taxonomy import Taxonomy
from domain.types import ModelVersion
from imaging.colors import Palette
from imaging.jpeg import encode_jpeg
from models.artifact import Artifact
from models.attributes import AttributeClassifier
from models.classifier import Classifier
from models.detector import Detector
from models.image_encoder import ImageEncoder
from models.manifest import Task
from models.model import Model
from models.text_encoder import TextEncoder
from services.inference.batching.batcher import BatchObserver
from services.inference.loaded_models import MODELS, LoadedModels, open_artifact
from services.inference.model_host import ModelHost, build_attribute_classifier, make_runner
from services.inference.options import InferenceOptions
from services.inference.pipeline.describer import Describer
from services.inference.pipeline.describers import Describers
from services.inference.pipeline.item_classifier import ItemClassifier
from services.inference.pipeline.options import cropped_version
from services.inference.pipeline.photo import PhotoDecoder
from services.inference.pipeline.pipeline import Pipeline
from services.inference.pipeline.threads import PixelThreads
from services.inference.repository.hosted_model import HostedModel
from services.inference.repository.memory import needed_bytes
from services.inference.run_statistics import GraphStatistics, MeasuredRunner, MeasuredRunners, measured
from services.inference.runner import LocalRunner, Runner
from services.inference.warm_up import warm_up


@dataclass(frozen=True, slots=True, eq=False)
class DeviceModelFactory:
    """The `ModelFactory` of a process that runs its models itself.

    `statistics` are those of the models that the host has loaded. `describers` are those of tenants.
    """

    host: ModelHost
    options: InferenceOptions
    taxonomy: Taxonomy
    observe: BatchObserver
    photos: PhotoDecoder
    threads: PixelThreads
    statistics: GraphStatistics
    describers: Describers

    async def started(self, references: Mapping[str, str]) -> list[HostedModel]:
        """Make a `HostedModel` of each model that the host has loaded; `references` has one for each task."""
        host, found, loaded = self.host, list[HostedModel](), self.host.models.by_graph
        for task, kinds in MODELS.items():
            models = {kind.graph: loaded[kind.graph] for kind in kinds if kind.graph in loaded}
            if models:
                artifact = next(iter(models.values())).artifact
                attributes = host.attributes if task == "embed" else None
                found.append(
                    await self._hosted(
                        references[task], artifact, models, host.runners, attributes, self.statistics
                    )
                )
        return found

    async def open(self, artifact: Artifact, reference: str) -> HostedModel:
        """See `ModelFactory`. The warm-up batches run on the device between the batches of calls."""
        models = await asyncio.to_thread(open_artifact, artifact, reference, self.options)
        runners: dict[str, LocalRunner] = {}
        statistics = GraphStatistics(self.statistics.observe)
        observe = statistics.counting(self.observe)
        try:
            for name, model in models.items():
                runners[name] = make_runner(model, self.host.device_of(model), self.options, observe)
                batching = self.options.batching[name]
                await warm_up(runners[name], model, self.options, batching, remember=False)
            attributes = await asyncio.to_thread(self._attributes, models)
            return await self._hosted(reference, artifact, models, runners, attributes, statistics)
        except BaseException:
            for runner in runners.values():
                runner.close()
            for model in models.values():
                model.close()
            raise

    def pipeline(self, models: Mapping[Task, HostedModel]) -> Pipeline:
        """See `ModelFactory`."""
        graphs, runners = dict[str, Model](), dict[str, MeasuredRunner]()
        for hosted in models.values():
            graphs |= hosted.models
            runners |= measured(hosted.runners, hosted.models, hosted.statistics)
        loaded = LoadedModels(
            cast(Detector, graphs["detector"]),
            cast(ImageEncoder, graphs["image"]),
            cast(TextEncoder, graphs["text"]),
            cast("Classifier | None", graphs.get("classifier")),
        )
        attributes = models["embed"].attributes
        assert attributes is not None, "every embedder has them"
        describer = make_describer(attributes, loaded, self.taxonomy, self.options)
        counted, options = MeasuredRunners(runners), self.options.pipeline
        return Pipeline(loaded, counted, describer, self.photos, self.threads, options, self.describers)

    async def warm_up(self, pipeline: Pipeline) -> None:
        """See `ModelFactory`."""
        await warm_up_pipeline(pipeline)

    def _attributes(self, models: Mapping[str, Model]) -> AttributeClassifier | None:
        encoder = models.get("text")
        return (
            build_attribute_classifier(encoder, self.taxonomy, self.options)
            if isinstance(encoder, TextEncoder)
            else None
        )

    async def _hosted(
        self,
        reference: str,
        artifact: Artifact,
        models: Mapping[str, Model],
        runners: Mapping[str, LocalRunner],
        attributes: AttributeClassifier | None,
        statistics: GraphStatistics,
    ) -> HostedModel:
        own = {name: runners[name] for name in models}
        version = _answered_version(artifact, self.options)
        shapes = {name: await measured_output_shape(own[name], model) for name, model in models.items()}
        needed = needed_bytes(artifact, [name for name, model in models.items() if model.is_remote])
        return HostedModel(reference, version, models, own, attributes, needed, shapes, statistics)


def make_describer(
    attributes: AttributeClassifier, models: LoadedModels, taxonomy: Taxonomy, options: InferenceOptions
) -> Describer:
    """What describes items. Raises FailedPrecondition as `ItemClassifier.of`."""
    item_classifier = ItemClassifier.of(models.classifier, taxonomy, options.pipeline)
    palette = Palette.of(taxonomy)
    return Describer(attributes, palette, item_classifier, options.pipeline.crops, taxonomy.version)


async def measured_output_shape(runner: Runner, model: Model) -> tuple[int, ...]:
    """The shape of an output row, which one run determines."""
    row = model.row_format
    result = await runner.submit(np.zeros((1, *row.shape), row.dtype), deadline=None)
    return result.outputs.shape[1:]


async def warm_up_pipeline(pipeline: Pipeline) -> None:
    """Analyse a photo of noise and embed a text, to do the work of first calls."""
    noise = np.random.default_rng(0).integers(0, 256, (320, 240, 3), np.uint8)
    await asyncio.gather(pipeline.analyze(encode_jpeg(noise)), pipeline.embed_texts(["warm-up"]))


def _answered_version(artifact: Artifact, options: InferenceOptions) -> ModelVersion:
    """The version that answers carry, which for answers about crops names their margin, too."""
    if artifact.manifest.task == "detect":
        return artifact.version
    return cropped_version(artifact.version, options.pipeline)
