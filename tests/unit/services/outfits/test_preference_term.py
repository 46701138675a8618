from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.preference_rules import Facet
from services.outfits.preference_term import PreferenceTerm
from services.outfits.scorer import PREFERENCE, Term
from services.outfits.taste import Affinity
from tests.unit.services.outfits.wardrobes import piece, wardrobe

SHARE = 0.2
POOL = wardrobe(40, seed=1)


def test_pieces_of_which_nothing_is_known_add_nothing() -> None:
    assert PreferenceTerm({}, SHARE)([piece("navy coat")]) == Term(PREFERENCE, 0.0, SHARE)
    assert PreferenceTerm({}, SHARE)([]).points == 0.0


@given(
    st.lists(st.sampled_from(POOL), min_size=1, max_size=8, unique_by=lambda each: each.item_id),
    st.lists(st.floats(-1, 1), min_size=len(POOL), max_size=len(POOL)),
)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_it_is_bounded_by_its_share(pieces: list[object], values: list[float]) -> None:
    affinities = {
        each.item_id: Affinity(value, Facet.COLOR, "navy") for each, value in zip(POOL, values, strict=True)
    }
    term = PreferenceTerm(affinities, SHARE)(pieces)  # type: ignore[arg-type]
    assert abs(term.points) <= SHARE + 1e-9
    assert bool(term.reason) == (abs(term.value) >= 0.1)


@pytest.mark.parametrize(
    ("facet", "word", "value", "said"),
    [
        (Facet.COLOR, "navy", 0.5, "you like navy"),
        (Facet.TYPE, "coat", -0.5, "you tend not to like coat"),
        (Facet.PATTERN, "striped", 0.5, "you like striped pieces"),
        (Facet.STYLE, "casual", 0.5, "you like casual pieces"),
        (Facet.FIT, "slim", 0.5, "you like slim fits"),
        (Facet.EMBEDDING, "", 0.5, "you like what looks like the coat"),
        (Facet.COLOR, "navy", 0.05, ""),
    ],
)
def test_the_reason(facet: Facet, word: str, value: float, said: str) -> None:
    coat = piece("navy coat")
    term = PreferenceTerm({coat.item_id: Affinity(value, facet, word)}, SHARE)([coat])
    assert (term.value, term.reason) == (value, said)


def test_what_is_given_does_not_count() -> None:
    coat, shirt = piece("navy coat"), piece("white shirt")
    affinities = {
        coat.item_id: Affinity(-1.0, Facet.COLOR, "navy"),
        shirt.item_id: Affinity(0.5, Facet.COLOR, "white"),
    }
    term = PreferenceTerm(affinities, SHARE, {coat.item_id})([coat, shirt])
    assert (term.value, term.reason) == (0.5, "you like white")
    both = PreferenceTerm(affinities, SHARE)([coat, shirt])
    assert (both.value, both.reason) == (-0.25, "you tend not to like navy")
