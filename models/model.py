"""What all models have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from domain.types import FloatArray, ModelVersion
from models.artifact import Artifact
from models.manifest import Manifest
from models.session import REMOTE, Session, SessionFactory


@dataclass(frozen=True, slots=True)
class RowFormat:
    """What a row of a graph's input must be; its values are from 0 to `largest`."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    largest: int


class Model(ABC):
    """One graph of an artifact, in a session that runs it."""

    graph: ClassVar[str]
    """Its name in the artifact."""

    def __init__(self, artifact: Artifact, session: Session) -> None:
        self._artifact = artifact
        self._session = session

    @classmethod
    def load(cls, artifact: Artifact, session_factory: SessionFactory) -> Self:
        return cls(artifact, session_factory(artifact.graph(cls.graph)))

    @classmethod
    def row_shape(cls, artifact: Artifact) -> tuple[int, ...]:
        """Of one row of the graph's input, here a picture (H, W, 3)."""
        return artifact.manifest.image.shape

    @property
    def row_format(self) -> RowFormat:
        return RowFormat(self.row_shape(self._artifact), np.dtype(np.uint8), 255)

    @property
    def artifact(self) -> Artifact:
        return self._artifact

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
    def is_remote(self) -> bool:
        """Whether a model server runs the graph."""
        return self._session.provider == REMOTE

    @property
    def ready(self) -> bool:
        """Whether runs will be answered."""
        return self._session.ready

    def run(self, batch: npt.NDArray[Any], *, exclusive: bool = False) -> FloatArray:
        """The graph's rows (N, ...) for input rows (N, ...). `exclusive`: no other run needs the cores."""
        rows: FloatArray = self._session.run(batch, exclusive=exclusive)[0]
        return rows

    def shrink_arena(self, batch: npt.NDArray[Any]) -> None:
        """Run a batch once more, and free the memory that larger ones have needed."""
        self._session.shrink_arena(batch)

    def close(self) -> None:
        """Leave the process that runs the graph, if it is another one."""
        self._session.close()

    @abstractmethod
    def check(self, rows: int | None = None) -> float:
        """Run the golden inputs, or the first `rows`, and say how close the outputs come.

        Raises:
            ArtifactError: not close enough.
        """
