"""The raw loop: the server's own functions and graphs on threads of one process, with no server.

Its throughput is the upper bound that a server can reach.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import cv2
import numpy as np

from bench.model_pair import ModelPair
from domain.taxonomy import Taxonomy
from domain.types import Detection, FloatArray, Pixels
from imaging.colors import Palette, dominant_colors
from imaging.crop import crop, expand
from imaging.decode import DecodeLimits, EncodedImage, open_image
from imaging.quality import QualityLimits, assess
from models.artifact import Artifact
from models.attributes import AttributeClassifier, build_vocabularies
from models.detector import Detector
from models.fact_cache import FactCache
from models.image_encoder import ImageEncoder
from models.model import Model
from models.providers import BatchProfile
from models.session import OnnxSession
from models.text_encoder import TextEncoder
from services.inference.cores import cpu_count
from services.inference.pipeline.options import PipelineOptions

M = TypeVar("M", bound=Model)

LARGEST_BATCH = 32
"""The largest batch of any loop setting, up to which TensorRT builds its engines."""

Work: TypeAlias = Callable[[Sequence[bytes]], Any]
"""Takes encoded photos; returns an answer for each."""


@dataclass(frozen=True, slots=True, eq=False)
class RawModels:
    """The served models without their runners, from the same optimized graphs.

    An `exclusive` run uses all cores; otherwise a run uses `threads`, and several may run at once.
    """

    detector: Detector
    encoder: ImageEncoder
    classifier: AttributeClassifier
    palette: Palette
    exclusive: bool = False

    @classmethod
    def load(
        cls,
        pair: ModelPair,
        taxonomy: Taxonomy,
        cache: Path,
        threads: int = 1,
        *,
        optimized: bool = True,
        both: bool = True,
    ) -> RawModels:
        """Open the models; `cache` holds label embeddings and, with `optimized`, the optimized graphs.

        With `both`, runs of one thread and exclusive runs are possible, otherwise only runs of `threads`.
        """
        exclusive_threads = cpu_count() if threads == 1 and both else 0

        def opened(kind: type[M], artifact: Artifact) -> M:
            session = partial(
                OnnxSession,
                provider=pair.provider,
                intra_op_threads=threads,
                exclusive_threads=exclusive_threads,
                cache=cache if optimized else None,
                batches=BatchProfile(kind.row_shape(artifact), LARGEST_BATCH),
            )
            return kind.load(artifact, session)

        facts = FactCache.below(cache)
        embedder = Artifact.load(pair.embedder, facts)
        text = opened(TextEncoder, embedder)
        return cls(
            opened(Detector, Artifact.load(pair.detector, facts)),
            opened(ImageEncoder, embedder),
            AttributeClassifier(build_vocabularies(taxonomy, text, cache), text.logit_scale),
            Palette.of(taxonomy),
        )

    def work(self, rpc: str) -> Work:
        """The function that does what a call of "detect", "embed" or "analyze" does."""
        works: Mapping[str, Work] = {
            "detect": self.detect,
            "embed": self.embed,
            "analyze": self.analyze,
        }
        return works[rpc]

    def detect(self, contents: Sequence[bytes]) -> list[list[Detection]]:
        """What Detect does."""
        images = [_opened(content, self.detector.manifest.image.min_decode_px) for content in contents]
        return self._find(images, [image.decode() for image in images])

    def _find(self, images: Sequence[EncodedImage], pictures: Sequence[Pixels]) -> list[list[Detection]]:
        options = PipelineOptions()
        pairs = zip(pictures, images, strict=True)
        prepared = [self.detector.preprocess(picture, image) for picture, image in pairs]
        batch = self.detector.run(np.stack([row for row, _ in prepared]), exclusive=self.exclusive)
        return [
            self.detector.postprocess(
                rows,
                transform,
                options.min_score,
                options.iou_threshold,
                options.max_detections,
                options.any_class_iou_threshold,
            )
            for rows, (_, transform) in zip(batch, prepared, strict=True)
        ]

    def embed(self, contents: Sequence[bytes]) -> FloatArray:
        """What EmbedImage does; (N, width) float32."""
        pictures = [
            _opened(content, self.encoder.manifest.image.min_decode_px).decode() for content in contents
        ]
        rows = [self.encoder.preprocess_photo(picture) for picture in pictures]
        return self.encoder.run(np.stack(rows), exclusive=self.exclusive)

    def analyze(self, contents: Sequence[bytes]) -> list[int]:
        """What Analyze does; returns the number of items in each photo."""
        images = [open_image(content, DecodeLimits()) for content in contents]
        pictures = [image.decode() for image in images]
        pairs = zip(pictures, self._find(images, pictures), strict=True)
        regions = [_accepted_regions(picture, found) for picture, found in pairs]
        all_regions = [region for of_photo in regions for region in of_photo]
        rows = np.stack([self.encoder.preprocess(region) for region in all_regions])
        self.classifier.describe(self.encoder.run(rows, exclusive=self.exclusive))
        for region in all_regions:
            dominant_colors(region, self.palette)
        return [len(of_photo) for of_photo in regions]


def _opened(content: bytes, min_decode_px: int) -> EncodedImage:
    """Open a photo as the server does where a model needs the whole photo: decoded no larger than needed."""
    return open_image(content, DecodeLimits()).reduced_to(min_decode_px)


def _accepted_regions(picture: Pixels, found: Sequence[Detection]) -> list[Pixels]:
    """The crops that the quality filter accepts, or the whole picture if it accepts none."""
    ratio, (height, width) = PipelineOptions().expand_ratio, picture.shape[:2]
    regions = [crop(picture, expand(each.box, ratio, width, height)) for each in found]
    accepted = [region for region in regions if assess(region, QualityLimits()).reason is None]
    if accepted:
        return accepted
    assess(picture, QualityLimits())
    return [picture]


@dataclass(frozen=True, slots=True)
class LoopSetting:
    """A number of threads, each of which runs one batch at a time.

    With a single thread, its runs are exclusive: the model uses all cores of a CPU.
    """

    threads: int
    batch: int

    def __str__(self) -> str:
        return f"{self.threads} x batch {self.batch}"


def loop_settings(provider: str) -> list[LoopSetting]:
    """The settings to try. A GPU needs large batches, and enough threads to decode for it."""
    cores = cpu_count()
    shapes = ((cores, 1), (cores, 4), (cores, 16), (1, 1), (1, 8))
    if provider != "cpu":
        shapes = ((cores, 1), (cores, 8), (cores, 32), (2, 32), (1, 1))
    return [LoopSetting(threads, batch) for threads, batch in dict.fromkeys(shapes)]


def best_setting(models: RawModels, rpc: str, photos: Sequence[bytes], seconds: float) -> LoopSetting:
    """The fastest setting; each is tried twice, in turn."""
    tries = 2 * loop_settings(models.detector.provider)
    speeds = [(raw_throughput(models, rpc, photos, each, seconds), each) for each in tries]
    return max(speeds, key=lambda pair: pair[0])[1]


def raw_throughput(
    models: RawModels, rpc: str, photos: Sequence[bytes], setting: LoopSetting, seconds: float
) -> float:
    """Photos per second of one call with one setting."""
    work = replace(models, exclusive=setting.threads == 1).work(rpc)
    return loop_throughput(work, photos, setting, seconds)


def loop_throughput(work: Work, photos: Sequence[bytes], setting: LoopSetting, seconds: float) -> float:
    """Photos per second; the threads start at different photos, go round them and run at least once."""
    cv2.setNumThreads(1)  # these threads are the parallelism
    deadline = time.monotonic() + seconds

    def loop(offset: int) -> int:
        done = 0
        while not done or time.monotonic() < deadline:
            start = offset * len(photos) // setting.threads + done
            work([photos[(start + index) % len(photos)] for index in range(setting.batch)])
            done += setting.batch
        return done

    started = time.monotonic()
    with ThreadPoolExecutor(setting.threads) as pool:
        total = sum(pool.map(loop, range(setting.threads)))
    return total / (time.monotonic() - started)


def raw_latencies_ms(models: RawModels, rpc: str, photos: Sequence[bytes], seconds: float) -> list[float]:
    """Milliseconds of each photo; they run one after the other, each on all cores."""
    cv2.setNumThreads(cpu_count())
    work = replace(models, exclusive=True).work(rpc)
    deadline = time.monotonic() + seconds
    latencies: list[float] = []
    while not latencies or time.monotonic() < deadline:
        started = time.perf_counter()
        work([photos[len(latencies) % len(photos)]])
        latencies.append((time.perf_counter() - started) * 1e3)
    return latencies
