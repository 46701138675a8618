"""Writes a detection data set in the layout of ultralytics, whose pictures are links to those of another."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from domain.errors import InvalidInput
from domain.types import Box


@dataclass(frozen=True, slots=True)
class BoxedFile:
    """A picture file with the category and box of each garment; `split` is train, val or test."""

    path: Path
    split: str
    garments: tuple[tuple[str, Box], ...]


def write_boxed_dataset(folder: Path, files: Sequence[BoxedFile], names: Sequence[str]) -> Path:
    """Write images/SPLIT, labels/SPLIT and data.yaml; returns the last. JSON is YAML, too.

    Raises:
        InvalidInput: a picture cannot be read.
    """
    places = {name: index for index, name in enumerate(names)}
    for file in files:
        image = folder / "images" / file.split / file.path.name
        label = folder / "labels" / file.split / f"{file.path.stem}.txt"
        for path in (image, label):
            path.parent.mkdir(parents=True, exist_ok=True)
        image.unlink(missing_ok=True)
        image.symlink_to(file.path.absolute())
        label.write_text(_lines(file, places), encoding="utf-8")
    splits = {split: f"images/{split}" for split in sorted({file.split for file in files} | {"train", "val"})}
    for place in splits.values():
        (folder / place).mkdir(parents=True, exist_ok=True)
    table = folder / "data.yaml"
    content = {"path": str(folder.absolute()), **splits, "names": list(names)}
    table.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return table


def _lines(file: BoxedFile, places: dict[str, int]) -> str:
    """A line for each garment: class, x and y of the centre, width, height, as shares of the sides."""
    if not file.garments:
        return ""
    width, height = _size(file.path)
    return "".join(
        f"{places[name]} {(b.x1 + b.x2) / 2 / width:.6f} {(b.y1 + b.y2) / 2 / height:.6f} "
        f"{b.width / width:.6f} {b.height / height:.6f}\n"
        for name, b in file.garments
    )


def _size(path: Path) -> tuple[int, int]:
    """Width and height, read from the header; those that EXIF turns are turned."""
    try:
        with Image.open(path) as picture:
            turned = picture.getexif().get(_ORIENTATION, 1) >= _FIRST_TURNED
            return (picture.height, picture.width) if turned else (picture.width, picture.height)
    except OSError as error:
        raise InvalidInput("data", f"has a picture that cannot be read: {path}") from error


_ORIENTATION, _FIRST_TURNED = 0x0112, 5
