"""Collections, each with the vectors of one model and preprocessing version."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from domain.errors import ArmoireError, FailedPrecondition, InvalidInput
from domain.types import FloatArray, ModelVersion


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection; its vectors are (width,) float32, L2-normalised."""

    name: str
    version: ModelVersion
    width: int

    def check_version(self, version: ModelVersion) -> None:
        """Check the version of a vector, since vectors of different versions cannot be compared.

        Raises:
            FailedPrecondition: `version` is not that of this collection.
        """
        if version != self.version:
            raise FailedPrecondition(
                f"the vector was made by {describe_version(version)}, "
                f"this server searches with {describe_version(self.version)}",
                reason="MODEL_VERSION_MISMATCH",
                metadata={
                    "given": describe_version(version),
                    "expected": describe_version(self.version),
                },
            )

    def check_vector(self, field: str, vector: FloatArray) -> FloatArray:
        """Check a vector and L2-normalise it.

        Raises:
            InvalidInput: its width is wrong, a value is not finite, or all are 0.
        """
        problem = self._problem(vector)
        if problem:
            raise InvalidInput(field, problem)
        return _normalized(vector)

    def check_own_vector(self, vector: FloatArray) -> FloatArray:
        """As `check_vector`, for a vector that this server made: that it is unusable is no fault of a caller.

        Raises:
            ArmoireError: its width is wrong, a value is not finite, or all are 0.
        """
        problem = self._problem(vector)
        if problem:
            raise ArmoireError(
                f"an embedding of {describe_version(self.version)} is unusable: it {problem}",
                reason="UNUSABLE_EMBEDDING",
            )
        return _normalized(vector)

    def _problem(self, vector: FloatArray) -> str:
        """What is wrong with the vector, "" if nothing is."""
        if vector.shape != (self.width,):
            return f"must hold {self.width} numbers, got {vector.size}"
        if not np.isfinite(vector).all():
            return "must hold finite numbers only, no NaN or infinity"
        return "" if vector.any() else "must not be all zeros"


def _normalized(vector: FloatArray) -> FloatArray:
    wide = vector.astype(np.float64)
    return (wide / np.linalg.norm(wide)).astype(np.float32)


def describe_version(version: ModelVersion) -> str:
    """Both parts of the version in one word."""
    return f"{version.model_version}/{version.preprocess_version}"


def collection_name(version: ModelVersion, width: int, columns: Sequence[str]) -> str:
    """A name that differs if version, width or columns differ."""
    text = "\n".join([version.model_version, version.preprocess_version, str(width), *columns])
    slug = re.sub(r"\W+", "_", version.model_version, flags=re.ASCII)[:40]
    return f"items_{slug}_{hashlib.sha256(text.encode()).hexdigest()[:12]}"
