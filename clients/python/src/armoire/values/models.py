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
