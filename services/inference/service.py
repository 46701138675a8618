"""What answers inference calls: models, here or in a device process, with the pixel work around them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from domain.errors import FailedPrecondition
from domain.taxonomy import Taxonomy
from domain.types import ModelVersion
from imaging.colors import Palette
from imaging.jpeg import encode_jpeg
from models.attributes import AttributeClassifier
from models.manifest import Manifest
from services.inference.batching.batcher import BatchObserver
from services.inference.device_process.link import DeviceLink
from services.inference.loaded_models import LoadedModels
from services.inference.model_host import ModelHost, build_classifier
from services.inference.options import InferenceOptions
from services.inference.pipeline import Models, Pipeline, PixelThreads
from services.inference.pixel_budget import PixelBudget
from services.inference.runner import Runner


@dataclass(frozen=True, slots=True)
class LoadedGraph:
    """A graph that is being served: "detector", "image" or "text" of an artifact, and where it runs."""

    graph: str
    manifest: Manifest
    provider: str


class Host(Protocol):
    """What runs the graphs: an `ModelHost` in this process, or a `DeviceLink` to another."""

    @property
    def ready(self) -> bool: ...

    def runner(self, graph: str) -> Runner: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True, eq=False)
class InferenceService:
    """Models that answer: made by `load` or `connect`, ended by `close`."""

    pipeline: Pipeline
    graphs: tuple[LoadedGraph, ...]
    host: Host
    threads: PixelThreads

    @classmethod
    async def load(
        cls, options: InferenceOptions, taxonomy: Taxonomy, observe: BatchObserver
    ) -> InferenceService:
        """With the models in this process. Raises as `ModelHost.load`."""
        engine = await ModelHost.load(options, taxonomy, observe)
        return await cls._around(engine, engine.models, engine.classifier, options, taxonomy)

    @classmethod
    async def connect(
        cls, options: InferenceOptions, taxonomy: Taxonomy, link: DeviceLink
    ) -> InferenceService:
        """With the models in the device process at the other end of an open link.

        Raises:
            ArtifactError: an artifact is damaged or of the wrong task.
            FailedPrecondition: the device process runs other models.
        """
        models = await asyncio.to_thread(LoadedModels.elsewhere, options, link.session)
        for about in link.graphs:
            version = ModelVersion(about.model_version, about.preprocess_version)
            if version != (ours := models.by_graph[about.name].version):
                raise FailedPrecondition(
                    f"the device process runs {version.model_version} as its {about.name} model, "
                    f"this process was given {ours.model_version}"
                )
        classifier = await asyncio.to_thread(build_classifier, models, taxonomy, options)
        return await cls._around(link, models, classifier, options, taxonomy)

    @classmethod
    async def _around(
        cls,
        host: Host,
        opened: LoadedModels,
        classifier: AttributeClassifier,
        options: InferenceOptions,
        taxonomy: Taxonomy,
    ) -> InferenceService:
        threads = PixelThreads(options.pixel_threads(), options.bulk_pixel_threads())
        pipeline = Pipeline(
            _behind_runners(opened, host),
            classifier,
            Palette.from_mapping(taxonomy.colors),
            threads,
            budget=PixelBudget(options.max_pixels_in_flight),
            options=options.pipeline,
            decode_limits=options.decode,
            quality_limits=options.quality,
        )
        await asyncio.gather(pipeline.analyze(_warm_up_photo()), pipeline.embed_texts(["warm-up"]))
        graphs = tuple(
            LoadedGraph(name, model.manifest, model.provider) for name, model in opened.by_graph.items()
        )
        return cls(pipeline, graphs, host, threads)

    @property
    def ready(self) -> bool:
        return self.host.ready

    async def close(self) -> None:
        """Let running batches finish, refuse the rest."""
        await self.host.close()
        self.threads.shutdown()


def _behind_runners(opened: LoadedModels, host: Host) -> Models:
    return Models(
        opened.detector,
        host.runner("detector"),
        opened.image_encoder,
        host.runner("image"),
        opened.text_encoder,
        host.runner("text"),
    )


def _warm_up_photo() -> bytes:
    """Noise as a JPEG: takes the whole path, so that first-call work is done before the first call."""
    noise = np.random.default_rng(0).integers(0, 256, (320, 240, 3), np.uint8)
    return encode_jpeg(noise)
