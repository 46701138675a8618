"""Copies of photos: how many the hash finds, and how many different photos it takes for copies.

The same with the embedding of the whole photo, at the cosine that finds as many copies as the hash.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from bench.options import Commands, add_command, inputs_note, load_raw, scratch
from bench.report import Table, log, publish
from domain.types import FloatArray, Pixels
from imaging.decode import DecodeLimits, decode
from imaging.jpeg import encode_jpeg
from imaging.pdq import MAX_DISTANCE, PhotoHash, distances, hash_photo, to_words

HEADERS = ("", "copies found by the hash", "by the embedding")
LIMITS = DecodeLimits()
BATCH = 16


def resized(pixels: Pixels, factor: float) -> Pixels:
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=how), np.uint8)


def brighter(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.convertScaleAbs(pixels, alpha=1.1, beta=8), np.uint8)


def cropped(pixels: Pixels) -> Pixels:
    """Without 1 % of its sides at each edge."""
    height, width = pixels.shape[:2]
    top, left = max(height // 100, 1), max(width // 100, 1)
    return np.ascontiguousarray(pixels[top:-top, left:-left])


COPIES: Mapping[str, Callable[[Pixels], bytes]] = {
    "half the size": lambda pixels: encode_jpeg(resized(pixels, 0.5)),
    "three times the size": lambda pixels: encode_jpeg(resized(pixels, 3)),
    "JPEG of quality 50": lambda pixels: _jpeg(pixels, 50),
    "brighter by 10 %": lambda pixels: encode_jpeg(brighter(pixels)),
    "2 % of each side cropped": lambda pixels: encode_jpeg(cropped(pixels)),
}


@dataclass(frozen=True, slots=True, eq=False)
class Looks:
    """What is kept of photos: their hashes, and the embeddings (N, D) of the whole photos."""

    hashes: list[PhotoHash]
    embeddings: FloatArray

    @property
    def words(self) -> npt.NDArray[np.uint64]:
        return to_words([each.bits for each in self.hashes])

    @property
    def usable(self) -> npt.NDArray[np.bool_]:
        return np.array([each.usable for each in self.hashes])


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photos that the hash takes for copies."""

    first: str
    second: str
    distance: int


def add_to(commands: Commands) -> None:
    parser = add_command(
        commands,
        "duplicates",
        run,
        "Copies of photos by the hash and by the embedding: found, and false ones.",
    )
    parser.add_argument("--copied", type=int, default=1000, help="photos to make copies of (%(default)s)")


def run(arguments: argparse.Namespace) -> bool:
    paths = sorted(arguments.photos.glob("*.jpg"))
    random.Random(0).shuffle(paths)
    with scratch() as home:
        embed = load_raw(arguments, home).embed
        originals, hash_ms = looks_of([path.read_bytes() for path in paths], embed)
        log(f"{hash_ms:.1f} ms a photo for the hash")
        sample = paths[: arguments.copied]
        copies = {name: looks_of(copied(sample, copy), embed)[0] for name, copy in COPIES.items()}
    note = inputs_note(arguments, len(paths))
    publish(duplicates_table(paths, originals, copies, hash_ms, note), arguments.json)
    return True


def copied(paths: Sequence[Path], copy: Callable[[Pixels], bytes]) -> list[bytes]:
    return [copy(decode(path.read_bytes(), LIMITS)) for path in paths]


def looks_of(
    contents: Sequence[bytes], embed: Callable[[Sequence[bytes]], FloatArray]
) -> tuple[Looks, float]:
    """The looks of encoded photos, and the median of the milliseconds that a hash took."""
    hashes, times = list[PhotoHash](), list[float]()
    for content in contents:
        started = time.perf_counter()
        hashes.append(hash_photo(content, LIMITS))
        times.append(time.perf_counter() - started)
    batches = (contents[start : start + BATCH] for start in range(0, len(contents), BATCH))
    return Looks(hashes, np.concatenate([embed(batch) for batch in batches])), median(times) * 1000


def duplicates_table(
    paths: Sequence[Path], originals: Looks, copies: Mapping[str, Looks], hash_ms: float, note: str
) -> Table:
    usable, count = originals.usable, len(paths)
    within = {name: _near(originals, each) for name, each in copies.items()}
    cosines = {name: _cosines(originals, each) for name, each in copies.items()}
    found = float(np.mean([*within.values()]))
    threshold = float(np.quantile(np.concatenate([*cosines.values()]), 1 - found))
    pairs = hash_pairs(paths, originals)
    by_embedding = _pairs_above(originals.embeddings, threshold)
    rows = [
        (name, f"{within[name].mean():.3f}", f"{(cosines[name] >= threshold).mean():.3f}") for name in copies
    ]
    rows.append(("all copies", f"{found:.3f}", f"{found:.3f}"))
    rows.append(("pairs of different photos", str(len(pairs)), str(by_embedding)))
    total = count * (count - 1) // 2
    notes = [
        note,
        f"A hash takes {hash_ms:.1f} ms a photo, decoding included; {usable.mean():.3f} of the photos have a "
        f"usable one. Copies are within {MAX_DISTANCE} bits, or have a cosine of {threshold:.4f} at least, "
        f"at which as many are found. There are {total} pairs of different photos.",
    ]
    return Table("duplicates", HEADERS, rows, notes, [asdict(pair) for pair in pairs])


def hash_pairs(paths: Sequence[Path], photos: Looks) -> list[Pair]:
    """The pairs of photos within the distance of copies."""
    words, usable = photos.words, photos.usable
    pairs: list[Pair] = []
    for i in np.flatnonzero(usable).tolist():
        away = distances(photos.hashes[i].bits, words[i + 1 :])
        for j in np.flatnonzero((away <= MAX_DISTANCE) & usable[i + 1 :]).tolist():
            pairs.append(Pair(paths[i].name, paths[i + 1 + j].name, int(away[j])))
    return pairs


def _near(one: Looks, other: Looks) -> npt.NDArray[np.bool_]:
    """Whether each copy has a usable hash within the distance of its photo's."""
    count = len(other.hashes)
    away = np.bitwise_count(one.words[:count] ^ other.words).sum(axis=1)
    return np.asarray((away <= MAX_DISTANCE) & one.usable[:count] & other.usable)


def _cosines(one: Looks, other: Looks) -> FloatArray:
    """Of each copy and its photo."""
    return np.asarray((one.embeddings[: len(other.hashes)] * other.embeddings).sum(axis=1))


def _pairs_above(embeddings: FloatArray, threshold: float) -> int:
    return int((np.triu(embeddings @ embeddings.T, 1) >= threshold).sum())


def _jpeg(pixels: Pixels, quality: int) -> bytes:
    done, encoded = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return encoded.tobytes()
