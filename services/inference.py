"""The models of one server, loaded, checked and warmed: artifacts in, a `Pipeline` out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from domain.taxonomy import Taxonomy
from imaging.colors import Palette
from imaging.jpeg import encode_jpeg
from models.attributes import AttributeClassifier, build_vocabularies
from models.manifest import Manifest
from models.model import Model
from models.text_encoder import TextEncoder
from services.batching import Array, BatchingOptions, BatchObserver, Device
from services.cores import cpu_count
from services.inference_options import InferenceOptions
from services.opening import OpenModels
from services.pipeline import Models, Pipeline, PixelThreads
from services.pixel_budget import PixelBudget
from services.runner import Runner
from services.warm_up import warm_up


@dataclass(frozen=True, slots=True)
class LoadedGraph:
    """A graph that is being served: "detector", "image" or "text" of an artifact, and where it runs."""

    graph: str
    manifest: Manifest
    provider: str


@dataclass(frozen=True, slots=True, eq=False)
class Inference:
    """Models that answer: made by `Inference.load`, ended by `close`."""

    pipeline: Pipeline
    graphs: tuple[LoadedGraph, ...]
    device: Device
    threads: PixelThreads

    @classmethod
    async def load(cls, options: InferenceOptions, taxonomy: Taxonomy, observe: BatchObserver) -> Inference:
        """Load, check the golden outputs, warm up.

        Raises:
            ArtifactError: an artifact is damaged, of the wrong task, or answers otherwise than at export.
            FailedPrecondition: the provider is not available here.
        """
        opened = await asyncio.to_thread(OpenModels.open, options)
        device = Device(options.slot_count())
        models = _behind_runners(opened, device, options, observe)
        classifier = await asyncio.to_thread(_classifier, opened.text_encoder, taxonomy, options.cache_folder)
        await warm_up(models.detector_runner, models.detector, options, options.detector_batching)
        await warm_up(models.image_runner, models.image_encoder, options, options.image_batching)
        await warm_up(models.text_runner, models.text_encoder, options, options.text_batching)
        threads = PixelThreads(options.threads or cpu_count())
        pipeline = Pipeline(
            models,
            classifier,
            Palette.from_mapping(taxonomy.colors),
            threads,
            budget=PixelBudget(options.max_pixels_in_flight),
            options=options.pipeline,
            decode_limits=options.decode,
            quality_limits=options.quality,
        )
        await asyncio.gather(pipeline.analyze(_warm_up_photo()), pipeline.embed_texts(["warm-up"]))
        return cls(pipeline, _graphs(opened), device, threads)

    async def close(self) -> None:
        """Let running batches finish, refuse the rest."""
        await self.device.close()
        self.threads.shutdown()


def _behind_runners(
    opened: OpenModels, device: Device, options: InferenceOptions, observe: BatchObserver
) -> Models:
    picture = np.zeros(opened.detector.manifest.image.shape, np.uint8)
    crop = np.zeros(opened.image_encoder.manifest.image.shape, np.uint8)
    (tokens,) = opened.text_encoder.preprocess(["as long as a text can be " * 100])
    wide = options.wide_threads() > 0

    def runner(name: str, model: Model, row: Array, batching: BatchingOptions) -> Runner:
        run_alone = partial(model.run, alone=True) if wide else None
        return Runner(name, model.run, row, device, batching, observe, run_alone)

    detector = runner("detector", opened.detector, picture, options.detector_batching)
    image = runner("image", opened.image_encoder, crop, options.image_batching)
    text = runner("text", opened.text_encoder, tokens, options.text_batching)
    return Models(opened.detector, detector, opened.image_encoder, image, opened.text_encoder, text)


def _classifier(encoder: TextEncoder, taxonomy: Taxonomy, cache_folder: Path | None) -> AttributeClassifier:
    return AttributeClassifier(build_vocabularies(taxonomy, encoder, cache_folder), encoder.logit_scale)


def _graphs(opened: OpenModels) -> tuple[LoadedGraph, ...]:
    named: dict[str, Model] = {
        "detector": opened.detector,
        "image": opened.image_encoder,
        "text": opened.text_encoder,
    }
    return tuple(LoadedGraph(name, model.manifest, model.provider) for name, model in named.items())


def _warm_up_photo() -> bytes:
    """Noise as a JPEG: takes the whole path, so that first-call work is done before the first call."""
    noise = np.random.default_rng(0).integers(0, 256, (320, 240, 3), np.uint8)
    return encode_jpeg(noise)
