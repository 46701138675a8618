"""The answer of the attribute `color`: what was measured, so that it fits the colours beside it."""

from __future__ import annotations

from collections.abc import Sequence

from domain.types import MAX_ALTERNATIVES, AttributeValue, ColorShare, ScoredValue


def color_answer(measured: Sequence[ColorShare], by_words: AttributeValue) -> AttributeValue:
    """The main colour, with its share of the garment as score; `by_words` where no colour was measured.

    `by_words` is what an embedder says. It stays among the alternatives, after the measured colours.
    """
    if not measured:
        return by_words
    found = [ScoredValue(color.name, color.fraction) for color in measured]
    names = {color.name for color in measured}
    others = [entry for entry in by_words.alternatives if entry.value not in names]
    return AttributeValue(tuple(found[:1]), alternatives=tuple([*found, *others][:MAX_ALTERNATIVES]))
