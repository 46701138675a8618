from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from domain.preference_rules import Facet, PreferenceRules
from domain.preferences import Appearance, Preferences, Signal
from domain.types import ModelVersion
from services.outfits.taste import Affinity, Taste
from settings import ROOT

RULES = PreferenceRules.load(ROOT / "domain/preference_rules.toml")
VERSION = ModelVersion("model-1", "square-1")
NAVY, RED = ({Facet.COLOR: (color,), Facet.TYPE: ("coat",)} for color in ("navy", "red"))


def seen(traits: dict[Facet, tuple[str, ...]], *vector: float) -> Appearance:
    return Appearance(traits, np.array(vector, np.float32) if vector else None)


def after(*feedback: tuple[float, Appearance]) -> Taste:
    known = Preferences()
    for weight, each in feedback:
        known = known.plus(Signal(1, weight, each), VERSION, RULES.half_life_us)
    return Taste(known, RULES)


def test_of_a_new_end_user_nothing_is_known() -> None:
    assert Taste(Preferences(), RULES).affinities([seen(NAVY, 1, 0), seen({})]) == [Affinity(), Affinity()]
    assert Taste(Preferences(), RULES).affinities([]) == []


def test_what_was_liked_suits_better_and_says_why() -> None:
    navy, red = after((1.0, seen(NAVY)), (-1.0, seen(RED))).affinities([seen(NAVY), seen(RED)])
    assert -1 < red.value < 0 < navy.value < 1
    assert (navy.facet, navy.word) == (Facet.COLOR, "navy")
    assert (red.facet, red.word) == (Facet.COLOR, "red")
    (again, _) = after((1.0, seen(NAVY)), (1.0, seen(NAVY)), (-1.0, seen(RED))).affinities(
        [seen(NAVY), seen(RED)]
    )
    assert again.value > navy.value


def test_embeddings_count_by_how_they_differ() -> None:
    taste = after((1.0, seen({}, 1, 0)), (-1.0, seen({}, 0, 1)))
    near, between, far, none = taste.affinities(
        [seen({}, 1, 0), seen({}, 0.7, 0.7), seen({}, 0, 1), seen({})]
    )
    assert near.value > between.value > far.value
    assert near.value == pytest.approx(-far.value)
    assert (near.facet, none.value) == (Facet.EMBEDDING, 0.0)
    alike = taste.affinities([seen({}, 1, 0), seen({}, 1, 0)])
    assert [each.value for each in alike] == [0.0, 0.0]


def test_a_facet_without_a_share_does_not_count() -> None:
    shares = dict.fromkeys(Facet, 0.0) | {Facet.TYPE: 1.0}
    known = Preferences().plus(Signal(1, 1.0, seen(NAVY)), VERSION, RULES.half_life_us)
    (navy, red) = Taste(known, replace(RULES, facets=shares)).affinities([seen(NAVY), seen(RED)])
    assert navy == red
    assert navy.word == "coat"
