from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import InvalidInput
from domain.types import Box
from training.data.outfit_sets import (
    OutfitItem,
    OutfitSet,
    blank_questions,
    compatibility_cases,
    hard_cases,
    pair_cases,
    read_cases,
    read_outfits,
    read_questions,
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


def test_hard_cases_change_one_item() -> None:
    cases = hard_cases(OUTFITS)
    assert [case.compatible for case in cases] == [True, False] * len(OUTFITS)
    for true, false in zip(cases[::2], cases[1::2], strict=True):
        assert len(set(true.outfit) & set(false.outfit)) == 1
        assert sorted(id[0] for id in true.outfit) == sorted(id[0] for id in false.outfit)
        assert true.group == false.group


def test_pairs_are_of_an_outfit_and_of_two() -> None:
    cases = pair_cases(OUTFITS)
    own = {frozenset(item.id for item in outfit.items) for outfit in OUTFITS}
    assert all((frozenset(case.outfit) in own) == case.compatible for case in cases)
    assert len(cases) == 2 * len(OUTFITS)
    assert pair_cases([OutfitSet("1", "test", (OutfitItem("s", "shoes"),))]) == []


def test_boxes_questions_and_cases_are_read_again(tmp_path: Path) -> None:
    item = OutfitItem("a", "shoes", image="a.jpg", slot="shoes", box=(1.0, 2.0, 3.0, 4.0))
    write_lines(tmp_path / "outfits.jsonl", [OutfitSet("1", "test", (item,))])
    (found,) = read_outfits(tmp_path / "outfits.jsonl")
    assert found.items == (item,)
    assert found.items[0].picture is not None
    assert found.items[0].picture.box == Box(1, 2, 3, 4)
    questions, cases = blank_questions(OUTFITS), hard_cases(OUTFITS)
    write_lines(tmp_path / "questions.jsonl", questions)
    write_lines(tmp_path / "cases.jsonl", cases)
    assert read_questions(tmp_path / "questions.jsonl") == questions
    assert read_cases(tmp_path / "cases.jsonl") == cases
    assert read_cases(tmp_path / "none.jsonl") == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"outfits.jsonl has a line that is no JSON"),
        ('{"id": "1", "split": "train"}', r"outfits.jsonl line 1 is no outfit: KeyError"),
        (
            '{"id": "1", "split": "train", "items": [{"id": "a", "category": "c", "slot": "feet"}]}',
            "'feet' is no slot",
        ),
    ],
)
def test_lines_that_are_no_outfits_are_refused(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "outfits.jsonl").write_text(line)
    with pytest.raises(InvalidInput, match=message):
        read_outfits(tmp_path / "outfits.jsonl")
