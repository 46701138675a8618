"""Thumbnails: small decoded photos with the garment's mask, cached on disk between runs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from domain.atomic_file import atomic_file
from domain.types import Pixels
from training.data.cutout import Mask, cut_out


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnails:
    """N pictures, each in the upper left corner of a square of `side` pixels.

    pixels (N, side, side, 3) uint8 RGB; masks (N, side, side) uint8, all zero if no cut-out was found;
    sizes (N, 2) int64, height and width of each picture.
    """

    pixels: npt.NDArray[np.uint8]
    masks: npt.NDArray[np.uint8]
    sizes: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.pixels)

    def picture(self, index: int) -> Pixels:
        """The picture without its padding."""
        height, width = self.sizes[index]
        return self.pixels[index, :height, :width]

    def mask(self, index: int) -> Mask | None:
        """The garment's mask, or None if no cut-out was found."""
        height, width = self.sizes[index]
        mask = self.masks[index, :height, :width]
        return mask if mask.any() else None


def load_thumbnails(paths: Sequence[Path], side: int, cache: Path, workers: int = 2) -> Thumbnails:
    """Decode and cut out each photo, or read the result of an earlier run from `cache`.

    A cached result is used as long as the size and modification time of every photo are unchanged.
    """
    key = hashlib.sha256(f"4 {side} {[str(path) for path in paths]}".encode()).hexdigest()[:16]
    file = cache / f"thumbnails-{key}.npz"
    states = [path.stat() for path in paths]
    files = np.array([(state.st_size, state.st_mtime_ns) for state in states], np.int64).reshape(-1, 2)
    if not _holds(file, files):
        cache.mkdir(parents=True, exist_ok=True)
        made = _make(paths, side, workers)
        with atomic_file(file) as unfinished:  # another process may write the same file
            np.savez(unfinished, pixels=made.pixels, masks=made.masks, sizes=made.sizes, files=files)
    with np.load(file) as stored:
        return Thumbnails(stored["pixels"], stored["masks"], stored["sizes"])


def read_picture(path: Path) -> Pixels:
    """Decode a photo to (H, W, 3) RGB, upright."""
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if picture is None:
        raise OSError(f"cannot decode {path}")
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)


def shrink(picture: Pixels, side: int) -> Pixels:
    """Scale so that the longer side is `side` pixels."""
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _holds(file: Path, files: npt.NDArray[np.int64]) -> bool:
    """Whether `file` was made from photos of these sizes and modification times (N, 2).

    A file of an earlier version, which does not record them, must be newer than all photos.
    """
    if not file.is_file():
        return False
    with np.load(file) as stored:
        if "files" in stored:
            return np.array_equal(stored["files"], files)
    return file.stat().st_mtime_ns > int(files[:, 1].max(initial=0))


def _make(paths: Sequence[Path], side: int, workers: int) -> Thumbnails:
    result = Thumbnails(
        np.zeros((len(paths), side, side, 3), np.uint8),
        np.zeros((len(paths), side, side), np.uint8),
        np.zeros((len(paths), 2), np.int64),
    )
    with ThreadPoolExecutor(workers) as pool:
        rows = pool.map(_thumbnail, paths, [side] * len(paths))
        for index, (picture, mask) in enumerate(tqdm(rows, total=len(paths), desc="photos")):
            height, width = picture.shape[:2]
            result.sizes[index] = height, width
            result.pixels[index, :height, :width] = picture
            if mask is not None:
                result.masks[index, :height, :width] = mask
    return result


def _thumbnail(path: Path, side: int) -> tuple[Pixels, Mask | None]:
    picture = shrink(read_picture(path), side)
    return picture, cut_out(picture)
