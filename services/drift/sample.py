"""The photos of a window as arrays, by the models that answered them."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from domain.types import FloatArray

Ints: TypeAlias = npt.NDArray[np.int64]
Words: TypeAlias = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """What photos must share to be compared: the call, or "catalog", and the versions of the models."""

    method: str
    detector: str = ""
    embedder: str = ""

    def __str__(self) -> str:
        models = ", ".join(filter(None, (self.detector, self.embedder)))
        return f"{self.method} by {models}" if models else self.method


@dataclass(frozen=True, slots=True, eq=False)
class Garment:
    """What the models say of a garment; what they do not say is "", NaN or None.

    `embedding` is (D,) float32.
    """

    label: str = ""
    color: str = ""
    score: float = float("nan")
    label_score: float = float("nan")
    embedding: FloatArray | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ObservedPhoto:
    """A photo or text with its garments.

    Photos of one `unit`, such as a call, are alike and count together.
    """

    source: Source
    unit: str
    garments: tuple[Garment, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Photos of one window and one source.

    Attributes:
        units: how many units there are, U.
        photo_units: (P,) the unit of each photo, 0 to U - 1.
        garment_counts: (P,) how many garments each has.
        garment_units: (N,) the unit of each garment.
        labels, colors: (N,) "" where there is none.
        scores, label_scores: (N,) float32, NaN where there is none.
        embedded: (M,) which garments have an embedding, as indices.
        embeddings: (M, D) float32, their embeddings.
    """

    units: int
    photo_units: Ints
    garment_counts: Ints
    garment_units: Ints
    labels: Words
    colors: Words
    scores: FloatArray
    label_scores: FloatArray
    embedded: Ints
    embeddings: FloatArray

    @property
    def photos(self) -> int:
        return len(self.photo_units)


@dataclass(eq=False)
class Sampler:
    """Keeps the photos of at most `max_units` units of each source, drawn by a hash of the unit.

    The same photos give the same sample, in whatever order they come.
    """

    max_units: int
    _sources: dict[Source, _Kept] = field(default_factory=dict, init=False)

    def add(self, photo: ObservedPhoto) -> None:
        self._sources.setdefault(photo.source, _Kept(self.max_units)).add(photo)

    def samples(self) -> dict[Source, Sample]:
        return {source: sample_of(kept.photos()) for source, kept in sorted(self._sources.items())}


@dataclass(eq=False)
class _Kept:
    """The photos of the units with the smallest hashes."""

    max_units: int
    _photos: dict[str, list[ObservedPhoto]] = field(default_factory=dict, init=False)
    _hashes: list[tuple[int, str]] = field(default_factory=list, init=False)

    def add(self, photo: ObservedPhoto) -> None:
        if photo.unit not in self._photos and not self._has_room(photo.unit):
            return
        self._photos.setdefault(photo.unit, []).append(photo)

    def _has_room(self, unit: str) -> bool:
        """Whether a new unit is kept, in place of the one with the largest hash where there are enough."""
        entry = (-unit_hash(unit), unit)
        if len(self._hashes) < self.max_units:
            heapq.heappush(self._hashes, entry)
            return True
        _, dropped = heapq.heappushpop(self._hashes, entry)
        self._photos.pop(dropped, None)
        return dropped != unit

    def photos(self) -> list[ObservedPhoto]:
        return [photo for unit in sorted(self._photos) for photo in self._photos[unit]]


def unit_hash(unit: str) -> int:
    """By which units are drawn: those with the smallest hashes are kept."""
    return int.from_bytes(hashlib.sha256(unit.encode()).digest()[:8], "big")


def sample_of(photos: Sequence[ObservedPhoto]) -> Sample:
    """The arrays of photos of one source."""
    numbers = {unit: number for number, unit in enumerate(dict.fromkeys(photo.unit for photo in photos))}
    garments = [garment for photo in photos for garment in photo.garments]
    counts = np.array([len(photo.garments) for photo in photos], np.int64)
    photo_units = np.array([numbers[photo.unit] for photo in photos], np.int64)
    embedded = [index for index, garment in enumerate(garments) if garment.embedding is not None]
    return Sample(
        units=len(numbers),
        photo_units=photo_units,
        garment_counts=counts,
        garment_units=np.repeat(photo_units, counts),
        labels=np.array([garment.label for garment in garments], np.str_),
        colors=np.array([garment.color for garment in garments], np.str_),
        scores=np.array([garment.score for garment in garments], np.float32),
        label_scores=np.array([garment.label_score for garment in garments], np.float32),
        embedded=np.array(embedded, np.int64),
        embeddings=_stacked(garments[index].embedding for index in embedded),
    )


def _stacked(rows: Iterable[FloatArray | None]) -> FloatArray:
    kept = [row for row in rows if row is not None]
    return np.stack(kept).astype(np.float32) if kept else np.zeros((0, 0), np.float32)


Samples: TypeAlias = Mapping[Source, Sample]
"""The samples of one window, by source."""
