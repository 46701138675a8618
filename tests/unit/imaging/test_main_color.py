from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from domain.taxonomy import Taxonomy
from domain.types import ColorShare
from imaging.ciede2000 import ciede2000
from imaging.colors import lab_of
from imaging.main_color import WIDTH, MainColor

TAXONOMY = Taxonomy.load(Path(__file__).parents[3] / "domain/taxonomy.toml")


def named(name: str) -> MainColor:
    return MainColor.named(name, TAXONOMY)


def test_colours_agree_less_the_more_they_differ() -> None:
    assert named("blue").agreement(named("blue")) == 1.0
    for one, other in combinations(TAXONOMY.colors, 2):
        agreement = named(one).agreement(named(other))
        assert agreement == named(other).agreement(named(one))
        assert 0.0 <= agreement < 1.0, (one, other)
    assert named("navy").agreement(named("denim")) > named("navy").agreement(named("light blue"))
    assert named("black").agreement(named("charcoal")) > named("black").agreement(named("white"))
    assert named("red").agreement(named("blue")) < 0.15
    difference = float(ciede2000(np.array(TAXONOMY.colors["black"]), np.array(TAXONOMY.colors["charcoal"])))
    assert named("black").agreement(named("charcoal")) == pytest.approx(
        np.exp(-((difference / WIDTH) ** 2) / 2)
    )


def test_a_colour_that_is_named_is_met_by_any_of_its_centres() -> None:
    shaded = MainColor(np.array([TAXONOMY.color_variants["white"][0]], np.float32))
    assert named("white").agreement(shaded) == 1.0
    assert named("silver").agreement(shaded) < 0.9


def test_a_measured_colour_is_where_its_pixels_are_and_a_named_one_in_the_centre() -> None:
    measured = MainColor.of([ColorShare("navy", 0.6, 0x102040)], TAXONOMY)
    assert measured.labs.tolist() == [lab_of(0x102040).tolist()]
    said = MainColor.of([ColorShare("navy", 0.0, 0xFF0000)], TAXONOMY)
    assert np.array_equal(said.labs, named("navy").labs)
    assert MainColor.of([ColorShare("of another taxonomy", 0.0, 0xFF0000)], TAXONOMY).labs.tolist() == [
        lab_of(0xFF0000).tolist()
    ]


def test_what_people_would_call_a_garment_counts_as_much_as_how_it_is_measured() -> None:
    shaded = MainColor.of([ColorShare("silver", 0.7, 0x9A9CA8), ColorShare("white", 0.3, 0xE0E0E6)], TAXONOMY)
    white, grey = named("white"), named("grey")
    assert white.name is not None
    (likely,) = white.name.likely([shaded.measured]).tolist()
    measured = MainColor(shaded.labs)
    assert white.agreement(shaded) == pytest.approx(
        0.5 * white.agreement(measured) + 0.5 * likely**0.5, abs=1e-5
    )
    assert white.agreement(measured) != pytest.approx(white.agreement(shaded), abs=0.01)
    assert white.agreements([shaded, measured, grey]).tolist() == pytest.approx(
        [white.agreement(shaded), white.agreement(measured), white.agreement(grey)], abs=1e-5
    )


def test_two_garments_agree_by_what_is_measured_alone() -> None:
    one, other = (MainColor.of([ColorShare("red", 1.0, rgb)], TAXONOMY) for rgb in (0xC02030, 0xB02838))
    assert one.agreement(other) == MainColor(one.labs).agreement(MainColor(other.labs))
