"""What a detection data set in the layout of ultralytics holds, without reading its pictures' pixels."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from domain.errors import InvalidInput
from models.manifest import file_sha256
from training.data.boxed_pictures import SUFFIXES, label_file, names_by_class

IGNORE = "ignore"
"""The class of what people rejected: regions that look like garments and are none."""
BOX_NUMBERS, FEWEST_POLYGON_NUMBERS = 5, 7


@dataclass(frozen=True, slots=True)
class SplitSurvey:
    """A split: pictures, objects by label, how many of them are polygons, and a sha256 over all its files."""

    pictures: int
    objects: Mapping[str, int]
    polygons: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DatasetSurvey:
    """The labels by class id, and the splits that data.yaml names: train, val, maybe test."""

    labels: tuple[str, ...]
    splits: Mapping[str, SplitSurvey]

    def facts(self) -> dict[str, str]:
        """What a run's report says of its data."""
        facts = {f"{name} pictures": str(split.pictures) for name, split in self.splits.items()}
        facts |= {f"{name} objects": str(sum(split.objects.values())) for name, split in self.splits.items()}
        return facts | {f"{name} sha256": split.sha256 for name, split in self.splits.items()}


def survey_dataset(table: Path) -> DatasetSurvey:
    """Read data.yaml and all label files.

    Raises:
        InvalidInput: a file is missing or cannot be read, or a split for training or validation is empty.
    """
    if not table.is_file():
        raise InvalidInput("data.path", f"must be a data.yaml: {table}")
    try:
        content = yaml.safe_load(table.read_text(encoding="utf-8"))
        root = table.parent / (content.get("path") or "")
        labels = names_by_class(content["names"])
        folders = {name: root / content[name] for name in ("train", "val")}
        folders |= {"test": root / content["test"]} if content.get("test") else {}
    except (yaml.YAMLError, KeyError, AttributeError, TypeError) as error:
        raise InvalidInput("data.path", f"{table.name} must name train, val and names: {error}") from error
    splits = {name: _split(folder, labels) for name, folder in folders.items()}
    for name in ("train", "val"):
        if not splits[name].pictures:
            raise InvalidInput("data.path", f"holds no pictures for {name}: {folders[name]}")
    return DatasetSurvey(labels, splits)


def _split(folder: Path, labels: tuple[str, ...]) -> SplitSurvey:
    digest, objects, polygons, pictures = hashlib.sha256(), Counter[str](), 0, 0
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in SUFFIXES:
            continue
        pictures += 1
        place = label_file(path)
        lines = place.read_text(encoding="utf-8") if place.is_file() else ""
        digest.update(f"{file_sha256(path)} {lines}\n".encode())
        for line in filter(None, map(str.split, lines.splitlines())):
            objects[labels[_class_id(line, place, len(labels))]] += 1
            polygons += len(line) >= FEWEST_POLYGON_NUMBERS
    return SplitSurvey(pictures, dict(objects), polygons, digest.hexdigest())


def _class_id(line: list[str], path: Path, classes: int) -> int:
    is_whole = line[0].isdigit() and (len(line) == BOX_NUMBERS or len(line) >= FEWEST_POLYGON_NUMBERS)
    if not is_whole or int(line[0]) >= classes:
        raise InvalidInput(
            "data.path",
            f"{path.name}: each line must be a class from 0 to {classes - 1} with a box or a polygon",
        )
    return int(line[0])
