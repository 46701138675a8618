"""Answers inference calls: models, in this process or in the device process, and the pipeline around them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import numpy as np

from domain.errors import FailedPrecondition
from domain.taxonomy import Taxonomy
from domain.types import ModelVersion
from imaging.colors import Palette
from imaging.jpeg import encode_jpeg
from models.attributes import AttributeClassifier
from models.manifest import Manifest
from models.model import Model, RowFormat
from services.inference.batching.batcher import BatchObserver
from services.inference.device_process.link import DeviceLink
from services.inference.loaded_models import LoadedModels
from services.inference.model_backend import ModelBackend
from services.inference.model_host import ModelHost, build_attribute_classifier
from services.inference.options import InferenceOptions
from services.inference.pipeline.describer import Describer
from services.inference.pipeline.item_classifier import ItemClassifier
from services.inference.pipeline.photo import PhotoDecoder
from services.inference.pipeline.pipeline import Pipeline
from services.inference.pipeline.pixel_budget import PixelBudget
from services.inference.pipeline.threads import PixelThreads
from services.inference.run_statistics import GraphStatistics, MeasuredBackend


@dataclass(frozen=True, slots=True)
class LoadedGraph:
    """A served graph, "detector", "image", "text" or "classifier", with its artifact and provider.

    Attributes:
        version: the one that its answers carry.
        row: what a row of its input must be.
        output_shape: of a row of its output, which is float32.
        max_batch: the largest batch that may be formed.
    """

    graph: str
    manifest: Manifest
    provider: str
    version: ModelVersion
    row: RowFormat
    output_shape: tuple[int, ...]
    max_batch: int


@dataclass(frozen=True, slots=True, eq=False)
class InferenceService:
    """A pipeline with its models; made by `load` or `connect` and ended by `close`."""

    pipeline: Pipeline
    graphs: tuple[LoadedGraph, ...]
    backend: ModelBackend
    threads: PixelThreads
    statistics: GraphStatistics

    @classmethod
    async def load(
        cls, options: InferenceOptions, taxonomy: Taxonomy, observe: BatchObserver
    ) -> InferenceService:
        """Load the models into this process.

        Raises the same errors as `ModelHost.load`; FailedPrecondition also as `ItemClassifier.of`.
        """
        statistics = GraphStatistics()

        def observe_and_count(graph: str, rows: int, seconds: float) -> None:
            observe(graph, rows, seconds)
            statistics.observe_batch(graph, rows, seconds)

        host = await ModelHost.load(options, taxonomy, observe_and_count)
        try:
            describer = _describer(host.attributes, host.models, taxonomy, options)
        except FailedPrecondition:
            await host.close()
            raise
        return await cls._around(host, host.models, describer, options, statistics)

    @classmethod
    async def connect(
        cls, options: InferenceOptions, taxonomy: Taxonomy, link: DeviceLink
    ) -> InferenceService:
        """Use the models of the device process at the other end of an open link.

        Raises:
            ArtifactError: an artifact is damaged or for another task.
            FailedPrecondition: the device process runs other models; or as `ItemClassifier.of`.
        """
        _require_same_graphs(options, link)
        models = await asyncio.to_thread(LoadedModels.elsewhere, options, link.session)
        for about in link.graphs:
            version = ModelVersion(about.model_version, about.preprocess_version)
            if version != (ours := models.by_graph[about.name].version):
                raise FailedPrecondition(
                    f"the device process runs {version.model_version} as its {about.name} model, "
                    f"this process was given {ours.model_version}"
                )
        attributes = await asyncio.to_thread(build_attribute_classifier, models, taxonomy, options)
        describer = _describer(attributes, models, taxonomy, options)
        return await cls._around(link, models, describer, options, GraphStatistics())

    @classmethod
    async def _around(
        cls,
        backend: ModelBackend,
        models: LoadedModels,
        describer: Describer,
        options: InferenceOptions,
        statistics: GraphStatistics,
    ) -> InferenceService:
        backend = MeasuredBackend(backend, statistics)
        threads = PixelThreads(options.pixel_threads(), options.bulk_pixel_threads())
        photos = PhotoDecoder(threads, PixelBudget(options.max_pixels_in_flight), options.pipeline.decode)
        pipeline = Pipeline(models, backend, describer, photos, threads, options.pipeline)
        await asyncio.gather(pipeline.analyze(_warm_up_photo()), pipeline.embed_texts(["warm-up"]))
        embedder = (await pipeline.embedder()).version
        versions = {"detector": pipeline.detector_version, "image": embedder, "text": embedder}
        if pipeline.classifier_version is not None:
            versions["classifier"] = pipeline.classifier_version
        graphs = [
            LoadedGraph(
                name,
                model.manifest,
                model.provider,
                versions[name],
                model.row_format,
                await _output_shape(backend, name, model),
                options.batching[name].max_batch,
            )
            for name, model in models.by_graph.items()
        ]
        statistics.clear()
        return cls(pipeline, tuple(graphs), backend, threads, statistics)

    @property
    def ready(self) -> bool:
        return self.backend.ready

    async def close(self) -> None:
        """Let running batches finish and refuse all others."""
        await self.backend.close()
        self.threads.shutdown()


async def _output_shape(backend: ModelBackend, graph: str, model: Model) -> tuple[int, ...]:
    """The shape of an output row, which one run determines."""
    row = model.row_format
    result = await backend.runner(graph).submit(np.zeros((1, *row.shape), row.dtype), deadline=None)
    return result.outputs.shape[1:]


def _describer(
    attributes: AttributeClassifier, models: LoadedModels, taxonomy: Taxonomy, options: InferenceOptions
) -> Describer:
    item_classifier = ItemClassifier.of(models.classifier, taxonomy, options.pipeline)
    return Describer(attributes, Palette.from_mapping(taxonomy.colors), item_classifier)


def _require_same_graphs(options: InferenceOptions, link: DeviceLink) -> None:
    device = {about.name for about in link.graphs}
    if device != (ours := set(options.graphs)):
        raise FailedPrecondition(
            f"the device process runs {', '.join(sorted(device))}, this process was given models for "
            f"{', '.join(sorted(ours))}"
        )


def _warm_up_photo() -> bytes:
    """A JPEG of noise, which is analysed before the first call to do the first-call work."""
    noise = np.random.default_rng(0).integers(0, 256, (320, 240, 3), np.uint8)
    return encode_jpeg(noise)
