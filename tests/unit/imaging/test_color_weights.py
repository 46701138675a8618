from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from domain.taxonomy import Taxonomy
from domain.types import ColorShare
from imaging.color_weights import FAMILIES as FILE
from imaging.color_weights import SHADES, ColorWeights
from imaging.colors import Palette, dominant_colors, lab_of, shown_families
from imaging.main_color import shown_shades

TAXONOMY = Taxonomy.load(Path(__file__).parents[3] / "domain/taxonomy.toml")
PALETTE = Palette.of(TAXONOMY)
FAMILIES = tuple(sorted(set(PALETTE.families)))
COUNT = len(FAMILIES)
RED_CLOTH = np.full((40, 40, 3), (150, 50, 55), np.uint8)


def always(family: str) -> ColorWeights:
    offsets = np.array([name == family for name in FAMILIES], np.float32)
    return ColorWeights(FAMILIES, np.zeros((COUNT, 2 * COUNT + 3), np.float32), offsets)


def test_the_weights_are_fitted_for_the_families_and_the_shades_of_the_taxonomy() -> None:
    assert PALETTE.weights is not None
    assert PALETTE.weights.names == FAMILIES
    shades = ColorWeights.fitted_for(SHADES, list(TAXONOMY.colors))
    assert shades is not None
    assert shades.names == tuple(sorted(TAXONOMY.colors))


def test_there_are_none_for_other_families() -> None:
    assert ColorWeights.fitted_for(FILE, ("black", "white")) is None


def test_what_is_shown_are_shares_and_the_largest_colour() -> None:
    shown = shown_families(RED_CLOTH, PALETTE)
    shares, of_all = np.exp(shown[: 2 * COUNT]).reshape(2, COUNT) - 0.01
    assert shares.sum() == pytest.approx(1.0, abs=1e-5)
    assert FAMILIES[int(shares.argmax())] == "red"
    assert of_all == pytest.approx(shares, abs=1e-5)
    assert shown[2 * COUNT :] * 100 == pytest.approx(lab_of(150 << 16 | 50 << 8 | 55), abs=0.5)


def test_garments_of_one_colour_and_of_several_show_their_shades_together() -> None:
    red, blue = ColorShare("red", 0.75, 0xCC2020), ColorShare("blue", 0.25, 0x2030C0)
    alone = np.exp(shown_shades([[red], [blue]], PALETTE)) - 0.01
    together = np.exp(shown_shades([[red, blue]], PALETTE)[0]) - 0.01
    assert alone.sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert together == pytest.approx(0.75 * alone[0] + 0.25 * alone[1], abs=1e-5)


def test_people_call_plain_cloth_by_the_name_of_its_centre() -> None:
    weights = ColorWeights.fitted_for(SHADES, list(TAXONOMY.colors))
    assert weights is not None
    for name, center in TAXONOMY.colors.items():
        rgb = np.rint(cv2.cvtColor(np.array([[center]], np.float32), cv2.COLOR_Lab2RGB)[0, 0] * 255)
        red, green, blue = np.clip(rgb, 0, 255).astype(int).tolist()
        plain = ColorShare(name, 1.0, red << 16 | green << 8 | blue)
        (likely,) = weights.probabilities(shown_shades([[plain]], PALETTE))
        assert likely.sum() == pytest.approx(1.0, abs=1e-5)
        assert likely[weights.names.index(name)] > 0.1, name


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
