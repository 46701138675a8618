"""Batches of sets of items: outfits, sets that are none, and outfits of which an item is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

from domain.types import FloatArray
from training.data.outfit_sets import OutfitItem, OutfitSet

Indices = npt.NDArray[np.int64]


class Negatives(BaseModel):
    """What outfits are told apart from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    changed: int = Field(
        2, ge=0, description="sets of each outfit with one item of the same category instead"
    )
    random: int = Field(
        1, ge=0, description="sets of each outfit with all items of the same categories instead"
    )
    candidates: int = Field(15, ge=1, description="others of its category beside an item that is asked for")
    subsets: float = Field(0.3, ge=0, le=1, description="share of the outfits of which a part is taken")


@dataclass(frozen=True, slots=True, eq=False)
class ItemTable:
    """The rows of a network's sets: `rows` (1 + K + I, D + K) float32, first that of no item, then a question
    for each slot, then the items; `index` has the row of each item by its id.
    """

    rows: Tensor
    index: Mapping[str, int]
    slots: tuple[str, ...]

    @classmethod
    def of(cls, items: Sequence[OutfitItem], embeddings: FloatArray, slots: tuple[str, ...]) -> ItemTable:
        """Of items and their embeddings (I, D)."""
        width, first = embeddings.shape[1], 1 + len(slots)
        rows = np.zeros((first + len(items), width + len(slots)), np.float32)
        rows[1:first, width:] = np.eye(len(slots), dtype=np.float32)
        rows[first:, :width] = embeddings
        for row, item in enumerate(items, first):
            rows[row, width + slots.index(item.slot)] = 1.0
        return cls(torch.from_numpy(rows), {item.id: row for row, item in enumerate(items, first)}, slots)

    @property
    def width(self) -> int:
        """D, of the embeddings."""
        return self.rows.shape[1] - len(self.slots)

    def embeddings(self, indices: Tensor) -> Tensor:
        """(..., D) of rows."""
        return self.rows[indices][..., : self.width]

    def packed(self, sets: Sequence[Sequence[int]], most: int) -> Tensor:
        """Rows of sets as (N, most) int64, 0 where there is no item; of larger sets the first items."""
        indices = np.zeros((len(sets), most), np.int64)
        for row, items in zip(indices, sets, strict=True):
            kept = list(items)[:most]
            row[: len(kept)] = kept
        return torch.from_numpy(indices)


@dataclass(frozen=True, slots=True, eq=False)
class OutfitBatch:
    """Indices of an `ItemTable`.

    Attributes:
        sets: (N, S), and `labels` (N,) float32: 1 for outfits, 0 for others.
        asked: (B, S), sets with a question, and `candidates` (B, C), the first of which is right.
    """

    sets: Tensor
    labels: Tensor
    asked: Tensor
    candidates: Tensor


class OutfitBatches:
    """Draws what one epoch is trained on; it follows from the seed and the number of the epoch."""

    def __init__(
        self, outfits: Sequence[OutfitSet], table: ItemTable, negatives: Negatives, most: int, seed: int
    ) -> None:
        self._table, self._negatives, self._most, self._seed = table, negatives, most, seed
        self._outfits = [[table.index[item.id] for item in outfit.items] for outfit in outfits]
        self._category: dict[int, str] = {}
        pools: dict[str, dict[int, None]] = {}
        self._slot: dict[int, int] = {}
        for outfit in outfits:
            for item in outfit.items:
                row = table.index[item.id]
                self._category[row] = item.category
                self._slot[row] = table.slots.index(item.slot)
                pools.setdefault(item.category, {})[row] = None
        self._pools = {category: np.array([*rows], np.int64) for category, rows in pools.items()}

    def __len__(self) -> int:
        return len(self._outfits)

    def epoch(self, number: int, size: int) -> Iterator[OutfitBatch]:
        """All outfits in batches of `size`."""
        rng = np.random.default_rng((self._seed, number))
        order = rng.permutation(len(self._outfits))
        for start in range(0, len(order), size):
            yield self._batch([self._outfits[index] for index in order[start : start + size]], rng)

    def _batch(self, outfits: Sequence[Sequence[int]], rng: np.random.Generator) -> OutfitBatch:
        sets: list[list[int]] = []
        labels: list[float] = []
        asked: list[list[int]] = []
        candidates: list[Indices] = []
        for whole in outfits:
            outfit = self._part(whole, rng)
            others = [self._changed(outfit, whole, rng) for _ in range(self._negatives.changed)]
            others += [
                [self._other(row, whole, rng) for row in outfit] for _ in range(self._negatives.random)
            ]
            sets += [outfit, *others]
            labels += [1.0, *([0.0] * len(others))]
            place = int(rng.integers(len(outfit)))
            row = outfit[place]
            asked.append([*outfit[:place], *outfit[place + 1 :], 1 + self._slot[row]])
            pool = self._pools[self._category[row]]
            candidates.append(np.array([row, *rng.choice(pool, self._negatives.candidates)]))
        packed = self._table.packed
        return OutfitBatch(
            packed(sets, self._most),
            torch.tensor(labels),
            packed(asked, self._most),
            torch.from_numpy(np.stack(candidates)),
        )

    def _part(self, whole: Sequence[int], rng: np.random.Generator) -> list[int]:
        """The items in some order, or some of them: two at least."""
        rows = rng.permutation(np.asarray(whole))[: self._most]
        if len(rows) > 2 and rng.random() < self._negatives.subsets:
            rows = rows[: int(rng.integers(2, len(rows)))]
        return [int(row) for row in rows]

    def _changed(self, outfit: Sequence[int], whole: Sequence[int], rng: np.random.Generator) -> list[int]:
        place = int(rng.integers(len(outfit)))
        return [*outfit[:place], self._other(outfit[place], whole, rng), *outfit[place + 1 :]]

    def _other(self, row: int, whole: Sequence[int], rng: np.random.Generator) -> int:
        """Another item of its category; itself where there is no other."""
        pool = self._pools[self._category[row]]
        for _ in range(8):
            found = int(pool[rng.integers(len(pool))])
            if found not in whole:
                return found
        return row
