"""Says how well items go together, and what the item that is missing looks like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from domain.errors import InvalidInput
from domain.types import FloatArray
from models.artifact import Artifact
from models.golden import check_probabilities
from models.manifest import Manifest
from models.model import Model, RowFormat

SetItem: TypeAlias = tuple[FloatArray | None, str]
"""The embedding (D,) of an item and the slot that it fills; None asks what would fill the slot."""


class OutfitScorer(Model):
    """A transformer over the items of a set.

    `run` takes sets (N, S, D + K) float32: for each item its embedding (D), L2-normalised, and a one of the
    K slots of the manifest; rows of zeros are no items. It gives (N, 1 + D): the probability that somebody
    put the items together, and the embedding, L2-normalised, of what fills the slot that has no item.
    """

    graph = "outfit"

    @classmethod
    def row_shape(cls, artifact: Artifact) -> tuple[int, ...]:
        """Of one set: (S, D + K)."""
        return set_shape(artifact.manifest)

    @property
    def row_format(self) -> RowFormat:
        return RowFormat(self.row_shape(self._artifact), np.dtype(np.float32), 1)

    @property
    def embedder(self) -> str:
        """The version of the model whose embeddings it takes."""
        return self.manifest.embedder

    def preprocess(self, sets: Sequence[Sequence[SetItem]]) -> FloatArray:
        """Sets as rows for `run`. Raises InvalidInput for a set of too many items, or another slot."""
        return pack_sets(sets, self.manifest)

    def probabilities(self, sets: Sequence[Sequence[SetItem]]) -> FloatArray:
        """How probable it is that the items of each set go together, (N,)."""
        return self.run(self.preprocess(sets))[:, 0]

    def missing(self, items: Sequence[SetItem], slot: str) -> FloatArray:
        """The embedding (D,), L2-normalised, of what fills the slot beside the items."""
        row: FloatArray = self.run(self.preprocess([[*items, (None, slot)]]))[0, 1:]
        return row

    def check(self, rows: int | None = None) -> float:
        """Run the golden inputs, or the first `rows`: largest difference of an output.

        Raises ArtifactError where it is too large.
        """
        golden = self._artifact.golden(self.graph).first(rows)
        return check_probabilities(self.run(golden.inputs), golden, self.provider)


def set_shape(manifest: Manifest) -> tuple[int, int]:
    """(S, D + K): items, and the width of each."""
    return manifest.max_items, manifest.embedding_width + len(manifest.slots)


def pack_sets(sets: Sequence[Sequence[SetItem]], manifest: Manifest) -> FloatArray:
    """See `OutfitScorer.preprocess`."""
    places = {slot: manifest.embedding_width + index for index, slot in enumerate(manifest.slots)}
    rows = np.zeros((len(sets), *set_shape(manifest)), np.float32)
    for row, items in zip(rows, sets, strict=True):
        if len(items) > manifest.max_items:
            raise InvalidInput("items", f"must be at most {manifest.max_items}, got {len(items)}")
        for place, (embedding, slot) in zip(row, items, strict=False):
            if slot not in places:
                raise InvalidInput("slot", f"must be one of {', '.join(places)}, not {slot[:50]!r}")
            if embedding is not None:
                place[: manifest.embedding_width] = embedding
            place[places[slot]] = 1.0
    return rows
