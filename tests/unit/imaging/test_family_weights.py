from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.taxonomy import Taxonomy
from imaging.colors import Palette, dominant_colors, shown_families
from imaging.family_weights import FamilyWeights

TAXONOMY = Taxonomy.load(Path(__file__).parents[3] / "domain/taxonomy.toml")
PALETTE = Palette.of(TAXONOMY)
FAMILIES = tuple(sorted(set(PALETTE.families)))
COUNT = len(FAMILIES)
RED_CLOTH = np.full((40, 40, 3), (150, 50, 55), np.uint8)


def always(family: str) -> FamilyWeights:
    offsets = np.array([name == family for name in FAMILIES], np.float32)
    return FamilyWeights(FAMILIES, np.zeros((COUNT, COUNT), np.float32), offsets)


def test_the_weights_are_fitted_for_the_families_of_the_taxonomy() -> None:
    assert PALETTE.weights is not None
    assert PALETTE.weights.families == FAMILIES


def test_there_are_none_for_other_families() -> None:
    assert FamilyWeights.fitted_for(("black", "white")) is None


def test_what_is_shown_sums_to_one() -> None:
    shown = shown_families(RED_CLOTH, PALETTE)
    assert shown.sum() == pytest.approx(1.0, abs=1e-5)
    assert FAMILIES[int(shown.argmax())] == "red"


def test_the_likeliest_family_comes_first_though_its_share_is_smaller() -> None:
    crop = RED_CLOTH.copy()
    crop[12:28, 12:28] = (255, 255, 255)
    by_share = dominant_colors(crop, replace(PALETTE, weights=None))
    assert [share.name for share in by_share] == ["white", "burgundy"]
    told = dominant_colors(crop, replace(PALETTE, weights=always("red")))
    assert [share.name for share in told] == ["burgundy", "white"]
    assert {share.name: share.fraction for share in told} == {s.name: s.fraction for s in by_share}


def test_a_colour_is_named_within_the_likeliest_family_where_none_shows_it() -> None:
    (share,) = dominant_colors(RED_CLOTH, replace(PALETTE, weights=always("pink")))
    assert TAXONOMY.family_of(share.name) == "pink"
    assert share.rgb == 150 << 16 | 50 << 8 | 55


def test_plain_cloth_in_a_colour_of_the_palette_is_called_by_it() -> None:
    white = np.full((40, 40, 3), 236, np.uint8)
    (share,) = dominant_colors(white, replace(PALETTE, weights=always("pink")))
    assert share.name == "white"
