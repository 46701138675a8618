from __future__ import annotations

import numpy as np

from imaging.family_weights import FamilyWeights
from training.recipes.family_weights import Example, fit

FAMILIES = ["blue", "grey", "red"]


def shown(blue: float, grey: float, red: float) -> np.ndarray:
    return np.array([blue, grey, red], np.float32)


def test_what_people_call_a_mixture_is_learned() -> None:
    examples = [
        Example(shown(0.0, 1.0, 0.0), ("grey",)),
        Example(shown(0.3, 0.7, 0.0), ("blue", "grey")),
        Example(shown(1.0, 0.0, 0.0), ("blue",)),
        Example(shown(0.0, 0.0, 1.0), ("red",)),
        Example(shown(0.0, 0.6, 0.4), ("red",)),
    ] * 4
    weights = FamilyWeights(tuple(FAMILIES), *fit(examples, FAMILIES))
    assert [weights.likeliest(example.shown) for example in examples[:5]] == [
        "grey",
        "blue",
        "blue",
        "red",
        "red",
    ]


def test_the_same_examples_give_the_same_weights() -> None:
    examples = [Example(shown(0.2, 0.8, 0.0), ("blue",)), Example(shown(0.0, 1.0, 0.0), ("grey",))]
    first, second = fit(examples, FAMILIES), fit(examples, FAMILIES)
    assert all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))
