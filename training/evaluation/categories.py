"""Accuracy of categories and their confusion matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from training.evaluation.intervals import Estimate, macro_mean, share

OTHER = "other"
"""The column for every other answer: another category of the taxonomy, or no box."""


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One category; `precision` is None if it was never predicted, `recall` if no photo shows it."""

    name: str
    photos: int
    answers: int
    precision: float | None
    recall: float | None


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """`confusion[i][j]` counts photos of category i that were predicted as j; the last column is `OTHER`."""

    top1: Estimate
    macro: Estimate
    rows: tuple[CategoryRow, ...]
    confusion: tuple[tuple[int, ...], ...]


def measure_categories(
    wanted: Sequence[str], found: Sequence[str], names: Sequence[str], senders: Sequence[str] | None = None
) -> CategoryFigures:
    """Compare predictions `found` with labels `wanted`; predictions outside `names` are wrong."""
    right = [a == b for a, b in zip(wanted, found, strict=True)]
    columns = {name: index for index, name in enumerate(names)}
    confusion = [[0] * (len(names) + 1) for _ in names]
    for label, answer in zip(wanted, found, strict=True):
        confusion[columns[label]][columns.get(answer, len(names))] += 1
    rows = tuple(_row(name, index, confusion) for index, name in enumerate(names))
    top1, macro = share(right, senders), macro_mean(right, wanted, senders)
    return CategoryFigures(top1, macro, rows, tuple(map(tuple, confusion)))


def _row(name: str, index: int, confusion: Sequence[Sequence[int]]) -> CategoryRow:
    right = confusion[index][index]
    photos, answers = sum(confusion[index]), sum(row[index] for row in confusion)
    return CategoryRow(
        name, photos, answers, right / answers if answers else None, right / photos if photos else None
    )
