from __future__ import annotations

import numpy as np

from imaging.color_weights import ColorWeights
from training.recipes.color_weights import OF_SHADES, Example, fit

NAMES = ["blue", "grey", "red"]


def example(shown: tuple[float, ...], *said: str) -> Example:
    return Example(np.array(shown, np.float32), frozenset(said[:1]), frozenset(said))


def test_what_people_call_a_mixture_is_learned() -> None:
    examples = [
        example((0.0, 1.0, 0.0), "grey"),
        example((0.3, 0.7, 0.0), "blue", "grey"),
        example((1.0, 0.0, 0.0), "blue"),
        example((0.0, 0.0, 1.0), "red"),
        example((0.0, 0.6, 0.4), "red"),
    ] * 4
    weights = ColorWeights(tuple(NAMES), *fit(examples, NAMES, OF_SHADES))
    said = [weights.likeliest(each.shown) for each in examples[:5]]
    assert said == ["grey", "blue", "blue", "red", "red"]


def test_where_any_of_several_names_is_right_none_of_them_is_preferred() -> None:
    either = Example(
        np.array([1.0, 0.0], np.float32), frozenset({"blue", "grey"}), frozenset({"blue", "grey"})
    )
    weights = ColorWeights(
        tuple(NAMES), *fit([either] * 4 + [example((0.0, 1.0), "red")] * 4, NAMES, OF_SHADES)
    )
    blue, grey, red = weights.probabilities(either.shown[None])[0].tolist()
    assert abs(blue - grey) < 0.01
    assert red < 0.05


def test_the_same_examples_give_the_same_weights() -> None:
    examples = [example((0.2, 0.8, 0.0), "blue"), example((0.0, 1.0, 0.0), "grey")]
    first, second = fit(examples, NAMES, OF_SHADES), fit(examples, NAMES, OF_SHADES)
    assert all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))
