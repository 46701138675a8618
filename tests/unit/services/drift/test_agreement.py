"""How often people agree, and whether that has become less."""

from __future__ import annotations

import pytest

from services.drift.agreement import Agreed, AgreementChange, agreement_changes


def test_the_interval_is_wilsons() -> None:
    # 81 of 263: Newcombe 1998, table I, method 3.
    assert Agreed(263, 81).interval() == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert Agreed().interval() == (0.0, 1.0)


def test_the_difference_has_newcombes_interval() -> None:
    # 56 of 70 against 48 of 80: Newcombe 1998, table II, contrast (a), method 10.
    change = AgreementChange("category", "v", Agreed(80, 48), Agreed(70, 56))
    assert change.difference == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)
    assert not change.worse
    assert AgreementChange("category", "v", Agreed(70, 56), Agreed(80, 48)).worse


def test_a_window_without_reviews_has_no_difference() -> None:
    (change,) = agreement_changes({("category", "v"): Agreed(10, 9)}, {})
    assert change.current == Agreed()
    assert change.difference is None
    assert not change.worse
    assert change.document()["reference"] == {"reviewed": 10, "agreed": 9}
