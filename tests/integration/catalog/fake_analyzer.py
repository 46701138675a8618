"""A small analyzer without models: what it says of a picture follows from the picture's bytes alone."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import (
    AnalyzedItem,
    AttributeValue,
    Box,
    ColorShare,
    Embedder,
    FloatArray,
    ImageAnalysis,
    ItemVersions,
    ModelVersion,
    QualityIssue,
    ScoredValue,
    StageTimings,
)
from imaging.decode import DecodeLimits, probe
from imaging.quality import QualityLimits, photo_warnings
from services.catalog.analyzer import OnDetected
from services.inference.repository.pipeline_source import ModelChoice

WIDTH = 16
LOGIT_SCALE = 20.0
BAD_SIDE_PX = 13
TAXONOMY = Taxonomy.load(Path(__file__).parents[3] / "domain/taxonomy.toml")
CATEGORIES = [category.name for category in TAXONOMY.categories]
COLORS = list(TAXONOMY.colors)
DETECTOR = ModelVersion("fake-detector-1", "letterbox-1")


def photo(seed: int, *, width: int = 60, height: int = 40) -> bytes:
    """A PNG that differs for every seed."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def bad_photo(seed: int) -> bytes:
    """A PNG that the analyzer takes for damaged."""
    return photo(seed, width=BAD_SIDE_PX)


def direction(word: str) -> FloatArray:
    """(WIDTH,) float32 of length one, the same for the same word."""
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    vector = np.random.default_rng(seed).normal(size=WIDTH)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def garment(content: bytes, index: int, category: str = "") -> AnalyzedItem:
    """Item number `index` of a picture: a third of its width, its look drawn from the bytes."""
    digest = hashlib.sha256(content + bytes([index])).digest()
    category = category or CATEGORIES[digest[0] % len(CATEGORIES)]
    vector = 0.6 * direction(category) + 0.8 * direction(digest.hex())
    return AnalyzedItem(
        box=Box(20.0 * index, 0.0, 20.0 * index + 20.0, 40.0 - 10.0 * index),
        score=0.9 - 0.1 * index,
        label=category,
        attributes={
            "category": _category(category, 0.5 + digest[1] / 512),
            "color": AttributeValue.one(COLORS[digest[2] % len(COLORS)], 0.7),
            "pattern": AttributeValue.one(("plain", "striped")[digest[3] % 2], 0.8),
            "style": AttributeValue.one(("casual", "formal")[digest[4] % 2], 0.6),
        },
        colors=(
            ColorShare(COLORS[digest[2] % len(COLORS)], 0.7, 0x102030),
            ColorShare(COLORS[(digest[2] + 5) % len(COLORS)], 0.3, 0x405060),
        ),
        warnings=(QualityIssue.BLURRED,),
        embedding=(vector / np.linalg.norm(vector)).astype(np.float32),
    )


def _category(category: str, score: float) -> AttributeValue:
    """Beside the next category of the taxonomy, which has half of what is left."""
    other = (
        CATEGORIES[(CATEGORIES.index(category) + 1) % len(CATEGORIES)] if category in CATEGORIES else "hat"
    )
    alternatives = (ScoredValue(category, score), ScoredValue(other, (1.0 - score) / 2.0))
    return AttributeValue.one(category, score, alternatives)


def turned(vector: FloatArray, version: ModelVersion) -> FloatArray:
    """(WIDTH,) float32: the vector in the space of a version; that of the first one is left as it is."""
    if version.model_version == "fake-embedder-1":
        return vector
    seed = int.from_bytes(hashlib.sha256(version.model_version.encode()).digest()[:8], "big")
    rotation, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(WIDTH, WIDTH)))
    return (rotation @ vector).astype(np.float32)


def _turned(item: AnalyzedItem, version: ModelVersion) -> AnalyzedItem:
    return item if item.embedding is None else replace(item, embedding=turned(item.embedding, version))


def garments_in(content: bytes) -> int:
    """How many items the analyzer accepts: 1 to 3."""
    return 1 + hashlib.sha256(content).digest()[0] % 3


class FakeAnalyzer:
    """Deterministic and instant; tests make it fail, wait or change its model.

    `loaded` has the versions that calls may name beside `served`, the default; the vectors of each are turned
    by its own rotation, so that those of two versions do not compare. `failures` are raised by the next calls
    of `analyze`, one each; `gate`, where set, holds it back once it has found the garments. The next
    `unusable_embeddings` analyses have embeddings of NaN. `asked` holds `min_score` and `bulk` of every call,
    and `texts` what was embedded.
    `detector` finds each garment `shift_px` further right than the first detector did, and with `missed` not
    the first of them.
    """

    def __init__(self, version: ModelVersion = ModelVersion("fake-embedder-1", "square-1")) -> None:
        self.served = version
        self.failures: list[Exception] = []
        self.gate: asyncio.Event | None = None
        self.categories: list[str] = []
        self.unusable_embeddings = 0
        self.analyze_calls = 0
        self.asked: list[tuple[float | None, bool]] = []
        self.texts: list[str] = []
        self.started: asyncio.Event = asyncio.Event()
        self.loaded = {version}
        self.held: list[str] = []
        self.detector = DETECTOR
        self.vocabulary = "words-1"
        self.shift_px = 0.0
        self.missed = 0
        self.garment_scores: list[float | None] = []

    async def embedder(self, name: str | None = None, *, refresh: bool = False) -> Embedder:
        return Embedder(self._version(name), WIDTH, LOGIT_SCALE)

    async def versions(self) -> ItemVersions:
        return ItemVersions(self.served, self.detector, None, self.vocabulary)

    async def hold(self, versions: Sequence[str]) -> None:
        self.held = list(versions)

    def _version(self, name: str | None) -> ModelVersion:
        known = {version.model_version: version for version in (*self.loaded, self.served)}
        if name is None:
            return self.served
        if name not in known:
            raise ModelChoice("embedder_version", name).not_served(sorted(known))
        return known[name]

    async def analyze(
        self,
        content: bytes,
        boxes: Sequence[Box] = (),
        *,
        include_crops: bool = False,
        bulk: bool = False,
        min_score: float | None = None,
        on_detected: OnDetected | None = None,
        embedder: ModelVersion | None = None,
        taxonomy: Taxonomy | None = None,
    ) -> ImageAnalysis:
        version = self._version(embedder and embedder.model_version)
        self.analyze_calls += 1
        self.asked.append((min_score, bulk))
        self.started.set()
        if self.failures:
            raise self.failures.pop(0)
        info = probe(content, DecodeLimits())
        if info.width == BAD_SIDE_PX:
            raise InvalidInput("content", f"is damaged, as all pictures {BAD_SIDE_PX} pixels wide are")
        if on_detected is not None:
            await on_detected()
        if self.gate is not None:
            await self.gate.wait()
        items = self._given(content, boxes) if boxes else self._found(content)
        if include_crops:
            items = [self._with_crop(item) for item in items]
        if self.unusable_embeddings:
            self.unusable_embeddings -= 1
            items = [replace(item, embedding=np.full(WIDTH, np.nan, np.float32)) for item in items]
        size = info.width, info.height
        return ImageAnalysis(
            *size,
            tuple(_turned(item, version) for item in items),
            self.detector,
            version,
            StageTimings(detect_ns=5),
            photo_warnings(*size, QualityLimits()),
            vocabulary=self.vocabulary,
        )

    async def embed_text(
        self, text: str, *, bulk: bool = False, embedder: ModelVersion | None = None
    ) -> FloatArray:
        self.texts.append(text)
        named = TAXONOMY.categories_in(text)
        version = self._version(embedder and embedder.model_version)
        return turned(direction(named[0] if named else text), version)

    def _found(self, content: bytes) -> list[AnalyzedItem]:
        """The accepted garments, and before them one that the quality filter rejects."""
        rejected = AnalyzedItem(Box(0, 0, 2, 2), 0.95, "hat", reason=QualityIssue.TOO_SMALL)
        count = len(self.categories) or garments_in(content)
        wanted = self.categories or [""] * count
        scores = [*self.garment_scores, *[None] * count]
        found = [
            replace(garment(content, index, wanted[index]), garment_score=scores[index])
            for index in range(count)
        ]
        return [rejected, *(self._shifted(item) for item in found[min(self.missed, count - 1) :])]

    def _shifted(self, item: AnalyzedItem) -> AnalyzedItem:
        box = item.box
        return replace(item, box=Box(box.x1 + self.shift_px, box.y1, box.x2 + self.shift_px, box.y2))

    def _given(self, content: bytes, boxes: Sequence[Box]) -> list[AnalyzedItem]:
        return [
            AnalyzedItem(box, 1.0, "", reason=QualityIssue.TOO_SMALL)
            if box.width < 4
            else replace(garment(content, index), box=box, score=1.0, colors=(), warnings=())
            for index, box in enumerate(boxes)
        ]

    def _with_crop(self, item: AnalyzedItem) -> AnalyzedItem:
        return replace(item, crop=b"\xff\xd8crop of " + item.label.encode()) if item.accepted else item
