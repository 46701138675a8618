"""Where models lie on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from domain.errors import NotFound


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model on disk; `reference` is what loads it."""

    reference: str
    folder: Path


def failure_text(error: Exception, folder: Path, reference: str) -> str:
    """What is wrong with a model, to a caller, who knows its reference and not where it is kept."""
    return str(error).replace(str(folder), reference)


class ModelStore(Protocol):
    """The models that a server may load."""

    def folder(self, reference: str) -> Path:
        """The folder of a model.

        Raises:
            NotFound: the store has no such model.
        """
        ...

    def list(self) -> Sequence[StoredModel]:
        """All models, by name."""
        ...


class NoStore:
    """A store without models."""

    def folder(self, reference: str) -> Path:
        raise NotFound("model", reference)

    def list(self) -> Sequence[StoredModel]:
        return ()
