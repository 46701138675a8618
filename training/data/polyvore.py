"""Outfits with pictures: "Polyvore Outfits" (Vasileva et al. 2018), as published.

    FOLDER/polyvore_item_metadata.json    {ITEM: {"category_id", "semantic_category", "title", "url_name"}}
    FOLDER/categories.csv                 CATEGORY_ID,NAME,SEMANTIC_CATEGORY       (may be missing)
    FOLDER/VARIANT/train.json             [{"set_id": SET, "items": [{"item_id": ITEM, "index": 1}]}]
    FOLDER/VARIANT/valid.json, test.json
    FOLDER/VARIANT/fill_in_blank_test.json, fill_in_blank_valid.json (may be missing)
        [{"question": ["SET_1"], "blank_position": 3, "answers": ["SET_3", "OTHER_1"]}]
    FOLDER/VARIANT/compatibility_test.txt, compatibility_valid.txt (may be missing)
        1 SET_1 SET_2        (0: put together at random)
    FOLDER/images/ITEM.jpg

VARIANT is `nondisjoint` or `disjoint`; in the second no item is in two splits. Its publishers give no
checksums; `polyvore_complaints` compares what was read with what they say of it.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.errors import InvalidInput
from training.data.outfit_sets import BlankQuestion, CompatibilityCase, OutfitItem, OutfitSet
from training.data.outfit_slots import polyvore_slots

VARIANTS = ("nondisjoint", "disjoint")
SPLITS: Mapping[str, str] = {"train": "train", "valid": "validation", "test": "test"}
ASKED = ("valid", "test")
"""The splits with questions and cases."""
PUBLISHED: Mapping[str, Mapping[str, int]] = {
    "nondisjoint": {"train": 53_306, "validation": 5_000, "test": 10_000},
    "disjoint": {"train": 16_995, "validation": 3_000, "test": 15_145},
}
"""The numbers of outfits. Source: Vasileva et al. 2018, table 1."""


@dataclass(frozen=True, slots=True)
class Polyvore:
    """The outfits of all splits, and the questions and cases of those that are held out."""

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
    categories = _categories(folder / "categories.csv")
    sets = {name: _json(folder / variant / f"{name}.json") for name in SPLITS}
    try:
        outfits = [
            _outfit(row, SPLITS[name], _Items(metadata, categories, folder))
            for name, rows in sets.items()
            for row in rows
        ]
        items = {
            f"{row['set_id']}_{item['index']}": str(item["item_id"])
            for rows in sets.values()
            for row in rows
            for item in row["items"]
        }
        questions = [each for name in ASKED for each in _questions(folder / variant, name, items)]
        cases = [each for name in ASKED for each in _cases(folder / variant, name, items)]
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput("data", f"{variant} is not of Polyvore's form: {error!r}"[:300]) from error
    return Polyvore(tuple(outfits), tuple(questions), tuple(cases))


def polyvore_complaints(found: Polyvore, variant: str) -> Iterator[str]:
    """One line for each way in which this is not the published data set as a whole."""
    counts = Counter(outfit.split for outfit in found.outfits)
    for split, published in PUBLISHED[variant].items():
        if counts[split] != published:
            yield f"{variant} has {counts[split]} outfits for {split}; {published} are published"
    splits = {
        split: {item.id for outfit in found.outfits if outfit.split == split for item in outfit.items}
        for split in PUBLISHED[variant]
    }
    seen = splits["train"] | splits["validation"]
    if variant == "disjoint" and (both := seen & splits["test"]):
        yield f"{len(both)} items of the test split are in another, such as {min(both)}"
    images = used_images(found.outfits)
    if missing := [path for path in images if not path.is_file()]:
        yield f"{len(missing)} of {len(images)} pictures are missing, such as {missing[0]}"


@dataclass(frozen=True, slots=True)
class _Items:
    """What is known of items: by their id, and by the id of their category."""

    metadata: Mapping[str, Mapping[str, Any]]
    categories: Mapping[str, tuple[str, str]]
    folder: Path

    def item(self, id: str) -> OutfitItem:
        facts = self.metadata[id]
        word, semantic = self.categories.get(str(facts.get("category_id", "")), ("", ""))
        category = facts.get("semantic_category") or semantic
        name = facts.get("title") or facts.get("url_name") or word
        image = str(self.folder / "images" / f"{id}.jpg")
        return OutfitItem(id, category, name, image, polyvore_slots()[category])


def _outfit(row: Mapping[str, Any], split: str, items: _Items) -> OutfitSet:
    ids = [str(item["item_id"]) for item in sorted(row["items"], key=lambda item: int(item["index"]))]
    return OutfitSet(str(row["set_id"]), split, tuple(map(items.item, ids)))


def _categories(path: Path) -> dict[str, tuple[str, str]]:
    """Name and semantic category by id; none where there is no such file."""
    if not path.is_file():
        return {}
    with path.open(newline="", encoding="utf-8") as lines:
        rows = [row for row in csv.reader(lines) if row]
    if wrong := next((row for row in rows if len(row) != 3), None):
        raise InvalidInput("data", f"{path.name} must have three columns: {wrong}"[:300])
    return {id.strip(): (name.strip(), semantic.strip()) for id, name, semantic in rows}


def _questions(folder: Path, name: str, items: Mapping[str, str]) -> Iterator[BlankQuestion]:
    path = folder / f"fill_in_blank_{name}.json"
    if name == "test" or path.is_file():
        yield from (_question(row, items, SPLITS[name]) for row in _json(path))


def _question(row: Mapping[str, Any], items: Mapping[str, str], split: str) -> BlankQuestion:
    """The right answer is the one of the question's own set. Source: the loader of the authors."""
    own = _set_of(row["question"][0])
    right = [index for index, answer in enumerate(row["answers"]) if _set_of(answer) == own]
    if len(right) != 1:
        raise ValueError(f"the question about {own} has {len(right)} answers of its own set")
    return BlankQuestion(
        tuple(items[name] for name in row["question"]),
        tuple(items[name] for name in row["answers"]),
        right[0],
        split,
    )


def _cases(folder: Path, name: str, items: Mapping[str, str]) -> Iterator[CompatibilityCase]:
    path = folder / f"compatibility_{name}.txt"
    if not path.is_file():
        if name == "test":
            raise InvalidInput("data", f"must hold {path.name}: {path.parent}")
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        label, *names = line.split()
        yield CompatibilityCase(tuple(items[name] for name in names), label == "1", SPLITS[name])


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
