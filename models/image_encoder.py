"""Turns pictures into points of the embedding space."""

from __future__ import annotations

from domain.types import Pixels
from imaging.crop import PadMode, fit_square, pad_square, resize
from models.golden import check_embeddings
from models.model import Model

# Crops with a longer side than this are resized before they are padded, which is off by a part of a pixel:
# the square of a very long one would fill the memory.
MAX_SQUARE_PX = 4096


class ImageEncoder(Model):
    """The image tower of a two-tower model.

    `run` takes pictures (N, S, S, 3) uint8 and gives embeddings (N, D) float32, L2-normalised.
    """

    graph = "image"

    @property
    def embedding_width(self) -> int:
        return self.manifest.embedding_width

    def pad(self, crop: Pixels) -> Pixels:
        """The crop, padded to a square as the manifest says."""
        return pad_square(crop, self._pad_mode)

    def preprocess(self, crop: Pixels) -> Pixels:
        """The crop as an input (S, S, 3) uint8: padded to a square, resized."""
        settings = self.manifest.image
        if max(crop.shape) > MAX_SQUARE_PX:
            return fit_square(crop, settings.height, self._pad_mode, settings.interpolation)
        return resize(self.pad(crop), settings.height, settings.width, settings.interpolation)

    @property
    def _pad_mode(self) -> PadMode:
        return "mean" if self.manifest.image.resize_mode == "square-pad-mean" else "reflect"

    def check(self, rows: int | None = None) -> float:
        """Run the golden inputs, or the first `rows`: lowest cosine.

        Raises ArtifactError where it is too low.
        """
        golden = self._artifact.golden(self.graph).first(rows)
        return check_embeddings(self.run(golden.inputs), golden, self.provider)
