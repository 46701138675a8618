"""Turns pictures into points of the embedding space."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from domain.types import FloatArray, ModelVersion, Pixels
from imaging.crop import PadMode, fit_square, pad_square, resize
from models.artifact import Artifact
from models.golden import check_embeddings
from models.manifest import Manifest
from models.session import Session, SessionFactory

# Crops with a longer side than this are resized before they are padded, which is off by a part of a pixel:
# the square of a very long one would fill the memory.
MAX_SQUARE_PX = 4096


class ImageEncoder:
    """The image tower of a two-tower model."""

    def __init__(self, artifact: Artifact, session: Session) -> None:
        self._artifact = artifact
        self._session = session

    @classmethod
    def load(cls, artifact: Artifact, session_factory: SessionFactory) -> ImageEncoder:
        return cls(artifact, session_factory(artifact.graph("image")))

    @property
    def manifest(self) -> Manifest:
        return self._artifact.manifest

    @property
    def version(self) -> ModelVersion:
        return self._artifact.version

    @property
    def provider(self) -> str:
        return self._session.provider

    @property
    def input_shape(self) -> tuple[int, int, int]:
        """(S, S, 3)."""
        return self.manifest.image.height, self.manifest.image.width, 3

    @property
    def embedding_width(self) -> int:
        return self.manifest.embedding_width

    @property
    def enough_px(self) -> int:
        """The longer side to which a picture may be shrunk before `preprocess`: twice the input's."""
        return 2 * max(self.input_shape)

    def pad(self, crop: Pixels) -> Pixels:
        """The crop, padded to a square as the manifest says."""
        return pad_square(crop, self._pad_mode)

    def preprocess(self, crop: Pixels) -> Pixels:
        """The crop as an input (S, S, 3) uint8: padded to a square, resized."""
        settings = self.manifest.image
        if max(crop.shape) > MAX_SQUARE_PX:
            return fit_square(crop, settings.height, self._pad_mode, settings.interpolation)
        return resize(self.pad(crop), settings.height, settings.width, settings.interpolation)

    def run(self, batch: npt.NDArray[np.uint8], *, alone: bool = False) -> FloatArray:
        """Embeddings (N, D) float32, L2-normalised, of pictures (N, S, S, 3)."""
        embeddings: FloatArray = self._session.run(batch, alone=alone)[0]
        return embeddings

    @property
    def _pad_mode(self) -> PadMode:
        return "mean" if self.manifest.image.resize_mode == "square-pad-mean" else "reflect"

    def check(self, rows: int | None = None) -> float:
        """Run the golden inputs, or the first `rows`: lowest cosine.

        Raises ArtifactError where it is too low.
        """
        return check_embeddings(self._session, self._artifact.golden("image").first(rows))
