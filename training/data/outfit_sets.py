"""Outfits as sets of items, and the two questions that scorers of outfits are measured by.

OUTFITS.jsonl      {"id": "9", "split": "train", "items": [{"id": "a", "category": "shoes", "name": "..."}]}
QUESTIONS.jsonl    {"outfit": ["a", "b"], "answers": ["c", "d", "e", "f"], "right": 0}
PAIRS.jsonl        {"outfit": ["a", "b", "c"], "compatible": true}
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True, slots=True)
class OutfitItem:
    """An item; `category` is its part of an outfit, such as "shoes", `image` a path or ""."""

    id: str
    category: str
    name: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class OutfitSet:
    """Items that somebody has put together."""

    id: str
    split: str
    items: tuple[OutfitItem, ...]


@dataclass(frozen=True, slots=True)
class BlankQuestion:
    """Fill in the blank: which of the answers completes the outfit? Ids of items; `right` is an index.

    Source: Han et al. 2017, "Learning Fashion Compatibility with Bidirectional LSTMs".
    """

    outfit: tuple[str, ...]
    answers: tuple[str, ...]
    right: int


@dataclass(frozen=True, slots=True)
class CompatibilityCase:
    """Items that somebody has put together, or that were drawn at random."""

    outfit: tuple[str, ...]
    compatible: bool


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
            questions.append(BlankQuestion(rest, tuple(given), right))
    return questions


def compatibility_cases(outfits: Sequence[OutfitSet], seed: int = 0) -> list[CompatibilityCase]:
    """Each outfit, and beside it one whose items are replaced by random ones of their categories."""
    rng = np.random.default_rng(seed)
    pools = _by_category(outfits)
    cases = []
    for outfit in outfits:
        drawn = [_others(pools[item.category], {item.id}, 1, rng) for item in outfit.items]
        if len(outfit.items) > 1 and all(drawn):
            cases.append(CompatibilityCase(tuple(item.id for item in outfit.items), True))
            cases.append(CompatibilityCase(tuple(one for (one,) in drawn), False))
    return cases


def write_lines(path: Path, rows: Iterable[OutfitSet | BlankQuestion | CompatibilityCase]) -> int:
    """Write rows as lines of JSON; returns their number."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(asdict(row), ensure_ascii=False) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(lines)


def read_outfits(path: Path) -> list[OutfitSet]:
    """The outfits of a file that `write_lines` wrote."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        OutfitSet(row["id"], row["split"], tuple(OutfitItem(**item) for item in row["items"])) for row in rows
    ]


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
