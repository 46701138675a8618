"""Corrections: the changes that people make of items. Rows are only added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.clock import datetime_from_us
from domain.errors import NotFound
from domain.types import ModelVersion
from services.catalog.records.paging import Cursor
from services.catalog.sql.tables import CorrectionRow
from services.catalog.sql.upsert import table_of

_CHUNK = 500
_INSERT = insert(table_of(CorrectionRow))


class CorrectionKind(StrEnum):
    """CORRECT is of a label, attributes or a box."""

    CORRECT = "correct"
    ADD = "add"
    REJECT = "reject"
    RESTORE = "restore"
    SET_PRIMARY = "set_primary"
    VERIFY = "verify"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field before and after: what is kept of it, in values of JSON, and as callers saw it."""

    field: str
    before: Any
    after: Any
    shown_before: str
    shown_after: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A change that a person has made of an item.

    Attributes:
        author: as `Principal.subject`; `end_user` is for whom, if the author has said so.
        version: of the model that had described the item then.
        undone_id: the correction that this one takes back, "" for none.
        review_reason: why its author had the item to review, "" where they had not.
        batch_id: that of all corrections that were made together, "" for one by itself.
    """

    id: str
    item_id: str
    kind: CorrectionKind
    author: str
    end_user: str
    changes: tuple[FieldChange, ...]
    version: ModelVersion
    undone_id: str
    create_time: datetime
    review_reason: str = ""
    batch_id: str = ""


@dataclass(frozen=True, slots=True)
class CorrectionFilter:
    """Which corrections to list; "" and None stand for all. Times are microseconds since 1970."""

    item_id: str = ""
    author: str = ""
    created_from_us: int | None = None
    created_before_us: int | None = None

    @property
    def scope(self) -> str:
        """A text that identifies the filter."""
        return f"{self.item_id} {self.author} {self.created_from_us} {self.created_before_us}"


def insert_correction(session: Session, tenant_id: str, correction: Correction, moment_us: int) -> None:
    """Add a correction, made at that moment."""
    values = {
        "tenant_id": tenant_id,
        "id": correction.id,
        "item_id": correction.item_id,
        "kind": correction.kind.value,
        "author": correction.author,
        "end_user": correction.end_user,
        "changes": [asdict(change) for change in correction.changes],
        "model_version": correction.version.model_version,
        "preprocess_version": correction.version.preprocess_version,
        "undone_id": correction.undone_id or None,
        "create_us": moment_us,
        "review_reason": correction.review_reason,
        "batch_id": correction.batch_id,
    }
    session.execute(_INSERT, values)


def read_correction(session: Session, tenant_id: str, correction_id: str) -> Correction:
    """One correction.

    Raises:
        NotFound: this tenant has none of that id.
    """
    row = session.get(CorrectionRow, (tenant_id, correction_id))
    if row is None:
        raise NotFound("correction", correction_id)
    return _correction(row)


def list_corrections(
    session: Session, tenant_id: str, cursor: Cursor, wanted: CorrectionFilter
) -> Sequence[Correction]:
    """Newest first, one more than the page's size where there are more."""
    query = select(CorrectionRow).where(CorrectionRow.tenant_id == tenant_id)
    if wanted.item_id:
        query = query.where(CorrectionRow.item_id == wanted.item_id)
    if wanted.author:
        query = query.where(CorrectionRow.author == wanted.author)
    if wanted.created_from_us is not None:
        query = query.where(CorrectionRow.create_us >= wanted.created_from_us)
    if wanted.created_before_us is not None:
        query = query.where(CorrectionRow.create_us < wanted.created_before_us)
    if cursor.before:
        query = query.where(CorrectionRow.id < cursor.before)
    rows = session.scalars(query.order_by(CorrectionRow.id.desc()).limit(cursor.size + 1))
    return [_correction(row) for row in rows]


def corrections_of(session: Session, tenant_id: str, item_ids: Sequence[str]) -> dict[str, list[Correction]]:
    """The history of items by their ids, oldest first; those without one are left out."""
    found: dict[str, list[Correction]] = {}
    for start in range(0, len(item_ids), _CHUNK):
        query = select(CorrectionRow).where(
            CorrectionRow.tenant_id == tenant_id,
            CorrectionRow.item_id.in_(item_ids[start : start + _CHUNK]),
        )
        for row in session.scalars(query.order_by(CorrectionRow.id)):
            found.setdefault(row.item_id, []).append(_correction(row))
    return found


def _correction(row: CorrectionRow) -> Correction:
    return Correction(
        id=row.id,
        item_id=row.item_id,
        kind=CorrectionKind(row.kind),
        author=row.author,
        end_user=row.end_user,
        changes=tuple([FieldChange(**change) for change in row.changes]),
        version=ModelVersion(row.model_version, row.preprocess_version),
        undone_id=row.undone_id or "",
        create_time=datetime_from_us(row.create_us),
        review_reason=row.review_reason,
        batch_id=row.batch_id,
    )
