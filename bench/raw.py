"""The limit: what the server does for one photo, as a plain function on plain threads, with no server."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from domain.taxonomy import Taxonomy
from domain.types import Detection, Pixels
from imaging.colors import Palette, dominant_colors
from imaging.crop import crop, expand
from imaging.decode import DecodeLimits, decode
from imaging.quality import QualityLimits, assess
from models.artifact import Artifact
from models.attributes import AttributeClassifier, build_vocabularies
from models.detector import Detector
from models.image_encoder import ImageEncoder
from models.session import OnnxSession
from models.text_encoder import TextEncoder
from services.inference import cpu_count
from services.pipeline import PipelineOptions


@dataclass(frozen=True, slots=True, eq=False)
class RawModels:
    """The served models without their runners, from the same prepared graphs.

    `alone` says that a run has all cores; otherwise it has one, and several threads run at once.
    """

    detector: Detector
    encoder: ImageEncoder
    classifier: AttributeClassifier
    palette: Palette
    alone: bool = False

    @classmethod
    def load(cls, detector: Path, embedder: Path, taxonomy: Taxonomy, cache: Path) -> RawModels:
        session = partial(OnnxSession, alone_threads=cpu_count(), cache=cache)
        embedder_artifact = Artifact.load(embedder)
        text = TextEncoder.load(embedder_artifact, session)
        return cls(
            Detector.load(Artifact.load(detector), session),
            ImageEncoder.load(embedder_artifact, session),
            AttributeClassifier(build_vocabularies(taxonomy, text), text.logit_scale),
            Palette.from_mapping(taxonomy.colors),
        )

    def detect(self, content: bytes) -> int:
        """Detect's work; returns the number of boxes."""
        return len(self._find(decode(content, DecodeLimits())))

    def _find(self, pixels: Pixels) -> list[Detection]:
        options = PipelineOptions()
        row, transform = self.detector.preprocess(pixels)
        return self.detector.postprocess(
            self.detector.run(row[None], alone=self.alone)[0],
            transform,
            options.min_score,
            options.iou_threshold,
            options.max_detections,
            options.any_class_iou_threshold,
        )

    def embed(self, content: bytes) -> int:
        """EmbedImage's work; returns the embedding's width."""
        row = self.encoder.preprocess(decode(content, DecodeLimits()))
        return len(self.encoder.run(row[None], alone=self.alone)[0])

    def analyze(self, content: bytes) -> int:
        """Analyze's work; returns the number of items."""
        options = PipelineOptions()
        pixels = decode(content, DecodeLimits())
        found = self._find(pixels)
        height, width = pixels.shape[:2]
        regions = [crop(pixels, expand(d.box, options.expand_ratio, width, height)) for d in found]
        accepted = [region for region in regions if assess(region, QualityLimits()).reason is None]
        if not accepted:
            assess(pixels, QualityLimits())
            accepted = [pixels]
        rows = np.stack([self.encoder.preprocess(region) for region in accepted])
        embeddings = self.encoder.run(rows, alone=self.alone)
        self.classifier.describe(embeddings)
        for region in accepted:
            dominant_colors(region, self.palette)
        return len(accepted)


def raw_throughput(
    models: RawModels, rpc: str, photos: Sequence[bytes], threads: int, seconds: float
) -> float:
    """Photos a second through `threads` threads that each take the next photo."""
    work = getattr(models, rpc)
    deadline = time.monotonic() + seconds

    def loop(offset: int) -> int:
        done = 0
        while time.monotonic() < deadline:
            work(photos[(offset + done * threads) % len(photos)])
            done += 1
        return done

    started = time.monotonic()
    with ThreadPoolExecutor(threads) as pool:
        total = sum(pool.map(loop, range(threads)))
    return total / (time.monotonic() - started)


def raw_latencies_ms(models: RawModels, rpc: str, photos: Sequence[bytes], seconds: float) -> list[float]:
    """Milliseconds of each photo, one after the other, each with all cores."""
    work = getattr(replace(models, alone=True), rpc)
    deadline = time.monotonic() + seconds
    latencies: list[float] = []
    while time.monotonic() < deadline:
        started = time.perf_counter()
        work(photos[len(latencies) % len(photos)])
        latencies.append((time.perf_counter() - started) * 1e3)
    return latencies
