from __future__ import annotations

import math

import pytest

from models.bound import Bound


@pytest.mark.parametrize(
    ("value", "holds"), [(0.5, True), (1.0, True), (2.0, True), (2.1, False), (0.4, False), (math.nan, False)]
)
def test_a_bound_includes_its_ends(value: float, holds: bool) -> None:
    assert Bound(0.5, 2.0).holds(value) is holds


@pytest.mark.parametrize("bound", [Bound(), Bound(at_least=0), Bound(at_most=0)])
def test_what_is_not_a_number_holds_nowhere(bound: Bound) -> None:
    assert bound.holds(0)
    assert not bound.holds(math.nan)


def test_it_reads_as_a_comparison() -> None:
    assert str(Bound(at_least=8)) == ">= 8"
    assert str(Bound(at_most=0.5)) == "<= 0.5"
    assert str(Bound(0, 1)) == ">= 0 and <= 1"
