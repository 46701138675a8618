"""All measured figures, as they are written to figures.json."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from training.evaluation.average_precision import SceneFigures
from training.evaluation.categories import CategoryFigures
from training.evaluation.colors import FamilyFigures
from training.evaluation.detection import BoxFigures
from training.evaluation.intervals import Estimate
from training.evaluation.speed import SpeedRow
from training.evaluation.synonyms import SynonymFigures
from training.evaluation.texts import TextFigures
from training.evaluation.words import WordFigures
from training.evaluation.worn import WornFigures


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """Facts about one artifact; sizes are in MB (10^6 bytes), `size_mb` is that of all its files."""

    name: str
    version: str
    license: str
    input: str
    size_mb: float
    graphs_mb: dict[str, float]


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures; those that could not be measured are None or empty.

    `category` is by method of prediction, `products` by what was looked at, `same_category`, `texts` and
    `synonyms` are by search mode, `itself` by perturbation and search mode, `families` by what the garments
    do (worn, lying), `words` by attribute, `cutouts` by verdict, `people` by photo. `contributors` is the
    number of senders; `caveat` restricts what the figures mean.
    """

    command: str
    data: str
    split: str
    caveat: str
    photos: int
    contributors: int
    categories: tuple[str, ...]
    machine: dict[str, str]
    models: tuple[ModelFacts, ...]
    category: dict[str, CategoryFigures]
    boxed: Estimate
    boxes_per_photo: Estimate
    same_category: dict[str, Estimate]
    same_category_ceiling: float
    itself: dict[str, dict[str, Estimate]]
    texts: dict[str, TextFigures]
    boxes: BoxFigures | None
    scenes: SceneFigures | None
    cutouts: dict[str, Estimate]
    people: dict[str, list[str]]
    speed: tuple[SpeedRow, ...]
    worn: WornFigures | None = None
    products: dict[str, CategoryFigures] = field(default_factory=dict)
    synonyms: dict[str, SynonymFigures] = field(default_factory=dict)
    families: dict[str, FamilyFigures] = field(default_factory=dict)
    words: dict[str, WordFigures] = field(default_factory=dict)

    def to_json(self) -> str:
        """Serialise with four decimals."""
        return json.dumps(_rounded(asdict(self)), indent=1) + "\n"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(inner) for inner in value]
    return value
