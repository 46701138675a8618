"""Figures of scorers of outfits: the area under the ROC curve, and fill in the blank.

Source: Han et al. 2017, "Learning Fashion Compatibility with Bidirectional LSTMs"; Vasileva et al. 2018,
"Learning Type-Aware Embeddings for Fashion Compatibility".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from domain.types import FloatArray
from training.data.outfit_data import Outfits
from training.data.outfit_sets import (
    BlankQuestion,
    CompatibilityCase,
    OutfitSet,
    blank_questions,
    compatibility_cases,
    hard_cases,
    pair_cases,
)
from training.evaluation.intervals import Estimate, mean

ScoreSets: TypeAlias = Callable[[Sequence[tuple[str, ...]]], FloatArray]
"""Sets of ids of items to scores (N,); higher is better."""

RESAMPLES = 1000
ANSWERS = 4
_FEW, _REPEATS = 1000, 3


@dataclass(frozen=True, slots=True)
class OutfitTest:
    """What scorers are asked.

    Attributes:
        questions: fill in the blank.
        cases: by kind. "overall": outfits, and random ones of the same categories; "one item changed":
            outfits, and the same with one item replaced by another of its category; "pairs": two items of an
            outfit, and with another of the same category for one.
    """

    questions: Sequence[BlankQuestion]
    cases: dict[str, Sequence[CompatibilityCase]] = field(default_factory=dict)

    @classmethod
    def of_split(cls, outfits: Outfits, split: str) -> OutfitTest:
        """Of a split of a data set; of few validation outfits each is asked about several times."""
        chosen: Sequence[OutfitSet] = getattr(outfits, split)
        repeats = _REPEATS if split == "validation" and len(chosen) < _FEW else 1
        return cls.of(chosen, *outfits.asked(split), repeats)

    @classmethod
    def of(
        cls,
        outfits: Sequence[OutfitSet],
        questions: Sequence[BlankQuestion] = (),
        cases: Sequence[CompatibilityCase] = (),
        repeats: int = 1,
    ) -> OutfitTest:
        """The data set's own questions and cases where it has some, else made ones; others are made.

        `repeats` is how often cases are made of each outfit.
        """
        seeds = range(repeats)
        return cls(
            questions or [each for seed in seeds for each in blank_questions(outfits, ANSWERS, seed)],
            {
                "overall": cases or [each for seed in seeds for each in compatibility_cases(outfits, seed)],
                "one item changed": [each for seed in seeds for each in hard_cases(outfits, seed)],
                "pairs": [each for seed in seeds for each in pair_cases(outfits, seed)],
            },
        )


@dataclass(frozen=True, slots=True)
class Answers:
    """The scores of a scorer: of each question (Q, answers), and of each case (C,) by kind."""

    questions: FloatArray
    cases: dict[str, FloatArray]


def ask(score: ScoreSets, test: OutfitTest) -> Answers:
    """Score all that is asked."""
    filled = [(*each.outfit, answer) for each in test.questions for answer in each.answers]
    found = score(filled).reshape(len(test.questions), -1) if filled else np.zeros((0, ANSWERS), np.float32)
    return Answers(
        found, {kind: score([case.outfit for case in cases]) for kind, cases in test.cases.items()}
    )


def values(answers: Answers, test: OutfitTest) -> dict[str, float]:
    """As `measure`, without intervals, which take a while."""
    found = {}
    for kind, cases in test.cases.items():
        labels = [case.compatible for case in cases]
        if len(set(labels)) == 2:
            curve = _Curve.of(answers.cases[kind], labels)
            found[f"AUC, {kind}"] = float(curve.areas(np.ones((1, len(labels))))[0])
    if test.questions:
        found["fill in the blank"] = float(np.mean(right_shares(answers.questions, test.questions)))
    return found


def measure(answers: Answers, test: OutfitTest) -> dict[str, Estimate]:
    """Each figure with its interval over outfits; those of kinds without cases are left out."""
    found = {
        f"AUC, {kind}": auc(answers.cases[kind], [case.compatible for case in cases], _groups(cases))
        for kind, cases in test.cases.items()
        if len({case.compatible for case in cases}) == 2
    }
    if test.questions:
        found["fill in the blank"] = mean(
            right_shares(answers.questions, test.questions), _asked(test.questions)
        )
    return found


def difference(first: Answers, second: Answers, test: OutfitTest) -> dict[str, Estimate]:
    """By how much the first scorer's figures are above the second's, of the same cases, with intervals."""
    found = {
        f"AUC, {kind}": auc_difference(
            (first.cases[kind], second.cases[kind]), [case.compatible for case in cases], _groups(cases)
        )
        for kind, cases in test.cases.items()
        if len({case.compatible for case in cases}) == 2
    }
    if test.questions:
        pairs = zip(
            right_shares(first.questions, test.questions),
            right_shares(second.questions, test.questions),
            strict=True,
        )
        found["fill in the blank"] = mean([one - other for one, other in pairs], _asked(test.questions))
    return found


def right_shares(scores: FloatArray, questions: Sequence[BlankQuestion]) -> list[float]:
    """1 for each question (Q) whose right answer has the highest score; a share where several have it."""
    shares = []
    for row, question in zip(scores, questions, strict=True):
        best = row == row.max()
        shares.append(float(best[question.right]) / float(best.sum()))
    return shares


def auc(scores: FloatArray, labels: Sequence[bool], groups: Sequence[str]) -> Estimate:
    """The area under the ROC curve with a 95 % interval by bootstrap over groups; equal scores count half."""
    return _estimate([scores], labels, groups, lambda areas: areas[0])


def auc_difference(
    scores: tuple[FloatArray, FloatArray], labels: Sequence[bool], groups: Sequence[str]
) -> Estimate:
    """Of two scorers of the same cases: the first's area less the second's, with an interval as of `auc`."""
    return _estimate(scores, labels, groups, lambda areas: areas[0] - areas[1])


def _estimate(
    scores: Sequence[FloatArray],
    labels: Sequence[bool],
    groups: Sequence[str],
    value: Callable[[list[_Areas]], _Areas],
) -> Estimate:
    curves, names = [_Curve.of(each, labels) for each in scores], np.asarray(groups)
    whole = value([curve.areas(np.ones((1, len(labels)))) for curve in curves])[0]
    drawn = [value([curve.areas(weights) for curve in curves]) for weights in _resampled(names)]
    low, high = np.nanpercentile(np.concatenate(drawn), [2.5, 97.5])
    return Estimate(float(whole), float(low), float(high), len(labels))


def _resampled(groups: npt.NDArray[np.str_]) -> Iterator[npt.NDArray[np.float64]]:
    """How often each case counts in each resample, (R, N), in parts."""
    names, owners = np.unique(groups, return_inverse=True)
    rng, chances = np.random.default_rng(0), np.full(len(names), 1 / len(names))
    for start in range(0, RESAMPLES, _PART):
        picks = rng.multinomial(len(names), chances, min(_PART, RESAMPLES - start))
        yield picks[:, owners].astype(np.float64)


_Areas: TypeAlias = npt.NDArray[np.float64]
_PART = 50
"""Resamples at a time, for which weights of all cases are in memory."""


@dataclass(frozen=True, slots=True, eq=False)
class _Curve:
    """Cases in the order of their scores: `order` (N,), `starts` of equal scores, and `labels` (N,)."""

    order: npt.NDArray[np.intp]
    starts: npt.NDArray[np.intp]
    labels: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, scores: FloatArray, labels: Sequence[bool]) -> _Curve:
        order = np.argsort(scores, kind="stable")
        ranked = scores[order]
        starts = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]]))
        return cls(order, starts, np.asarray(labels)[order])

    def areas(self, weights: npt.NDArray[np.float64]) -> _Areas:
        """(R,), for weights of the cases (R, N): the weight of pairs in order by that of all pairs."""
        ranked = weights[:, self.order]
        good = np.add.reduceat(ranked * self.labels, self.starts, axis=1)
        bad = np.add.reduceat(ranked * ~self.labels, self.starts, axis=1)
        below = np.cumsum(bad, axis=1) - bad / 2
        pairs = good.sum(axis=1) * bad.sum(axis=1)
        areas = np.full(len(weights), np.nan)
        np.divide((good * below).sum(axis=1), pairs, out=areas, where=pairs > 0)
        return areas


def _groups(cases: Sequence[CompatibilityCase]) -> list[str]:
    return [case.group or f"case {index}" for index, case in enumerate(cases)]


def _asked(questions: Sequence[BlankQuestion]) -> list[str]:
    """Questions about one outfit are of one group."""
    return [" ".join(sorted((*each.outfit, each.answers[each.right]))) for each in questions]
