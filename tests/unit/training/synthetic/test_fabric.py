from __future__ import annotations

import numpy as np
import pytest

from domain.taxonomy import Taxonomy
from training.synthetic.fabric import background, patterns, weave

BASE, ACCENT = (20, 30, 160), (240, 240, 240)


def test_every_pattern_of_the_taxonomy_can_be_woven(taxonomy: Taxonomy) -> None:
    assert set(patterns()) == set(taxonomy.attribute("pattern").values)


def test_plain_fabric_shows_the_base_colour_alone() -> None:
    fabric = weave(96, "plain", BASE, ACCENT, np.random.default_rng(1))
    assert np.abs(fabric.reshape(-1, 3).mean(axis=0) - BASE).max() < 2


@pytest.mark.parametrize("pattern", ["striped", "checked", "dotted", "floral", "printed"])
def test_patterns_show_both_colours(pattern: str) -> None:
    fabric = weave(160, pattern, BASE, ACCENT, np.random.default_rng(1)).astype(int)
    near_base = (np.abs(fabric - BASE).max(axis=2) < 30).mean()
    near_accent = (np.abs(fabric - ACCENT).max(axis=2) < 130).mean()
    assert near_base > 0.1
    assert near_accent > 0.003


def test_stripes_run_one_way() -> None:
    plane = patterns()["striped"](120, np.random.default_rng(0))
    across = max(plane.std(axis=0).max(), plane.std(axis=1).max())
    along = min(plane.std(axis=0).max(), plane.std(axis=1).max())
    assert across > 0.3
    assert along == 0


def test_backgrounds_have_the_size_asked_for_and_differ() -> None:
    rng = np.random.default_rng(5)
    pictures = [background(40, 70, rng) for _ in range(8)]
    assert {picture.shape for picture in pictures} == {(40, 70, 3)}
    assert len({picture.tobytes() for picture in pictures}) == 8


def test_an_unknown_pattern_is_refused() -> None:
    with pytest.raises(KeyError):
        weave(32, "paisley", BASE, ACCENT, np.random.default_rng(0))
