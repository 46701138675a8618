"""What the detector says about street photos of people, which it was not made for."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from domain.types import AnalyzedItem, Pixels
from imaging.decode import DecodeLimits, decode
from training.evaluation.serving import ServingPath


@dataclass(frozen=True, slots=True, eq=False)
class PeoplePhoto:
    """A photo with the items found in it; none where the whole photo stands in."""

    name: str
    picture: Pixels
    items: tuple[AnalyzedItem, ...]


def look_at_people(path: ServingPath) -> list[PeoplePhoto]:
    """The photos that the ultralytics package brings along; none where it is not installed."""
    return [_look(path, file) for file in ultralytics_photos()]


def ultralytics_photos() -> list[Path]:
    """Their files; the package is found, not imported."""
    spec = importlib.util.find_spec("ultralytics")
    if spec is None or spec.origin is None:
        return []
    return sorted((Path(spec.origin).parent / "assets").glob("*.jpg"))


def _look(path: ServingPath, file: Path) -> PeoplePhoto:
    picture = decode(file.read_bytes(), DecodeLimits())
    items = tuple(item for item in path.look(picture).items if not item.whole_image)
    return PeoplePhoto(file.name, picture, items)
