from __future__ import annotations

import pytest

from domain.errors import InvalidInput
from training.data.holdout import hold_out, hold_out_validation


def test_groups_are_held_out_as_a_whole() -> None:
    groups = [str(index % 20) for index in range(100)]
    held = hold_out(groups, 0.2)
    assert sum(held) == 20
    assert not {g for g, h in zip(groups, held, strict=True) if h} & {
        g for g, h in zip(groups, held, strict=True) if not h
    }
    assert hold_out(groups, 0.2) == held
    assert hold_out(groups, 0.2, seed=1) != held


def test_a_group_that_is_most_of_the_data_is_never_held_out() -> None:
    groups = ["ann"] * 90 + [str(index % 5) for index in range(10)]
    assert hold_out(groups, 0.1) == [False] * 90 + [True] * 10
    assert hold_out(["ann"] * 90, 0.1) == [False] * 90
    with pytest.raises(InvalidInput, match="each group has more than a third"):
        hold_out_validation(["ann"] * 90, 0.1)
