"""The models of one server, loaded, checked and warmed: artifacts in, a `Pipeline` out."""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeAlias, TypeVar

import numpy as np

from domain.errors import ArtifactError
from domain.taxonomy import Taxonomy
from imaging.colors import Palette
from imaging.decode import DecodeLimits
from imaging.jpeg import encode_jpeg
from imaging.quality import QualityLimits
from models.artifact import Artifact
from models.attributes import AttributeClassifier, build_vocabularies
from models.detector import Detector
from models.image_encoder import ImageEncoder
from models.machine import machine_facts
from models.manifest import GOLDEN_NAME, Manifest
from models.prepared import discard, prepared
from models.record import Record
from models.session import OnnxSession, Provider, SessionFactory, share_arena
from models.text_encoder import TextEncoder
from services.batching import Array, BatchingOptions, BatchObserver, Device
from services.pipeline import Models, Pipeline, PipelineOptions, PixelThreads
from services.pixel_budget import PixelBudget
from services.runner import Runner

LOG = logging.getLogger("armoire.inference")

LONG_S = 0.25
"""CPU seconds from which on a warm-up is too long for every start."""

QUOTA = Path("/sys/fs/cgroup/cpu.max")

Model: TypeAlias = Detector | ImageEncoder | TextEncoder
M = TypeVar("M", Detector, ImageEncoder, TextEncoder)


@dataclass(frozen=True, slots=True)
class InferenceOptions:
    """What to load and how to run it.

    Attributes:
        slots: batches on the device at a time; 0 means one per CPU core, or 2 on a GPU.
        intra_op_threads: threads inside one of several batches that run at a time on the CPU.
        alone_threads: threads inside a batch that has the CPU to itself, as one may where there are several
            slots; 0 means one per CPU core.
        threads: threads for pixel work; 0 means one per CPU core.
        max_pixels_in_flight: decoded pixels held at a time; 3 bytes each.
        cache_folder: where label embeddings, prepared graphs, built engines, and what was checked are kept.
    """

    detector: Path
    embedder: Path
    provider: Provider = "cpu"
    slots: int = 0
    threads: int = 0
    intra_op_threads: int = 1
    alone_threads: int = 0
    verify_golden: bool = True
    max_pixels_in_flight: int = 200_000_000
    cache_folder: Path | None = None
    detector_batching: BatchingOptions = BatchingOptions(max_batch=4)
    image_batching: BatchingOptions = BatchingOptions(max_batch=16)
    text_batching: BatchingOptions = BatchingOptions(max_batch=32)
    pipeline: PipelineOptions = PipelineOptions()
    decode: DecodeLimits = field(default_factory=DecodeLimits)
    quality: QualityLimits = field(default_factory=QualityLimits)

    def slot_count(self) -> int:
        return self.slots or (cpu_count() if self.provider == "cpu" else 2)

    def wide_threads(self) -> int:
        """Threads inside a batch that has the CPU to itself; 0 where it would have no more than any other."""
        threads = self.alone_threads or cpu_count()
        shared = self.provider == "cpu" and self.slot_count() > 1
        return threads if shared and threads > self.intra_op_threads else 0


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
        loaded = await asyncio.to_thread(_LoadedModels.open, options)
        device = Device(options.slot_count())
        models = loaded.behind_runners(device, options, observe)
        classifier = await asyncio.to_thread(loaded.classifier, taxonomy, options.cache_folder)
        await _warm_up(models.detector_runner, models.detector, options, options.detector_batching)
        await _warm_up(models.image_runner, models.image_encoder, options, options.image_batching)
        await _warm_up(models.text_runner, models.text_encoder, options, options.text_batching)
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
        return cls(pipeline, loaded.graphs(), device, threads)

    async def close(self) -> None:
        """Let running batches finish, refuse the rest."""
        await self.device.close()
        self.threads.shutdown()


@dataclass(frozen=True, slots=True, eq=False)
class _LoadedModels:
    detector: Detector
    image_encoder: ImageEncoder
    text_encoder: TextEncoder

    @classmethod
    def open(cls, options: InferenceOptions) -> _LoadedModels:
        """The models side by side: onnxruntime opens and runs graphs without Python's lock."""
        record = Record.below(options.cache_folder)
        detector = _open_artifact(options.detector, "detect", record)
        embedder = _open_artifact(options.embedder, "embed", record)
        if options.provider == "cpu":
            share_arena()
        graphs = (detector.graph("detector"), embedder.graph("image"), embedder.graph("text"))
        opener = _Opener(options, record, _caches(graphs, options))
        with ThreadPoolExecutor(3, thread_name_prefix="open") as threads:
            image = threads.submit(opener.open, ImageEncoder.load, embedder, "image")
            text = threads.submit(opener.open, TextEncoder.load, embedder, "text")
            boxes = threads.submit(opener.open, Detector.load, detector, "detector")
        return cls(boxes.result(), image.result(), text.result())

    def behind_runners(self, device: Device, options: InferenceOptions, observe: BatchObserver) -> Models:
        picture = np.zeros(self.detector.input_shape, np.uint8)
        crop = np.zeros(self.image_encoder.input_shape, np.uint8)
        (tokens,) = self.text_encoder.preprocess(["warm-up"])
        wide = options.wide_threads() > 0

        def runner(name: str, model: Model, row: Array, batching: BatchingOptions) -> Runner:
            run_alone = partial(model.run, alone=True) if wide else None
            return Runner(name, model.run, row, device, batching, observe, run_alone)

        detector = runner("detector", self.detector, picture, options.detector_batching)
        image = runner("image", self.image_encoder, crop, options.image_batching)
        text = runner("text", self.text_encoder, tokens, options.text_batching)
        return Models(self.detector, detector, self.image_encoder, image, self.text_encoder, text)

    def classifier(self, taxonomy: Taxonomy, cache_folder: Path | None) -> AttributeClassifier:
        vocabularies = build_vocabularies(taxonomy, self.text_encoder, cache_folder)
        return AttributeClassifier(vocabularies, self.text_encoder.logit_scale)

    def graphs(self) -> tuple[LoadedGraph, ...]:
        return (
            LoadedGraph("detector", self.detector.manifest, self.detector.provider),
            LoadedGraph("image", self.image_encoder.manifest, self.image_encoder.provider),
            LoadedGraph("text", self.text_encoder.manifest, self.text_encoder.provider),
        )


async def _warm_up(
    runner: Runner, model: Model, options: InferenceOptions, batching: BatchingOptions
) -> None:
    """A large model of which is known that batches do not pay was warmed by its golden input."""
    largest, source = await _largest_batch(runner, model, options, batching)
    LOG.info("%s: up to %d rows in a batch (%s)", runner.name, largest, source)


async def _largest_batch(
    runner: Runner, model: Model, options: InferenceOptions, batching: BatchingOptions
) -> tuple[int, str]:
    """The rows, and where that is known from."""
    checked = options.verify_golden and options.provider == "cpu"
    record = Record.below(options.cache_folder if checked else None)
    how = (options.intra_op_threads, batching.max_batch, batching.max_run_s)
    facts = ("row by row", *map(str, how), *_facts(model))
    if record.recall(*facts) == "yes":
        runner.limit_batch(1)
        return 1, "known from an earlier start"
    started_s = time.process_time()
    largest = await runner.warm_up()
    if largest == 1 and time.process_time() - started_s > LONG_S:
        record.keep("yes", *facts)
    return largest, "measured now"


def _warm_up_photo() -> bytes:
    """Noise as a JPEG: takes the whole path, so that first-call work is done before the first call."""
    noise = np.random.default_rng(0).integers(0, 256, (320, 240, 3), np.uint8)
    return encode_jpeg(noise)


def _open_artifact(folder: Path, task: str, record: Record) -> Artifact:
    artifact = Artifact.load(folder, record)
    if artifact.manifest.task != task:
        raise ArtifactError(
            f"{folder} holds a model for {artifact.manifest.task!r}; one for {task!r} is needed"
        )
    return artifact


def _caches(graphs: Iterable[Path], options: InferenceOptions) -> dict[Path, Path | None]:
    """The cache of each graph; None where it could not be prepared there.

    One after the other: for a moment each takes twice the memory of its weights.
    """
    cache = options.cache_folder
    if cache is None or options.provider != "cpu":
        return dict.fromkeys(graphs, cache)
    return {graph: cache if prepared(graph, cache) else None for graph in graphs}


@dataclass(frozen=True, slots=True, eq=False)
class _Opener:
    """Opens models and checks them."""

    options: InferenceOptions
    record: Record
    caches: dict[Path, Path | None]

    def open(self, load: Callable[[Artifact, SessionFactory], M], artifact: Artifact, graph: str) -> M:
        """A prepared graph that fails may be damaged: it is made anew, or else the graph used as it is."""
        path = artifact.graph(graph)
        cache = self.caches[path]
        if cache is None or self.options.provider != "cpu":
            return self._open(load, artifact, cache)
        for _ in range(2):
            try:
                return self._open(load, artifact, cache)
            except Exception as error:  # onnxruntime's own errors share no public base
                LOG.warning("%s fails as it was prepared, so that is thrown away: %s", path, error)
                discard(path, cache)
        return self._open(load, artifact, None)

    def _open(
        self, load: Callable[[Artifact, SessionFactory], M], artifact: Artifact, cache: Path | None
    ) -> M:
        session = partial(
            OnnxSession,
            provider=self.options.provider,
            intra_op_threads=self.options.intra_op_threads,
            alone_threads=self.options.wide_threads(),
            cache=cache,
        )
        model = load(artifact, session)
        if self.options.verify_golden:
            _verify(model, self.record if self.options.provider == "cpu" else Record())
        return model


def _verify(model: Model, record: Record) -> None:
    """All golden outputs where the model, onnxruntime or the CPU is new to the record; else the first.

    All too where the first does not hold: what is tolerated is a share of all.
    """
    facts = ("golden", model.manifest.files[GOLDEN_NAME], *_facts(model))
    known = record.recall(*facts) == "held" and _first_holds(model)
    if not known:
        model.check()
        record.keep("held", *facts)
    LOG.info("%s golden outputs hold for %s", "the first" if known else "all", model.version)


def _first_holds(model: Model) -> bool:
    try:
        model.check(1)
    except ArtifactError:
        return False
    return True


def _facts(model: Model) -> tuple[str, ...]:
    """What a model's answers and their time follow from, on a CPU."""
    return (type(model).__name__, str(model.version), *machine_facts())


def cpu_count(quota: Path = QUOTA) -> int:
    """CPU cores this process may use: those it may run on, within its container's CPU limit, at least one."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        share, period = quota.read_text(encoding="ascii").split()
        return max(1, min(cores, int(share) // int(period)))
    except (OSError, ValueError):  # no such file, or no limit: "max"
        return cores
