"""The categories of the taxonomy that the labels of a classifier name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.taxonomy import Taxonomy
from domain.types import MAX_ALTERNATIVES, AttributeValue, FloatArray, ScoredValue


@dataclass(frozen=True, slots=True, eq=False)
class LabelCategories:
    """Adds up the probabilities of the labels that name one category.

    Attributes:
        names: the categories that labels name (K).
        membership: (C, K + 1) float32; 1 where a label names a category, in the last column where none.
    """

    names: tuple[str, ...]
    membership: FloatArray

    @classmethod
    def of(cls, labels: Sequence[str], taxonomy: Taxonomy) -> LabelCategories:
        """A label names a category by its name or a synonym, whole or in a part between commas."""
        named = [_category(label, taxonomy) for label in labels]
        names = tuple(dict.fromkeys(name for name in named if name is not None))
        membership = np.zeros((len(labels), len(names) + 1), np.float32)
        for row, name in enumerate(named):
            membership[row, len(names) if name is None else names.index(name)] = 1
        return cls(names, membership)

    def choose(self, probabilities: FloatArray) -> list[AttributeValue | None]:
        """The most probable category of each row of (N, C).

        None where the labels that name no category are together more probable.
        """
        sums = (probabilities @ self.membership).clip(max=1.0)
        best = sums.argmax(axis=1)
        return [
            None if index == len(self.names) else self._answer(index, sums[row, :-1])
            for row, index in enumerate(best.tolist())
        ]

    def _answer(self, index: int, sums: FloatArray) -> AttributeValue:
        """The category at `index`, beside the most probable of all (K)."""
        order = np.argsort(-sums, kind="stable")[:MAX_ALTERNATIVES]
        alternatives = tuple([ScoredValue(self.names[each], float(sums[each])) for each in order.tolist()])
        return AttributeValue.one(self.names[index], float(sums[index]), alternatives)


def _category(label: str, taxonomy: Taxonomy) -> str | None:
    found = (taxonomy.canonical_category(word) for word in (label, *label.split(",")))
    return next((name for name in found if name is not None), None)
