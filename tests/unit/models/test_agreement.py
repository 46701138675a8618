from __future__ import annotations

import numpy as np
import pytest

from models.agreement import compare_rows, cosines


def test_cosines_are_row_by_row() -> None:
    first = np.array([[1, 0], [2, 0], [1, 1]], np.float32)
    second = np.array([[3, 0], [0, 1], [-1, -1]], np.float32)
    assert cosines(first, second) == pytest.approx([1, 0, -1])


ROWS = np.array([[0, 0, 10, 10, 0.9, 0], [0.2, 0, 10, 10, 0.6, 0], [5, 5, 9, 9, 0.5, 1]], np.float32)


def test_equal_rows_agree_in_any_order() -> None:
    agreement = compare_rows(ROWS, ROWS[::-1], 0.1)
    assert (agreement.pairs, agreement.unmatched) == (((0, 2), (1, 1), (2, 0)), 0)
    assert agreement.box_difference_px == agreement.score_difference == 0


def test_neighbours_are_told_apart_by_score() -> None:
    moved = ROWS + np.array([0.1, 0, 0, 0, 0, 0], np.float32)
    agreement = compare_rows(ROWS, moved, 0.1)
    assert agreement.box_difference_px == pytest.approx(0.1, abs=1e-6)
    assert agreement.score_difference == 0


def test_a_moved_box_is_matched_and_measured() -> None:
    moved = ROWS.copy()
    moved[2, 0] += 2
    agreement = compare_rows(ROWS, moved, 0.1)
    assert agreement.matched == 3
    assert agreement.box_difference_px == 2


@pytest.mark.parametrize("change", [(2, 0, 20), (2, 5, 1), (2, 4, 0.2)])
def test_what_has_no_partner_counts_on_both_sides(change: tuple[int, int, float]) -> None:
    row, column, amount = change
    other = ROWS.copy()
    other[row, column] += amount
    assert compare_rows(ROWS, other, 0.1).unmatched == 2


def test_a_row_at_the_edge_of_the_score_is_not_missing() -> None:
    lower = ROWS.copy()
    lower[2, 4] = 0.4999
    agreement = compare_rows(ROWS, lower, 0.5)
    assert (agreement.matched, agreement.unmatched) == (3, 0)


def test_rows_below_the_score_do_not_count() -> None:
    agreement = compare_rows(ROWS, ROWS[:2], 0.55)
    assert (agreement.matched, agreement.unmatched) == (2, 0)


def test_nothing_agrees_with_nothing() -> None:
    none = np.zeros((0, 6), np.float32)
    assert compare_rows(none, none, 0.1).matched == 0
    assert compare_rows(ROWS, none, 0.1).unmatched == 3


def test_rows_pair_as_far_apart_as_the_tolerance_says() -> None:
    moved = ROWS.copy()
    moved[2, 0] += 6
    assert compare_rows(ROWS, moved, 0.1).unmatched == 2
    agreement = compare_rows(ROWS, moved, 0.1, box_px=8, score=0.1)
    assert (agreement.matched, agreement.unmatched, agreement.box_difference_px) == (3, 0, 6)
