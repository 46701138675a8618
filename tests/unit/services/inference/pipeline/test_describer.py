from __future__ import annotations

from pathlib import Path

import numpy as np

from domain.taxonomy import Taxonomy
from domain.types import AnalyzedItem, Box
from imaging.colors import Palette
from models.attributes import AttributeClassifier, Vocabulary
from services.inference.pipeline.describer import Describer

TAXONOMY = Taxonomy.load(Path(__file__).parents[5] / "domain/taxonomy.toml")
BOX = Box(0, 0, 32, 32)
WORDS = np.eye(2, dtype=np.float32)
NAMES = {"category": ("dress", "hat"), "pattern": ("plain", "striped")}


def described(names: dict[str, tuple[str, ...]]) -> AnalyzedItem:
    """A navy garment of which the embedder says the first word of each question."""
    vocabularies = {name: Vocabulary(values, WORDS) for name, values in names.items()}
    describer = Describer(AttributeClassifier(vocabularies, 10.0), Palette.of(TAXONOMY))
    crop = describer.describe_crop(np.full((32, 32, 3), (20, 26, 60), np.uint8), BOX, include_jpeg=False)
    (item,) = describer.describe_items([AnalyzedItem(BOX, 0.9, "dress")], WORDS[:1], [crop])
    return item


def test_the_attribute_color_is_the_main_colour_whatever_the_embedder_says() -> None:
    item = described({**NAMES, "color": ("red", "yellow")})
    assert [color.name for color in item.colors] == ["navy"]
    assert (item.attributes["color"].value, item.attributes["color"].score) == ("navy", 1.0)
    assert [entry.value for entry in item.attributes["color"].alternatives] == ["navy", "red", "yellow"]
    assert (item.attributes["category"].value, item.attributes["pattern"].value) == ("dress", "plain")


def test_a_taxonomy_without_the_attribute_gets_none() -> None:
    assert described(NAMES).attributes.keys() == NAMES.keys()
