from __future__ import annotations

from training.evaluation.categories import measure_categories


def test_an_answer_outside_the_categories_is_wrong_and_stands_in_the_last_column() -> None:
    figures = measure_categories(["dress", "dress", "hat"], ["dress", "bag", ""], ["dress", "hat"])
    assert figures.top1.value == 1 / 3
    assert figures.macro.value == 0.25
    assert figures.confusion == ((1, 0, 1), (0, 0, 1))


def test_rows_count_what_was_asked_and_what_was_answered() -> None:
    figures = measure_categories(["dress", "hat", "hat"], ["hat", "hat", "hat"], ["dress", "hat", "skirt"])
    dress, hat, skirt = figures.rows
    assert (dress.photos, dress.answers, dress.recall, dress.precision) == (1, 0, 0.0, None)
    assert (hat.recall, hat.precision) == (1.0, 2 / 3)
    assert (skirt.photos, skirt.recall) == (0, None)


def test_photos_of_one_contributor_count_together() -> None:
    wanted, found = ["dress"] * 80, ["dress"] * 40 + ["hat"] * 40
    apart = measure_categories(wanted, found, ["dress", "hat"])
    together = measure_categories(wanted, found, ["dress", "hat"], [str(row // 10) for row in range(80)])
    assert together.top1.low < apart.top1.low
    assert together.macro.high > apart.macro.high
