from __future__ import annotations

from domain.color_answer import color_answer
from domain.types import MAX_ALTERNATIVES, AttributeValue, ColorShare, ScoredValue

NAVY, DENIM = ColorShare("navy", 0.6, 0x102040), ColorShare("denim", 0.4, 0x405070)
BY_WORDS = AttributeValue.one(
    "red",
    0.9,
    tuple(
        ScoredValue(name, score)
        for name, score in (("red", 0.9), ("denim", 0.06), ("pink", 0.03), ("grey", 0.01))
    ),
)


def test_the_main_colour_is_the_answer_and_what_the_embedder_says_an_alternative() -> None:
    answer = color_answer((NAVY, DENIM), BY_WORDS)
    assert answer.values == (ScoredValue("navy", 0.6),)
    assert [entry.value for entry in answer.alternatives] == ["navy", "denim", "red", "pink", "grey"]
    assert len(answer.alternatives) == MAX_ALTERNATIVES


def test_without_a_measured_colour_the_embedder_answers() -> None:
    assert color_answer((), BY_WORDS) is BY_WORDS
