"""Predictions for street photos of people, for which the detector was not trained."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from domain.types import AnalyzedItem, Pixels
from imaging.decode import DecodeLimits, decode
from training.evaluation.serving import ServingPath


@dataclass(frozen=True, slots=True, eq=False)
class StreetPhoto:
    """A photo with its detected items, if any."""

    name: str
    picture: Pixels
    items: tuple[AnalyzedItem, ...]


def predict_street_photos(path: ServingPath) -> list[StreetPhoto]:
    """Predict the photos of the ultralytics package; empty if it is not installed."""
    return [_look(path, file) for file in ultralytics_photos()]


def ultralytics_photos() -> list[Path]:
    """The photo files in the ultralytics package, which is located without importing it."""
    spec = importlib.util.find_spec("ultralytics")
    if spec is None or spec.origin is None:
        return []
    return sorted((Path(spec.origin).parent / "assets").glob("*.jpg"))


def _look(path: ServingPath, file: Path) -> StreetPhoto:
    picture = decode(file.read_bytes(), DecodeLimits())
    items = tuple(item for item in path.predict(picture).items if not item.whole_image)
    return StreetPhoto(file.name, picture, items)
