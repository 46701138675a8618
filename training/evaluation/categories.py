"""How often the category is right, and what is taken for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from training.evaluation.intervals import Estimate, macro_mean, share

OTHER = "other"
"""Every answer that is none of the categories measured: another one of the taxonomy, or no box at all."""


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One category; `precision` is None where it was never the answer, `recall` where no photo shows it."""

    name: str
    photos: int
    answers: int
    precision: float | None
    recall: float | None


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """`confusion[i][j]` counts photos of category i answered with j; the last column is `OTHER`."""

    top1: Estimate
    macro: Estimate
    rows: tuple[CategoryRow, ...]
    confusion: tuple[tuple[int, ...], ...]


def measure_categories(
    wanted: Sequence[str], found: Sequence[str], names: Sequence[str], senders: Sequence[str] | None = None
) -> CategoryFigures:
    """`found` against `wanted`, which holds only `names`; an answer outside them is wrong."""
    right = [a == b for a, b in zip(wanted, found, strict=True)]
    places = {name: index for index, name in enumerate(names)}
    confusion = [[0] * (len(names) + 1) for _ in names]
    for truth, answer in zip(wanted, found, strict=True):
        confusion[places[truth]][places.get(answer, len(names))] += 1
    rows = tuple(_row(name, index, confusion) for index, name in enumerate(names))
    top1, macro = share(right, senders), macro_mean(right, wanted, senders)
    return CategoryFigures(top1, macro, rows, tuple(map(tuple, confusion)))


def _row(name: str, index: int, confusion: Sequence[Sequence[int]]) -> CategoryRow:
    right = confusion[index][index]
    photos, answers = sum(confusion[index]), sum(row[index] for row in confusion)
    return CategoryRow(
        name, photos, answers, right / answers if answers else None, right / photos if photos else None
    )
