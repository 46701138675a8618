"""Says what a picture shows."""

from __future__ import annotations

import numpy as np

from domain.types import FloatArray, Pixels, ScoredValue
from models.golden import check_probabilities
from models.model import Model


class Classifier(Model):
    """A classification model, whole pictures in.

    `run` takes pictures (N, H, W, 3) uint8 and gives probabilities (N, C) float32, in the order of the
    manifest's labels; each row adds up to 1.
    """

    graph = "classifier"

    def preprocess(self, photo: Pixels) -> Pixels:
        """A photo or a crop as an input (H, W, 3) uint8, prepared as in the training's validation."""
        return self.manifest.image.fit_photo(photo)

    def postprocess(self, probabilities: FloatArray, top_k: int) -> list[ScoredValue]:
        """The `top_k` labels of highest probability, highest first, from a picture's probabilities (C,)."""
        best = np.argsort(-probabilities, kind="stable")[:top_k]
        return [ScoredValue(self.manifest.labels[index], float(probabilities[index])) for index in best]

    def classify(self, photo: Pixels, top_k: int = 5) -> list[ScoredValue]:
        """The `top_k` labels of highest probability for a photo (H, W, 3), highest first."""
        return self.postprocess(self.run(self.preprocess(photo)[None])[0], top_k)

    def check(self, rows: int | None = None) -> float:
        """Run the golden inputs, or the first `rows`: largest difference of a probability.

        Raises ArtifactError where it is too large.
        """
        golden = self._artifact.golden(self.graph).first(rows)
        return check_probabilities(self.run(golden.inputs), golden, self.provider)
