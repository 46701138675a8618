"""Corrections: what people change of items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from armoire.values.items import Item
from armoire.values.types import WireEnum


class CorrectionKind(WireEnum):
    """What a correction does; UNKNOWN is one that this client does not know."""

    UNKNOWN = "unknown"
    CORRECT = "correct"
    ADD = "add"
    REJECT = "reject"
    RESTORE = "restore"
    SET_PRIMARY = "set_primary"
    VERIFY = "verify"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Said:
    """What a person says of an attribute, one of these.

    Its values, values it has not, that none applies (`cleared`), or that the model's is back (`reset`).
    """

    values: Sequence[str] = ()
    not_values: Sequence[str] = ()
    cleared: bool = False
    reset: bool = False


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of an item before and after, such as "label" or "attributes.pattern"."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A change that a person has made of an item.

    `author` made it, for `end_user` where the author has said so. The versions are of the model that had
    described the item then. `undone_correction_id` is the correction that this one takes back, "" for none.
    `review_reason` tells why its author had leased the item for review ("uncertain", "audit", "disagreement"
    or "similar"), "" where they had not. Corrections that were made by one call have the same `batch_id`.
    """

    id: str
    item_id: str
    kind: CorrectionKind
    author: str
    end_user: str
    changes: tuple[FieldChange, ...]
    model_version: str
    preprocess_version: str
    undone_correction_id: str
    create_time: datetime | None
    review_reason: str = ""
    batch_id: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    """An item after a correction; None where it is gone.

    `correction` is None where nothing has changed. `job_id` is the job that makes the item's new crop and
    embedding, "" where none is needed.
    """

    item: Item | None
    correction: Correction | None
    job_id: str = ""
