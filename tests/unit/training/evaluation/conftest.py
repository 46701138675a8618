from __future__ import annotations

from dataclasses import replace

import pytest

from training.evaluation.average_precision import SceneFigures, SceneRow
from training.evaluation.categories import measure_categories
from training.evaluation.colors import FamilyFigures, FamilyRow
from training.evaluation.detection import BoxFigures
from training.evaluation.figures import Figures, ModelFacts
from training.evaluation.intervals import Estimate
from training.evaluation.speed import SpeedRow
from training.evaluation.synonyms import SynonymFigures, SynonymRow
from training.evaluation.texts import QueryRow, TextFigures
from training.evaluation.words import WordFigures, WordRow
from training.evaluation.worn import WornFigures, WornRow


@pytest.fixture
def figures() -> Figures:
    """Of four photos in two categories, each figure another number; without texts, boxes, scenes, times."""
    answers = {
        "whole photo, zero-shot": ["dress", "dress", "hat", "bag"],
        "item, zero-shot": ["dress", "hat", "hat", "hat"],
        "item, the detector's label": ["", "hat", "hat", "dress"],
    }
    wanted, names = ["dress", "dress", "hat", "hat"], ("dress", "hat")
    served = {"whole photo": estimate(0.1), "item": estimate(0.2), "as served": estimate(0.3)}
    return Figures(
        command="python -m training evaluate",
        data="toys",
        split="validation",
        caveat="",
        photos=4,
        contributors=3,
        categories=names,
        machine={},
        models=(
            ModelFacts("small", "small-1", "AGPL-3.0", "320 x 320", 3.8, {"detector": 3.6}),
            ModelFacts("towers", "towers-1", "Apache-2.0", "96 x 96", 15.6, {"image": 11.5, "text": 3.9}),
        ),
        category={way: measure_categories(wanted, found, names) for way, found in answers.items()},
        boxed=estimate(0.41),
        boxes_per_photo=estimate(1.42),
        same_category=served,
        same_category_ceiling=0.9,
        itself={"mirrored": {way: replace(e, value=e.value + 0.5) for way, e in served.items()}},
        texts={},
        boxes=None,
        scenes=None,
        cutouts={},
        people={},
        speed=(),
    )


@pytest.fixture
def full_figures(figures: Figures) -> Figures:
    """The same with everything that may be left out."""
    row = QueryRow("red hat", "hat", "red", 7, 1.0, 0.6, ("a", "b"), (True, False))
    boxes = BoxFigures(*(estimate(value) for value in (0.94, 0.74, 0.08, 0.87, 0.79, 0.62)))
    scenes = SceneFigures(20, 35, 0.576, 0.488, 0.487, (SceneRow("hat", 35, 0.58, 0.49, 0.48),))
    tower = SpeedRow("image tower", "96 x 96", 3.1, "ViT-B/32", "224 x 224", 98.8, 0.031, 0.03, 0.032, 15)
    return replace(
        figures,
        texts={"as served": TextFigures(estimate(0.645), 0.95, 0, (row,))},
        boxes=boxes,
        scenes=scenes,
        cutouts={"right": estimate(0.75)},
        people={"bus.jpg": ["shoes 0.48"], "zidane.jpg": []},
        worn=WornFigures(
            100,
            *(estimate(value) for value in (0.71, 0.52, 0.21, 0.02)),
            (WornRow("bag", 79, 0.4, 0.3, 60, 0.1, 0.2),),
        ),
        products={"on white, item": figures.category["item, zero-shot"]},
        synonyms={
            "as served": SynonymFigures(
                estimate(0.55),
                0.9,
                700,
                (SynonymRow("frock", 9, 1.0, 0.4, ("Dress", "Skirt"), (True, False)),),
            )
        },
        families={
            "worn": FamilyFigures(
                100, estimate(0.77), None, (FamilyRow("black", 36, 0.9, {"grey": 3, "blue": 1}),)
            ),
            "lying": FamilyFigures(100, None, estimate(0.71), (FamilyRow("red", 4, 1.0, {}),)),
        },
        words={
            "fit": WordFigures(
                False, estimate(0.21), 0.2, estimate(0.27), 0.68, (WordRow("slim", 24, 0.04, 12),)
            )
        },
        speed=(tower, replace(tower, name="detector", beside="YOLOv8n", ratio=0.065)),
    )


def estimate(value: float) -> Estimate:
    """An interval of a tenth to either side, over four cases."""
    return Estimate(value, value - 0.1, value + 0.1, 4)
