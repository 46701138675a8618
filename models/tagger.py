"""Answers several questions about a garment: pattern, fit, formality, seasons, style."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from domain.types import FloatArray, Pixels, ScoredValue
from models.golden import check_probabilities
from models.model import Model
from models.tag_head import TagHead, slices


@dataclass(frozen=True, slots=True)
class TagAnswer:
    """The answer of a head: its values with their probabilities, highest first; or a number from 0 to 1."""

    values: tuple[ScoredValue, ...] = ()
    number: float | None = None


class Tagger(Model):
    """A model with several heads, whole pictures in.

    `run` takes pictures (N, H, W, 3) uint8 and gives (N, O) float32: the outputs of the manifest's heads one
    after the other. Those of a head for one value add up to 1, others are from 0 to 1 each.
    """

    graph = "tagger"

    def preprocess(self, photo: Pixels) -> Pixels:
        """A photo or a crop as an input (H, W, 3) uint8, prepared as in the training's validation."""
        return self.manifest.image.fit_photo(photo)

    def postprocess(self, outputs: FloatArray) -> dict[str, TagAnswer]:
        """The answer of each head, by its name, from a picture's outputs (O,)."""
        heads = self.manifest.heads
        return {
            head.name: _answer(head, outputs[place]) for head, place in zip(heads, slices(heads), strict=True)
        }

    def tag(self, photo: Pixels) -> dict[str, TagAnswer]:
        """The answers for a photo or a crop (H, W, 3)."""
        return self.postprocess(self.run(self.preprocess(photo)[None])[0])

    def check(self, rows: int | None = None) -> float:
        """Run the golden inputs, or the first `rows`: largest difference of an output.

        Raises ArtifactError where it is too large.
        """
        golden = self._artifact.golden(self.graph).first(rows)
        return check_probabilities(self.run(golden.inputs), golden, self.provider)


def _answer(head: TagHead, outputs: FloatArray) -> TagAnswer:
    if head.kind == "number":
        return TagAnswer(number=float(outputs[0]))
    order = np.argsort(-outputs, kind="stable")
    return TagAnswer(tuple(ScoredValue(head.values[index], float(outputs[index])) for index in order))
