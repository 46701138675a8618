"""Turns pictures into points of the embedding space."""

from __future__ import annotations

from domain.types import Pixels
from models.golden import check_embeddings
from models.model import Model


class ImageEncoder(Model):
    """The image tower of a two-tower model.

    `run` takes pictures (N, H, W, 3) uint8 and gives embeddings (N, D) float32, L2-normalised.
    """

    graph = "image"

    @property
    def embedding_width(self) -> int:
        return self.manifest.embedding_width

    def preprocess(self, crop: Pixels) -> Pixels:
        """A garment's crop as an input (H, W, 3) uint8; see `ImagePreprocessing.fit_garment`."""
        return self.manifest.image.fit_garment(crop)

    def preprocess_photo(self, photo: Pixels) -> Pixels:
        """A whole photo as an input (H, W, 3) uint8, prepared as the model's authors do."""
        return self.manifest.image.fit_photo(photo)

    def check(self, rows: int | None = None) -> float:
        """Run the golden inputs, or the first `rows`: lowest cosine.

        Raises ArtifactError where it is too low.
        """
        golden = self._artifact.golden(self.graph).first(rows)
        return check_embeddings(self.run(golden.inputs), golden, self.provider)
