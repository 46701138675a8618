"""Words for pictures: captions for training, and the questions a trained model is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Caption:
    """A text and what it says; -1 where it says nothing."""

    text: str
    category: int = -1
    color: int = -1
    pattern: int = -1


class Phrasebook:
    """Says the same thing in many ways."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._words = [(category.name, *category.synonyms) for category in taxonomy.categories]
        self._colors = tuple(taxonomy.colors)
        self._patterns = taxonomy.attribute("pattern").values

    def question(self, attribute: str, rng: np.random.Generator) -> list[str]:
        """One text for each value of an attribute, worded at random."""
        question = self._taxonomy.attribute(attribute)
        if attribute == "category":
            return [_pick(_CATEGORY_FORMS, rng).format(self._word(i, rng)) for i in range(len(self._words))]
        forms = ("{}", *question.prompts, "a photo of a {} garment")
        return [_pick(forms, rng).format(value) for value in question.values]

    def caption(
        self, category: int, words: Sequence[str], color: int, pattern: int, rng: np.random.Generator
    ) -> Caption:
        """A text about a garment, naming a random part of what is known (-1 = unknown).

        `words` are names that fit this very garment; half of the time one of the whole category's is taken.
        """
        color = color if rng.random() < 0.6 else -1
        pattern = pattern if rng.random() < 0.6 else -1
        noun = _pick(words, rng) if words and rng.random() < 0.5 else self._word(category, rng)
        adjectives = [self._patterns[pattern]] if pattern >= 0 else []
        if color >= 0:
            adjectives.insert(int(rng.integers(len(adjectives) + 1)), self._colors[color])
        phrase = " ".join([*adjectives, noun])
        return Caption(_pick(_CAPTION_FORMS, rng).format(phrase), category, color, pattern)

    def _word(self, category: int, rng: np.random.Generator) -> str:
        words = self._words[category]
        return words[0] if rng.random() < 0.4 else _pick(words, rng)


def _pick(options: Sequence[str], rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]


_CATEGORY_FORMS = ("a photo of a {}", "{}", "a {} on a plain background", "a {}", "{}s")
_CAPTION_FORMS = ("{}", "a {}", "a photo of a {}", "{} on a hanger", "a picture of a {}", "{} on the floor")
