"""Reads a detection data set in the layout of ultralytics: data.yaml, images/ and labels/."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from domain.errors import InvalidInput
from domain.types import FloatArray, Pixels
from training.data.thumbnails import read_picture

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}


@dataclass(frozen=True, slots=True, eq=False)
class BoxedPicture:
    """A picture file with its boxes.

    Attributes:
        source: its folder below the split, such as "street"; empty if it lies in the split itself.
        boxes_xyxy: (N, 4) float32, as shares of the picture's sides.
        class_ids: (N,) int64.
    """

    path: Path
    source: str
    boxes_xyxy: FloatArray
    class_ids: npt.NDArray[np.int64]

    def pixels(self) -> Pixels:
        """The picture (H, W, 3), upright."""
        return read_picture(self.path)


@dataclass(frozen=True, slots=True)
class DetectionDataset:
    """The labels by class id, and the pictures of two splits."""

    labels: tuple[str, ...]
    train: tuple[BoxedPicture, ...]
    dev: tuple[BoxedPicture, ...]


def read_dataset(table: Path) -> DetectionDataset:
    """Read data.yaml (`path`, `train`, `val`, `names`) and the label files that belong to its pictures.

    A picture without a label file has no garment.

    Raises:
        InvalidInput: a file is missing or cannot be read; the error names it.
    """
    if not table.is_file():
        raise InvalidInput("dataset", f"must be a data.yaml: {table}")
    try:
        content = yaml.safe_load(table.read_text(encoding="utf-8"))
        root = table.parent / content.get("path", "")
        labels = names_by_class(content["names"])
        folders = [root / content[split] for split in ("train", "val")]
    except (yaml.YAMLError, KeyError, AttributeError, TypeError) as error:
        raise InvalidInput(
            "dataset", f"{table.name} must name path, train, val and names: {error}"
        ) from error
    train, dev = (tuple(_read_split(folder, len(labels))) for folder in folders)
    if not train:
        raise InvalidInput("dataset", f"holds no pictures for training: {folders[0]}")
    return DetectionDataset(labels, train, dev)


def names_by_class(names: Sequence[str] | Mapping[int, str]) -> tuple[str, ...]:
    """Names as a list, or by class id."""
    if isinstance(names, Mapping):
        return tuple(names[index] for index in sorted(names))
    return tuple(names)


def _read_split(folder: Path, classes: int) -> Iterator[BoxedPicture]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES:
            boxes, class_ids = _read_boxes(label_file(path), classes)
            parent = path.parent.relative_to(folder)
            yield BoxedPicture(path, "" if parent == Path() else parent.as_posix(), boxes, class_ids)


def label_file(path: Path) -> Path:
    """The file in labels/ beside the last images/ of the path. Source: ultralytics' img2label_paths."""
    parts = list(path.with_suffix(".txt").parts)
    for index in range(len(parts) - 2, -1, -1):
        if parts[index] == "images":
            parts[index] = "labels"
            break
    return Path(*parts)


def _read_boxes(path: Path, classes: int) -> tuple[FloatArray, Any]:
    lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    try:
        rows = np.array([line.split() for line in lines if line.strip()], np.float32).reshape(-1, 5)
    except ValueError as error:
        raise InvalidInput("dataset", f"{path.name}: each line must be class, x, y, width, height") from error
    class_ids = rows[:, 0].astype(np.int64)
    if len(rows) and (class_ids.min() < 0 or class_ids.max() >= classes):
        raise InvalidInput("dataset", f"{path.name}: classes must be 0 to {classes - 1}")
    half = rows[:, 3:] / 2
    boxes = np.concatenate([rows[:, 1:3] - half, rows[:, 1:3] + half], axis=1).clip(0, 1)
    return boxes.astype(np.float32), class_ids
