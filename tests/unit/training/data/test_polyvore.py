"""Small files of the published form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from domain.errors import InvalidInput
from training.data.polyvore import read_polyvore, used_images

SETS = {
    "train": [{"set_id": "10", "items": [{"item_id": "2", "index": 2}, {"item_id": "1", "index": 1}]}],
    "valid": [{"set_id": "20", "items": [{"item_id": "3", "index": 1}]}],
    "test": [
        {"set_id": "30", "items": [{"item_id": str(3 + n), "index": n} for n in (1, 2, 3)]},
        {"set_id": "40", "items": [{"item_id": str(6 + n), "index": n} for n in (1, 2)]},
    ],
}
QUESTION = {"question": ["30_1", "30_3"], "blank_position": 2, "answers": ["40_1", "30_2", "40_2", "10_1"]}


def write(folder: Path, question: dict[str, Any] = QUESTION) -> Path:
    facts = {
        str(n): {"semantic_category": "shoes", "title": "" if n == 1 else f"Shoe {n}", "url_name": "a shoe"}
        for n in range(1, 9)
    }
    (folder / "polyvore_item_metadata.json").write_text(json.dumps(facts))
    variant = folder / "nondisjoint"
    variant.mkdir()
    for name, rows in SETS.items():
        (variant / f"{name}.json").write_text(json.dumps(rows))
    (variant / "fill_in_blank_test.json").write_text(json.dumps([question]))
    (variant / "compatibility_test.txt").write_text("1 30_1 30_2 30_3\n0 30_1 40_2\n")
    return folder


def test_items_are_in_their_order_with_names_and_pictures(tmp_path: Path) -> None:
    found = read_polyvore(write(tmp_path))
    first = found.outfits[0]
    assert (first.id, first.split, [item.id for item in first.items]) == ("10", "train", ["1", "2"])
    assert [item.name for item in first.items] == ["a shoe", "Shoe 2"]
    assert first.items[0].image == str(tmp_path / "images" / "1.jpg")
    assert [outfit.split for outfit in found.outfits] == ["train", "validation", "test", "test"]
    assert len(used_images(found.outfits)) == 8


def test_the_right_answer_is_that_of_the_questions_own_set(tmp_path: Path) -> None:
    (question,) = read_polyvore(write(tmp_path)).questions
    assert question.outfit == ("4", "6")
    assert question.answers == ("7", "5", "8", "1")
    assert question.right == 1


def test_cases_have_their_labels(tmp_path: Path) -> None:
    cases = read_polyvore(write(tmp_path)).cases
    assert [(case.outfit, case.compatible) for case in cases] == [
        (("4", "5", "6"), True),
        (("4", "8"), False),
    ]


def test_other_forms_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"must hold polyvore_item_metadata.json"):
        read_polyvore(tmp_path)
    with pytest.raises(InvalidInput, match="must be one of nondisjoint, disjoint"):
        read_polyvore(tmp_path, "both")
    two = {**QUESTION, "answers": ["30_2", "30_3"]}
    with pytest.raises(InvalidInput, match="the question about 30 has 2 answers of its own set"):
        read_polyvore(write(tmp_path, two))
    (tmp_path / "nondisjoint" / "test.json").write_text("[{]")
    with pytest.raises(InvalidInput, match=r"test.json is no JSON"):
        read_polyvore(tmp_path)
