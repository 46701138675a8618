from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from domain.taxonomy import Taxonomy
from domain.types import ColorShare
from imaging.ciede2000 import ciede2000
from imaging.colors import lab_of
from imaging.main_color import FAR, MainColor

TAXONOMY = Taxonomy.load(Path(__file__).parents[3] / "domain/taxonomy.toml")


def named(name: str) -> MainColor:
    return MainColor.named(name, TAXONOMY)


def test_every_shade_of_a_family_agrees_more_than_every_other_colour() -> None:
    for one, other in combinations(TAXONOMY.colors, 2):
        of_family = TAXONOMY.family_of(one) == TAXONOMY.family_of(other)
        agreement = named(one).agreement(named(other))
        assert agreement == named(other).agreement(named(one))
        assert (0.5 <= agreement < 1.0) if of_family else (0.0 <= agreement < 0.5), (one, other)


def test_a_colour_agrees_with_itself_and_with_near_shades_more() -> None:
    assert named("blue").agreement(named("blue")) == 1.0
    assert named("navy").agreement(named("denim")) > named("navy").agreement(named("light blue"))
    assert named("black").agreement(named("charcoal")) > named("black").agreement(named("white")) == 0.0
    difference = float(ciede2000(named("black").lab, named("charcoal").lab))
    assert named("black").agreement(named("charcoal")) == pytest.approx((1 - difference / FAR) / 2)


def test_a_measured_colour_is_where_its_pixels_are_and_a_named_one_in_the_centre() -> None:
    measured = MainColor.of(ColorShare("navy", 0.6, 0x102040), TAXONOMY)
    assert measured.family == "blue"
    assert measured.lab.tolist() == lab_of(0x102040).tolist()
    said = MainColor.of(ColorShare("navy", 0.0, 0xFF0000), TAXONOMY)
    assert said.family == "blue"
    assert np.array_equal(said.lab, named("navy").lab)
    assert MainColor.of(ColorShare("of another taxonomy", 0.0, 0xFF0000), TAXONOMY).lab.tolist() == (
        lab_of(0xFF0000).tolist()
    )
