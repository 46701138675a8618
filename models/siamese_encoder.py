"""Turns pictures of items into points that lie near each other where the items go together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from domain.types import FloatArray, Pixels
from models.golden import check_embeddings
from models.model import Model


class SiameseEncoder(Model):
    """The network that a Siamese pair shares.

    `run` takes pictures (N, H, W, 3) uint8 and gives embeddings (N, D) float32, L2-normalised: the nearer two
    of them, the better the items go together.
    """

    graph = "siamese"

    def preprocess(self, photo: Pixels) -> Pixels:
        """A photo or a crop as an input (H, W, 3) uint8, prepared as in the training's validation."""
        return self.manifest.image.fit_photo(photo)

    def embed(self, photo: Pixels) -> FloatArray:
        """The embedding (D,) of a photo or a crop (H, W, 3)."""
        row: FloatArray = self.run(self.preprocess(photo)[None])[0]
        return row

    def check(self, rows: int | None = None) -> float:
        """Run the golden inputs, or the first `rows`: lowest cosine.

        Raises ArtifactError where it is too low.
        """
        golden = self._artifact.golden(self.graph).first(rows)
        return check_embeddings(self.run(golden.inputs), golden, self.provider)


def closeness(points: Sequence[FloatArray]) -> float:
    """How well items go together by their embeddings (D,), of two or more items.

    It is from 0 to 1: 1 less half the mean distance of all pairs.
    """
    distances = [np.linalg.norm(one - other) for one, other in combinations(points, 2)]
    return 1.0 - float(np.mean(distances)) / 2.0
