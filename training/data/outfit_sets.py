"""Outfits as sets of items, and the two questions that scorers of outfits are measured by.

outfits.jsonl      {"id": "9", "split": "train", "items": [{"id": "a", "category": "shoes", "slot": "shoes",
                   "name": "...", "image": "PATH", "box": [x1, y1, x2, y2]}]}
questions.jsonl    {"outfit": ["a", "b"], "answers": ["c", "d", "e", "f"], "right": 0, "split": "test"}
cases.jsonl        {"outfit": ["a", "b", "c"], "compatible": true, "split": "test"}
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from domain.errors import InvalidInput
from domain.garment_types import Slot
from domain.types import Box
from training.data.picture_file import PictureFile

OUTFITS, QUESTIONS, CASES = "outfits.jsonl", "questions.jsonl", "cases.jsonl"
SPLITS = ("train", "validation", "test")


@dataclass(frozen=True, slots=True)
class OutfitItem:
    """An item.

    Attributes:
        category: the data set's own; wrong answers are drawn from the same.
        slot: what it fills in an outfit, a value of `Slot`; "" where that is not known.
        image: a path; "" where there is only a name.
        box: x1, y1, x2, y2 of its part of the picture, in pixels; None for all of it.
    """

    id: str
    category: str
    name: str = ""
    image: str = ""
    slot: str = ""
    box: tuple[float, float, float, float] | None = None

    @property
    def picture(self) -> PictureFile | None:
        """None where there is only a name."""
        return PictureFile(Path(self.image), Box(*self.box) if self.box else None) if self.image else None


@dataclass(frozen=True, slots=True)
class OutfitSet:
    """Items that somebody has put together."""

    id: str
    split: str
    items: tuple[OutfitItem, ...]


@dataclass(frozen=True, slots=True)
class BlankQuestion:
    """Fill in the blank: which of the answers completes the outfit? Ids of items; `right` is an index.

    `split` is that of its outfit.

    Source: Han et al. 2017, "Learning Fashion Compatibility with Bidirectional LSTMs".
    """

    outfit: tuple[str, ...]
    answers: tuple[str, ...]
    right: int
    split: str = "test"


@dataclass(frozen=True, slots=True)
class CompatibilityCase:
    """Items that somebody has put together, or that were drawn at random.

    `group` is the outfit that it was made of, "" where it is one of the data set's own.
    """

    outfit: tuple[str, ...]
    compatible: bool
    split: str = "test"
    group: str = ""


def blank_questions(outfits: Sequence[OutfitSet], answers: int = 4, seed: int = 0) -> list[BlankQuestion]:
    """A question for each outfit: an item is left out; wrong answers are others of its category.

    Categories with fewer items than answers are never asked for.
    """
    rng = np.random.default_rng(seed)
    pools = _by_category(outfits)
    questions = []
    for outfit in outfits:
        known = [item for item in outfit.items if len(pools[item.category]) >= answers]
        if len(outfit.items) < 2 or not known:
            continue
        blank = known[int(rng.integers(len(known)))]
        wrong = _others(pools[blank.category], {item.id for item in outfit.items}, answers - 1, rng)
        if len(wrong) == answers - 1:
            right = int(rng.integers(answers))
            given = [*wrong[:right], blank.id, *wrong[right:]]
            rest = tuple(item.id for item in outfit.items if item is not blank)
            questions.append(BlankQuestion(rest, tuple(given), right, outfit.split))
    return questions


def compatibility_cases(outfits: Sequence[OutfitSet], seed: int = 0) -> list[CompatibilityCase]:
    """Each outfit, and beside it one whose items are replaced by random ones of their categories."""
    rng = np.random.default_rng(seed)
    pools = _by_category(outfits)
    cases = []
    for outfit in outfits:
        drawn = [_others(pools[item.category], {item.id}, 1, rng) for item in outfit.items]
        if len(outfit.items) > 1 and all(drawn):
            ids = tuple(item.id for item in outfit.items)
            cases.append(CompatibilityCase(ids, True, outfit.split, outfit.id))
            cases.append(CompatibilityCase(tuple(one for (one,) in drawn), False, outfit.split, outfit.id))
    return cases


def hard_cases(outfits: Sequence[OutfitSet], seed: int = 0) -> list[CompatibilityCase]:
    """As `compatibility_cases`, but of the second outfit only one item is another of its category."""
    rng = np.random.default_rng(seed)
    pools = _by_category(outfits)
    cases = []
    for outfit in outfits:
        ids = [item.id for item in outfit.items]
        place = int(rng.integers(len(ids)))
        drawn = _others(pools[outfit.items[place].category], set(ids), 1, rng)
        if len(ids) > 1 and drawn:
            cases.append(CompatibilityCase(tuple(ids), True, outfit.split, outfit.id))
            changed = (*ids[:place], drawn[0], *ids[place + 1 :])
            cases.append(CompatibilityCase(changed, False, outfit.split, outfit.id))
    return cases


def pair_cases(outfits: Sequence[OutfitSet], seed: int = 0) -> list[CompatibilityCase]:
    """A pair of items of each outfit, and beside it one with another of the second item's category."""
    rng = np.random.default_rng(seed)
    pools = _by_category(outfits)
    cases = []
    for outfit in outfits:
        if len(outfit.items) < 2:
            continue
        first, second = (outfit.items[index] for index in rng.permutation(len(outfit.items))[:2])
        drawn = _others(pools[second.category], {item.id for item in outfit.items}, 1, rng)
        if drawn:
            cases.append(CompatibilityCase((first.id, second.id), True, outfit.split, outfit.id))
            cases.append(CompatibilityCase((first.id, drawn[0]), False, outfit.split, outfit.id))
    return cases


def write_lines(path: Path, rows: Iterable[OutfitSet | BlankQuestion | CompatibilityCase]) -> int:
    """Write rows as lines of JSON; returns their number."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(asdict(row), ensure_ascii=False) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(lines)


def read_outfits(path: Path) -> list[OutfitSet]:
    """The outfits of a file that `write_lines` wrote. Raises InvalidInput where it is missing or another."""
    return [_read(path, number, row) for number, row in _rows(path)]


def read_questions(path: Path) -> list[BlankQuestion]:
    """As `read_outfits`; none where there is no such file."""
    rows = [row for _, row in _rows(path)] if path.is_file() else []
    return [
        BlankQuestion(**{**row, "outfit": tuple(row["outfit"]), "answers": tuple(row["answers"])})
        for row in rows
    ]


def read_cases(path: Path) -> list[CompatibilityCase]:
    """As `read_outfits`; none where there is no such file."""
    rows = [row for _, row in _rows(path)] if path.is_file() else []
    return [CompatibilityCase(**{**row, "outfit": tuple(row["outfit"])}) for row in rows]


def _rows(path: Path) -> list[tuple[int, Any]]:
    if not path.is_file():
        raise InvalidInput("data", f"must hold {path.name}: {path.parent}")
    lines = path.read_text(encoding="utf-8").splitlines()
    try:
        return [(number, json.loads(line)) for number, line in enumerate(lines, 1)]
    except ValueError as error:
        raise InvalidInput("data", f"{path.name} has a line that is no JSON: {error}") from error


def _read(path: Path, number: int, row: Any) -> OutfitSet:
    try:
        items = tuple(_item(item) for item in row["items"])
        return OutfitSet(str(row["id"]), row["split"], items)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput("data", f"{path.name} line {number} is no outfit: {error!r}"[:300]) from error


def _item(row: Mapping[str, Any]) -> OutfitItem:
    box = row.get("box")
    item = OutfitItem(**{**row, "box": None if box is None else (box[0], box[1], box[2], box[3])})
    if item.slot and item.slot not in set(Slot):
        raise ValueError(f"{item.slot!r} is no slot")
    return item


def _by_category(outfits: Sequence[OutfitSet]) -> Mapping[str, list[str]]:
    pools: dict[str, dict[str, None]] = {}
    for outfit in outfits:
        for item in outfit.items:
            pools.setdefault(item.category, {})[item.id] = None
    return {category: list(ids) for category, ids in pools.items()}


def _others(pool: Sequence[str], without: set[str], count: int, rng: np.random.Generator) -> list[str]:
    """Different items of a pool at random; fewer where there are not so many."""
    order = rng.permutation(len(pool))
    return [pool[index] for index in order if pool[index] not in without][:count]
