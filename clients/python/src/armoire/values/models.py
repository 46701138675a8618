"""The history of a server's models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from armoire.values.inference import Model
from armoire.values.types import WireEnum


class ModelEventKind(WireEnum):
    """What happened to a model."""

    LOADED = "LOADED"
    UNLOADED = "UNLOADED"
    ALIAS_SET = "ALIAS_SET"
    ALIAS_DELETED = "ALIAS_DELETED"
    LOAD_FAILED = "LOAD_FAILED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class AliasChange:
    """An alias points to another model.

    Attributes:
        models: the graphs of that model.
        previous_version: what the alias pointed to before; empty for a new one.
    """

    models: tuple[Model, ...]
    previous_version: str = ""


@dataclass(frozen=True, slots=True)
class ShadowRequirement:
    """What an embedder must have shown beside the default one: how many garments were compared, the share of
    them with the same category, and the share of the ten nearest that both name, 0 to 1.
    """

    min_garments: int
    min_label_agreement: float = 0.0
    min_overlap: float = 0.0


@dataclass(frozen=True, slots=True)
class ShadowReport:
    """How far the embedder with the alias "shadow" agrees with the default one.

    Attributes:
        candidate_version: empty where no such embedder was compared.
        start_time: since when they are compared.
        photos: how many were compared.
        dropped, failed: photos that were not, because others waited, or because one could not answer again.
        same_labels: those of the `garments` of which both say the same category.
        neighbourhoods: garments whose ten nearest among the garments before were compared.
        overlap: the mean share of these ten that both name.
    """

    live_version: str
    candidate_version: str
    start_time: datetime | None
    photos: int
    dropped: int
    failed: int
    garments: int
    same_labels: int
    neighbourhoods: int
    overlap: float

    @property
    def label_agreement(self) -> float:
        """The share of garments with the same category; 0 where none was compared."""
        return self.same_labels / self.garments if self.garments else 0.0


@dataclass(frozen=True, slots=True)
class ModelEvent:
    """A model was loaded or unloaded, or an alias moved.

    Attributes:
        version: the model's; empty where a load failed before it was known.
        previous_version: what the alias pointed to before.
        reference: from where the model was loaded.
        message: why a load failed.
    """

    kind: ModelEventKind
    time: datetime | None
    version: str = ""
    alias: str = ""
    previous_version: str = ""
    reference: str = ""
    message: str = ""
