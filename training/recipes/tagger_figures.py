"""Figures of a tagger, each with the number of garments that it is of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from domain.types import FloatArray
from models.tag_head import TagHead, slices
from training.evaluation.intervals import Estimate, macro_mean, mean, share


@dataclass(frozen=True, slots=True)
class HeadFigures:
    """Figures of a head by name; `baseline` is the first figure of an answer that ignores the picture."""

    head: str
    figures: dict[str, Estimate]
    baseline: float


def measure_heads(
    heads: tuple[TagHead, ...],
    answers: FloatArray,
    targets: FloatArray,
    known: npt.NDArray[np.bool_],
    groups: Sequence[str],
) -> list[HeadFigures]:
    """Compare answers (N, O) with targets (N, O) where heads are known (N, heads); others have no figures."""
    result = []
    for index, (head, place) in enumerate(zip(heads, slices(heads), strict=True)):
        rows = known[:, index]
        if rows.any():
            names = [group for group, row in zip(groups, rows, strict=True) if row]
            result.append(_MEASURES[head.kind](head, answers[rows, place], targets[rows, place], names))
    return result


def score(figures: Sequence[HeadFigures]) -> float:
    """The mean over heads of the first figure; a mean error counts as 1 less the error."""
    firsts = [next(iter(each.figures.items())) for each in figures]
    values = [1 - e.value if name == "mean error" else e.value for name, e in firsts]
    return float(np.mean(values)) if values else 0.0


def _of_one(head: TagHead, found: FloatArray, wanted: FloatArray, groups: list[str]) -> HeadFigures:
    labels, answers = wanted.argmax(axis=1), found.argmax(axis=1)
    right = labels == answers
    figures = {
        "accuracy": share(right.tolist(), groups),
        "macro recall": macro_mean(right.astype(float).tolist(), labels.astype(str).tolist(), groups),
    }
    return HeadFigures(head.name, figures, float(np.bincount(labels).max() / len(labels)))


def _of_many(head: TagHead, found: FloatArray, wanted: FloatArray, groups: list[str]) -> HeadFigures:
    """F1 of all values together, of each garment; the baseline says for each value what is said most."""
    usual = np.tile(wanted.mean(axis=0) >= 0.5, (len(wanted), 1))
    exact = (found >= 0.5) == (wanted >= 0.5)
    figures = {
        "F1": mean(_f1(found >= 0.5, wanted >= 0.5), groups),
        "all values right": share(exact.all(axis=1).tolist(), groups),
    }
    return HeadFigures(head.name, figures, float(np.mean(_f1(usual, wanted >= 0.5))))


def _of_number(head: TagHead, found: FloatArray, wanted: FloatArray, groups: list[str]) -> HeadFigures:
    errors = np.abs(found - wanted)[:, 0]
    figures = {
        "mean error": mean(errors.tolist(), groups),
        "within 0.1": share((errors <= 0.1).tolist(), groups),
    }
    return HeadFigures(head.name, figures, float(np.abs(wanted - np.median(wanted)).mean()))


def _f1(found: npt.NDArray[np.bool_], wanted: npt.NDArray[np.bool_]) -> list[float]:
    """F1 of the values of each row; 1 where neither has any."""
    both, either = (found & wanted).sum(axis=1), found.sum(axis=1) + wanted.sum(axis=1)
    values: list[float] = np.where(either > 0, 2 * both / np.maximum(either, 1), 1.0).tolist()
    return values


_MEASURES = {"one": _of_one, "many": _of_many, "number": _of_number}
