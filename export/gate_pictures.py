"""The real, non-square pictures that gates measure on."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import cv2
import numpy as np

from domain.types import Pixels
from export.errors import Unsupported

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
MAX_EXTRA = 16

# Top, left, bottom, right as shares of the picture. None is square: square ones hide resize bugs.
VIEWS = (
    (0.0, 0.0, 1.0, 1.0),
    (0.2, 0.0, 0.9, 0.45),
    (0.2, 0.5, 0.95, 1.0),
    (0.35, 0.1, 0.75, 0.95),
    (0.0, 0.2, 0.6, 0.98),
)


def read_gate_pictures(folder: Path | None = None) -> list[Pixels]:
    """Views of the photos that ultralytics ships, then the pictures in `folder`; all different, none square.

    Raises:
        Unsupported: ultralytics is not installed, `folder` holds no pictures, or one cannot be decoded.
    """
    photos = [read_picture(path) for path in _shipped_photos()]
    pictures = [view for photo in photos for view in view_all(photo)]
    return pictures + ([] if folder is None else _read_folder(folder))


def view_all(photo: Pixels) -> list[Pixels]:
    """The photo and four parts of it."""
    return [_view(photo, shares) for shares in VIEWS]


def pixelate(picture: Pixels, block_px: int) -> Pixels:
    """The picture (H, W, 3) in blocks of one colour: it compresses well, and is still a photo."""
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (-(-width // block_px), -(-height // block_px)), interpolation=cv2.INTER_AREA)
    large = np.repeat(np.repeat(small, block_px, axis=0), block_px, axis=1)
    return np.ascontiguousarray(large[:height, :width], dtype=np.uint8)


def _shipped_photos() -> list[Path]:
    spec = importlib.util.find_spec("ultralytics")
    if spec is None or spec.origin is None:
        raise Unsupported(
            "ultralytics is not installed; the gates measure on its photos: run `make setup-dev`"
        )
    return [Path(spec.origin).parent / "assets" / name for name in ("bus.jpg", "zidane.jpg")]


def _read_folder(folder: Path) -> list[Pixels]:
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES)[:MAX_EXTRA]
    if not paths:
        raise Unsupported(f"{folder} holds no pictures ({', '.join(sorted(SUFFIXES))})")
    return [_unsquare(read_picture(path)) for path in paths]


def read_picture(path: Path) -> Pixels:
    """A file as (H, W, 3) uint8 RGB, upright."""
    content = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    decoded = cv2.imdecode(content, cv2.IMREAD_COLOR_RGB)
    if decoded is None:
        raise Unsupported(f"{path} cannot be read as a picture")
    return np.ascontiguousarray(decoded, dtype=np.uint8)


def _view(photo: Pixels, shares: tuple[float, float, float, float]) -> Pixels:
    height, width = photo.shape[:2]
    top, left, bottom, right = shares
    rows, columns = (
        slice(int(top * height), int(bottom * height)),
        slice(int(left * width), int(right * width)),
    )
    return np.ascontiguousarray(photo[rows, columns])


def _unsquare(photo: Pixels) -> Pixels:
    return photo if photo.shape[0] != photo.shape[1] else photo[: photo.shape[0] * 3 // 4]
