from __future__ import annotations

from pathlib import Path

from training.data.outfit_sets import (
    OutfitItem,
    OutfitSet,
    blank_questions,
    compatibility_cases,
    read_outfits,
    write_lines,
)

OUTFITS = [
    OutfitSet(str(n), "test", (OutfitItem(f"s{n}", "shoes"), OutfitItem(f"t{n}", "tops", f"Top {n}")))
    for n in range(12)
]


def test_wrong_answers_are_of_the_same_category_and_of_other_outfits() -> None:
    questions = blank_questions(OUTFITS)
    assert len(questions) == len(OUTFITS)
    for question, outfit in zip(questions, OUTFITS, strict=True):
        assert len(set(question.answers)) == 4
        assert len({answer[0] for answer in question.answers}) == 1
        own = {item.id for item in outfit.items}
        assert set(question.outfit) | {question.answers[question.right]} == own
        assert len(own & set(question.answers)) == 1
    assert len({question.right for question in questions}) > 1
    assert blank_questions(OUTFITS) == questions


def test_categories_without_enough_items_are_not_asked_for() -> None:
    assert blank_questions(OUTFITS[:3]) == []
    alone = OutfitSet("x", "test", (OutfitItem("b", "bags"), OutfitItem("s99", "shoes")))
    assert blank_questions([*OUTFITS, alone])[-1].outfit == ("b",)


def test_each_outfit_has_a_random_one_beside_it_with_the_same_categories() -> None:
    cases = compatibility_cases(OUTFITS)
    assert [case.compatible for case in cases] == [True, False] * len(OUTFITS)
    for true, false in zip(cases[::2], cases[1::2], strict=True):
        assert [id[0] for id in true.outfit] == [id[0] for id in false.outfit]
        assert not set(true.outfit) & set(false.outfit)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    assert write_lines(tmp_path / "outfits.jsonl", OUTFITS) == 12
    assert read_outfits(tmp_path / "outfits.jsonl") == OUTFITS
