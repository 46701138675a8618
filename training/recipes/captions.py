"""Texts for pictures: captions for training, and the prompts of zero-shot classification."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Caption:
    """A text and the indices of what it states; -1 for what it does not state."""

    text: str
    category: int = -1
    color: int = -1
    pattern: int = -1


class CaptionWriter:
    """Writes captions and prompts, worded at random."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy
        self._described = [(category.name, *category.synonyms) for category in taxonomy.categories]
        self._words = [category.words for category in taxonomy.categories]
        self._colors = [(name, *taxonomy.color_synonyms.get(name, ())) for name in taxonomy.colors]
        self._patterns = taxonomy.attribute("pattern").values

    def question(self, attribute: str, rng: np.random.Generator) -> list[str]:
        """One prompt for each value of an attribute, worded at random."""
        question = self._taxonomy.attribute(attribute)
        if attribute == "category":
            return [_pick(_CATEGORY_FORMS, rng).format(_word(words, rng, 0.4)) for words in self._described]
        forms = ("{}", *question.prompts, "a photo of a {} garment")
        if attribute == "color":
            return [_pick(forms, rng).format(_word(words, rng, 0.7)) for words in self._colors]
        return [_pick(forms, rng).format(value) for value in question.values]

    def caption(
        self, category: int, words: Sequence[str], color: int, pattern: int, rng: np.random.Generator
    ) -> Caption:
        """A caption that states a random part of what is known of a garment (-1 is unknown).

        `words` are names of this kind of garment, which are used two times in three, otherwise that of its
        category. Without them, it is any word for the category: also one for another kind of it.
        """
        color = color if rng.random() < 0.8 else -1
        pattern = pattern if (pattern > 0 and rng.random() < 0.6) or rng.random() < 0.15 else -1
        noun = _word(self._words[category], rng, 1.0 if words else 0.4)
        noun = _pick(words, rng) if words and rng.random() < 2 / 3 else noun
        adjectives = [self._patterns[pattern]] if pattern >= 0 else []
        if color >= 0:
            position = int(rng.integers(len(adjectives) + 1))
            adjectives.insert(position, _word(self._colors[color], rng, 0.7))
        phrase = " ".join([*adjectives, noun])
        return Caption(_pick(_CAPTION_FORMS, rng).format(phrase), category, color, pattern)

    def hard_negative(self, category: int, color: int, rng: np.random.Generator) -> Caption:
        """A caption that is wrong in one respect: another colour, or another category."""
        if rng.random() < 0.5:
            color = int((color + rng.integers(1, len(self._colors))) % len(self._colors))
        else:
            category = int((category + rng.integers(1, len(self._words))) % len(self._words))
        phrase = f"{_word(self._colors[color], rng, 0.7)} {_word(self._words[category], rng, 0.4)}"
        return Caption(_pick(_CAPTION_FORMS, rng).format(phrase), category, color)


def _word(words: Sequence[str], rng: np.random.Generator, plain: float) -> str:
    """The first word with probability `plain`, otherwise any of them."""
    return words[0] if rng.random() < plain else _pick(words, rng)


def _pick(options: Sequence[str], rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]


_CATEGORY_FORMS = ("a photo of a {}", "{}", "a {} on a plain background", "a {}", "{}s")
_CAPTION_FORMS = (
    "{}",
    "a {}",
    "a photo of a {}",
    "{} on a hanger",
    "a picture of a {}",
    "{} on the floor",
    "{}s",
)
