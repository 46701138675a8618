"""Outfits with pictures: "Polyvore Outfits" (Vasileva et al. 2018), as published.

    FOLDER/polyvore_item_metadata.json    {ITEM: {"semantic_category", "title", "url_name", ...}}
    FOLDER/VARIANT/train.json             [{"set_id": SET, "items": [{"item_id": ITEM, "index": 1}]}]
    FOLDER/VARIANT/valid.json, test.json
    FOLDER/VARIANT/fill_in_blank_test.json
        [{"question": ["SET_1"], "blank_position": 3, "answers": ["SET_3", "OTHER_1"]}]
    FOLDER/VARIANT/compatibility_test.txt   1 SET_1 SET_2        (0: put together at random)
    FOLDER/images/ITEM.jpg

VARIANT is `nondisjoint` or `disjoint`; in the second no item is in two splits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.errors import InvalidInput
from training.data.outfit_sets import BlankQuestion, CompatibilityCase, OutfitItem, OutfitSet

VARIANTS = ("nondisjoint", "disjoint")
SPLITS: Mapping[str, str] = {"train": "train", "valid": "validation", "test": "test"}


@dataclass(frozen=True, slots=True)
class Polyvore:
    """The outfits of all splits, and the questions of the test split."""

    outfits: tuple[OutfitSet, ...]
    questions: tuple[BlankQuestion, ...]
    cases: tuple[CompatibilityCase, ...]


def read_polyvore(folder: Path, variant: str = "nondisjoint") -> Polyvore:
    """Read a variant.

    Raises:
        InvalidInput: a file is missing or of another form, or names an outfit or item that is not known.
    """
    if variant not in VARIANTS:
        raise InvalidInput("variant", f"must be one of {', '.join(VARIANTS)}, not {variant[:50]!r}")
    metadata = _json(folder / "polyvore_item_metadata.json")
    sets = {name: _json(folder / variant / f"{name}.json") for name in SPLITS}
    try:
        outfits = [
            _outfit(row, SPLITS[name], metadata, folder) for name, rows in sets.items() for row in rows
        ]
        items = {
            f"{row['set_id']}_{item['index']}": str(item["item_id"])
            for rows in sets.values()
            for row in rows
            for item in row["items"]
        }
        questions = [_question(row, items) for row in _json(folder / variant / "fill_in_blank_test.json")]
        cases = [*_cases(folder / variant / "compatibility_test.txt", items)]
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput("data", f"{variant} is not of Polyvore's form: {error!r}"[:300]) from error
    return Polyvore(tuple(outfits), tuple(questions), tuple(cases))


def _outfit(
    row: Mapping[str, Any], split: str, metadata: Mapping[str, Mapping[str, Any]], folder: Path
) -> OutfitSet:
    ids = [str(item["item_id"]) for item in sorted(row["items"], key=lambda item: int(item["index"]))]
    return OutfitSet(str(row["set_id"]), split, tuple(_item(id, metadata[id], folder) for id in ids))


def _item(id: str, facts: Mapping[str, Any], folder: Path) -> OutfitItem:
    name = facts.get("title") or facts.get("url_name") or ""
    return OutfitItem(id, facts["semantic_category"], name, str(folder / "images" / f"{id}.jpg"))


def _question(row: Mapping[str, Any], items: Mapping[str, str]) -> BlankQuestion:
    """The right answer is the one of the question's own set. Source: the loader of the authors."""
    own = _set_of(row["question"][0])
    right = [index for index, answer in enumerate(row["answers"]) if _set_of(answer) == own]
    if len(right) != 1:
        raise ValueError(f"the question about {own} has {len(right)} answers of its own set")
    return BlankQuestion(
        tuple(items[name] for name in row["question"]),
        tuple(items[name] for name in row["answers"]),
        right[0],
    )


def _cases(path: Path, items: Mapping[str, str]) -> Iterator[CompatibilityCase]:
    if not path.is_file():
        raise InvalidInput("data", f"must hold {path.name}: {path.parent}")
    for line in path.read_text(encoding="utf-8").splitlines():
        label, *names = line.split()
        yield CompatibilityCase(tuple(items[name] for name in names), label == "1")


def _set_of(name: str) -> str:
    return name.rpartition("_")[0]


def _json(path: Path) -> Any:
    if not path.is_file():
        raise InvalidInput("data", f"must hold {path.name}: {path.parent}")
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InvalidInput("data", f"{path.name} is no JSON: {error}") from error


def used_images(outfits: Sequence[OutfitSet]) -> list[Path]:
    """The picture files of all items, each once."""
    return list(dict.fromkeys(Path(item.image) for outfit in outfits for item in outfit.items))
