"""Small files of the published form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from domain.errors import InvalidInput
from training.data.polyvore import polyvore_complaints, read_polyvore, used_images

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
        str(n): {
            "url_name": "a shoe",
            "description": "",
            "categories": ["Women's Fashion"],
            "title": "" if n == 1 else f"Shoe {n}",
            "related": [],
            "category_id": "41",
            "semantic_category": "" if n == 2 else "shoes",
        }
        for n in range(1, 9)
    }
    (folder / "categories.csv").write_text("2,Skirts,bottoms\n41,Shoes,shoes\n")
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


def test_items_have_categories_and_slots(tmp_path: Path) -> None:
    first = read_polyvore(write(tmp_path)).outfits[0]
    assert [(item.category, item.slot) for item in first.items] == [("shoes", "shoes")] * 2
    (tmp_path / "categories.csv").write_text("41,shoes\n")
    with pytest.raises(InvalidInput, match=r"categories.csv must have three columns"):
        read_polyvore(tmp_path)
    (tmp_path / "categories.csv").unlink()
    with pytest.raises(InvalidInput, match="not of Polyvore's form: KeyError"):
        read_polyvore(tmp_path)


def test_questions_and_cases_of_the_validation_split_are_read_where_there_are_some(tmp_path: Path) -> None:
    folder = write(tmp_path) / "nondisjoint"
    (folder / "fill_in_blank_valid.json").write_text(json.dumps([QUESTION]))
    (folder / "compatibility_valid.txt").write_text("0 20_1 30_1\n")
    found = read_polyvore(tmp_path)
    assert [question.split for question in found.questions] == ["validation", "test"]
    assert [(case.split, case.compatible) for case in found.cases] == [
        ("validation", False),
        ("test", True),
        ("test", False),
    ]


def test_it_is_said_how_far_this_is_the_published_data_set(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "nondisjoint").rename(tmp_path / "disjoint")
    (tmp_path / "disjoint" / "train.json").write_text(
        json.dumps([{"set_id": "10", "items": [{"item_id": "4", "index": 1}, {"item_id": "1", "index": 2}]}])
    )
    question = {**QUESTION, "answers": ["40_1", "30_2"]}
    (tmp_path / "disjoint" / "fill_in_blank_test.json").write_text(json.dumps([question]))
    (tmp_path / "images").mkdir()
    for id in range(1, 8):
        (tmp_path / "images" / f"{id}.jpg").write_bytes(b"")
    lines = [*polyvore_complaints(read_polyvore(tmp_path, "disjoint"), "disjoint")]
    assert lines[0] == "disjoint has 1 outfits for train; 16995 are published"
    assert lines[3] == "1 items of the test split are in another, such as 4"
    assert lines[4].startswith("1 of 7 pictures are missing, such as")
