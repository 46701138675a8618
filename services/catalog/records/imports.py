"""Imports: the entries that an operation brings into the catalogue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from domain.error_record import error_from_record, error_to_record
from domain.errors import ArmoireError, FailedPrecondition, NotFound
from services.catalog.records.images import NewImage
from services.catalog.records.jobs import OPEN, JobState
from services.catalog.records.money import Money
from services.catalog.records.operations import (
    UNFINISHED,
    Operation,
    OperationKind,
    OperationState,
    read_operation,
)
from services.catalog.records.product_drafts import Availability, ProductDraft
from services.catalog.sql.tables import ImportEntryRow, ImportSourceRow, JobRow, OperationRow
from services.catalog.sql.upsert import AnyRow, table_of

_ENTRY, _JOB = table_of(ImportEntryRow), table_of(JobRow)
_OF_IMPORT = (
    _ENTRY.c.tenant_id == bindparam("of_tenant"),
    _ENTRY.c.operation_id == bindparam("of_operation"),
)
_DAY_US = 86_400_000_000
KEPT_DAYS = 30
"""How long the entries of an import that is done are kept, for its failures."""


class EntryState(StrEnum):
    """How far an entry is: WAITING, then QUEUED while its photo is indexed, at last DONE or FAILED."""

    WAITING = "waiting"
    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"


class ProductChange(StrEnum):
    """What an entry has done to its product."""

    NONE = ""
    CREATED = "created"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class Entry:
    """A product, a photo of it, or both.

    Attributes:
        number: its place in the import, from 1.
        source: where it comes from, for people.
        image: the photo, whose bytes are in the blob store; None where there is none, or it is at `url`.
        error: why the photo cannot be indexed; the product is imported nevertheless.
    """

    number: int
    source: str = ""
    product: ProductDraft | None = None
    image_name: str = ""
    url: str = ""
    image: NewImage | None = None
    error: ArmoireError | None = None

    @property
    def external_id(self) -> str:
        return "" if self.product is None else self.product.external_id


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has come of an entry; `job_id` is of its photo, which `known` says its product had already."""

    number: int
    state: EntryState
    change: ProductChange = ProductChange.NONE
    job_id: str = ""
    known: bool = False
    error: ArmoireError | None = None


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """How many entries of an import there are, by state, and what has come of them."""

    states: Mapping[str, int]
    changes: Mapping[str, int]
    known: int
    indexed: int

    @property
    def entries(self) -> int:
        return sum(self.states.values())

    def of(self, state: EntryState) -> int:
        return self.states.get(state, 0)


@dataclass(frozen=True, slots=True)
class ImportSource:
    """For whom an import is, when entries came last, and whether all have come."""

    actor: str
    end_user: str
    entries_us: int
    finished: bool


def insert_source(
    session: Session, tenant_id: str, operation_id: str, actor: str, end_user: str, moment_us: int
) -> None:
    """Remember for whom an operation imports."""
    row = ImportSourceRow(
        tenant_id=tenant_id,
        operation_id=operation_id,
        actor=actor,
        end_user=end_user,
        entries_us=moment_us,
    )
    session.add(row)
    session.flush()


def read_source(session: Session, tenant_id: str, operation_id: str) -> ImportSource:
    """For whom an import is.

    Raises:
        NotFound: this tenant has no import of that id.
    """
    row = _source_row(session, tenant_id, operation_id, lock=False)
    return ImportSource(row.actor, row.end_user, row.entries_us, row.finish_us is not None)


def touch_source(session: Session, tenant_id: str, operation_id: str, moment_us: int) -> ImportSource:
    """Note that more entries are going to come. Raises as `read_source`."""
    _source_row(session, tenant_id, operation_id, lock=True).entries_us = moment_us
    return read_source(session, tenant_id, operation_id)


def read_import(session: Session, tenant_id: str, operation_id: str) -> Operation:
    """The operation of an import. Raises NotFound."""
    operation = read_operation(session, tenant_id, operation_id)
    if operation.kind is not OperationKind.IMPORT:
        raise NotFound("import", operation_id)
    return operation


def next_number(session: Session, tenant_id: str, operation_id: str) -> int:
    """The number of the first entry that is not kept."""
    last = select(func.max(ImportEntryRow.number)).where(*_of(tenant_id, operation_id))
    return (session.scalar(last) or 0) + 1


def insert_entries(
    session: Session, tenant_id: str, operation_id: str, entries: Sequence[Entry], moment_us: int
) -> int:
    """Keep entries, apart from those that are kept already; returns the next number.

    Raises:
        NotFound: this tenant has no import of that id.
        FailedPrecondition: the import takes no more entries.
    """
    row = _source_row(session, tenant_id, operation_id, lock=True)
    first = next_number(session, tenant_id, operation_id)
    fresh = [entry for entry in entries if entry.number >= first]
    if not fresh:
        return first
    _check_open(session, tenant_id, operation_id, row)
    row.entries_us = moment_us
    session.execute(insert(_ENTRY), [_values(tenant_id, operation_id, entry) for entry in fresh])
    _make_due(session, tenant_id, operation_id, moment_us)
    return fresh[-1].number + 1


def finish_import(session: Session, tenant_id: str, operation_id: str, moment_us: int) -> bool:
    """Note that all entries have come; whether that is new.

    Raises:
        NotFound: this tenant has no import of that id.
    """
    row = _source_row(session, tenant_id, operation_id, lock=True)
    is_new = row.finish_us is None
    row.finish_us = row.finish_us or moment_us
    _make_due(session, tenant_id, operation_id, moment_us)
    return is_new


def read_counts(session: Session, tenant_id: str, operation_id: str) -> ImportCounts:
    """What the entries of an import have come to."""
    columns = (ImportEntryRow.state, ImportEntryRow.product_change, ImportEntryRow.photo_known)
    has_job = ImportEntryRow.job_id.is_not(None).label("has_job")
    query = select(*columns, has_job, func.count()).where(*_of(tenant_id, operation_id))
    states, changes = Counter[str](), Counter[str]()
    known = indexed = 0
    for state, change, is_known, with_job, count in session.execute(query.group_by(*columns, has_job)):
        states[state] += count
        changes[change] += count
        known += count if is_known else 0
        indexed += count if with_job and not is_known and state == EntryState.DONE else 0
    return ImportCounts(states, changes, known, indexed)


def count_queued(session: Session, tenant_id: str, operation_id: str) -> int:
    """How many photos are queued or under way."""
    return session.scalar(_COUNT_QUEUED, _named(tenant_id, operation_id)) or 0


def has_waiting(session: Session, tenant_id: str, operation_id: str) -> bool:
    """Whether an entry has not been worked on."""
    return session.scalar(_A_WAITING_ONE, _named(tenant_id, operation_id)) is not None


def waiting_entries(session: Session, tenant_id: str, operation_id: str, limit: int) -> list[Entry]:
    """The first entries that can be worked on."""
    rows = session.execute(_READY, _named(tenant_id, operation_id) | {"most": limit})
    return [_entry(row) for row in rows]


def entries_to_fetch(session: Session, tenant_id: str, operation_id: str, limit: int) -> list[Entry]:
    """The first entries whose photos are to be fetched."""
    rows = session.execute(_TO_FETCH, _named(tenant_id, operation_id) | {"most": limit})
    return [_entry(row) for row in rows]


def write_photos(session: Session, tenant_id: str, operation_id: str, entries: Sequence[Entry]) -> None:
    """Keep the photos that were fetched, or why they could not be."""
    values = [_keyed(tenant_id, operation_id, each.number) | _photo_values(each) for each in entries]
    session.execute(_WRITE_PHOTO, values)


def write_outcomes(session: Session, tenant_id: str, operation_id: str, outcomes: Sequence[Outcome]) -> None:
    """Keep what has come of entries."""
    values = [
        _keyed(tenant_id, operation_id, each.number)
        | {
            "state": each.state,
            "product_change": each.change,
            "job_id": each.job_id or None,
            "photo_known": each.known,
            "error": None if each.error is None else error_to_record(each.error),
        }
        for each in outcomes
    ]
    if values:
        session.execute(_WRITE_OUTCOME, values)


def ended_photos(
    session: Session, tenant_id: str, operation_id: str
) -> list[tuple[int, ArmoireError | None]]:
    """The numbers of queued entries whose jobs have ended or are gone, with the errors of failed ones."""
    rows = session.execute(_ENDED, _named(tenant_id, operation_id))
    return [(row.number, _job_error(row)) for row in rows]


def settle_photos(
    session: Session,
    tenant_id: str,
    operation_id: str,
    ended: Sequence[tuple[int, ArmoireError | None]],
) -> None:
    """Set the entries of ended jobs to DONE or FAILED."""
    values = [
        _keyed(tenant_id, operation_id, number)
        | {
            "state": EntryState.DONE if error is None else EntryState.FAILED,
            "error": None if error is None else error_to_record(error),
        }
        for number, error in ended
    ]
    session.execute(_SETTLE, values)


def list_failures(session: Session, tenant_id: str, operation_id: str, after: int, limit: int) -> list[Entry]:
    """The failed entries behind a number, in their order."""
    failed = (ImportEntryRow.state == EntryState.FAILED, ImportEntryRow.number > after)
    query = select(ImportEntryRow).where(*_of(tenant_id, operation_id), *failed)
    return [_entry(row) for row in session.scalars(query.order_by(ImportEntryRow.number).limit(limit))]


def waiting_bytes(session: Session, tenant_id: str) -> int:
    """The bytes of photos that wait in imports, which are not counted among what a tenant keeps."""
    waits = (ImportEntryRow.state == EntryState.WAITING, ImportEntryRow.image_id.is_not(None))
    images = session.scalars(
        select(ImportEntryRow.image).where(ImportEntryRow.tenant_id == tenant_id, *waits)
    )
    return sum(int(image["size_bytes"]) for image in images if image)


def waiting_images(session: Session, tenant_id: str, image_ids: Collection[str] | None = None) -> set[str]:
    """The ids, among these or all, of photos that wait in imports."""
    waits = (ImportEntryRow.state == EntryState.WAITING, ImportEntryRow.image_id.is_not(None))
    query = select(ImportEntryRow.image_id).where(ImportEntryRow.tenant_id == tenant_id, *waits)
    if image_ids is not None:
        query = query.where(ImportEntryRow.image_id.in_(image_ids))
    return {image_id for image_id in session.scalars(query) if image_id}


def purge_entries(session: Session, tenant_id: str, moment_us: int) -> None:
    """Remove the entries of imports that have been done for `KEPT_DAYS`."""
    old = select(OperationRow.id).where(
        OperationRow.tenant_id == tenant_id,
        OperationRow.kind == OperationKind.IMPORT,
        OperationRow.end_us < moment_us - KEPT_DAYS * _DAY_US,
    )
    of_old = (ImportEntryRow.tenant_id == tenant_id, ImportEntryRow.operation_id.in_(old))
    session.execute(delete(ImportEntryRow).where(*of_old))


_COUNT_QUEUED = (
    select(func.count()).select_from(_ENTRY).where(*_OF_IMPORT, _ENTRY.c.state == EntryState.QUEUED)
)
_WAITS = _ENTRY.c.state == EntryState.WAITING
_A_WAITING_ONE = select(_ENTRY.c.number).where(*_OF_IMPORT, _WAITS).limit(1)
_FIRST = select(_ENTRY).where(*_OF_IMPORT, _WAITS).order_by(_ENTRY.c.number).limit(bindparam("most"))
_READY = _FIRST.where(
    or_(_ENTRY.c.url.is_(None), _ENTRY.c.image_id.is_not(None), _ENTRY.c.error.is_not(None))
)
_TO_FETCH = _FIRST.where(_ENTRY.c.url.is_not(None), _ENTRY.c.image_id.is_(None), _ENTRY.c.error.is_(None))
_ENDED = (
    select(_ENTRY.c.number, _JOB.c.state, _JOB.c.error)
    .outerjoin_from(_ENTRY, _JOB, (_JOB.c.tenant_id == _ENTRY.c.tenant_id) & (_JOB.c.id == _ENTRY.c.job_id))
    .where(
        *_OF_IMPORT,
        _ENTRY.c.state == EntryState.QUEUED,
        or_(_JOB.c.id.is_(None), _JOB.c.state.not_in(OPEN)),
    )
)
_OF_ENTRY = (*_OF_IMPORT, _ENTRY.c.number == bindparam("of_number"))


def _update(*names: str) -> Any:
    return update(_ENTRY).where(*_OF_ENTRY).values({name: bindparam(name) for name in names})


_WRITE_PHOTO = _update("image_id", "image", "error")
_WRITE_OUTCOME = _update("state", "product_change", "job_id", "photo_known", "error")
_SETTLE = _update("state", "error")


def _named(tenant_id: str, operation_id: str) -> dict[str, Any]:
    return {"of_tenant": tenant_id, "of_operation": operation_id}


def _keyed(tenant_id: str, operation_id: str, number: int) -> dict[str, Any]:
    return _named(tenant_id, operation_id) | {"of_number": number}


def _of(tenant_id: str, operation_id: str) -> tuple[Any, ...]:
    return ImportEntryRow.tenant_id == tenant_id, ImportEntryRow.operation_id == operation_id


def _source_row(session: Session, tenant_id: str, operation_id: str, *, lock: bool) -> ImportSourceRow:
    row = session.get(ImportSourceRow, (tenant_id, operation_id), with_for_update=lock or None)
    if row is None:
        raise NotFound("import", operation_id)
    return row


def _check_open(session: Session, tenant_id: str, operation_id: str, row: ImportSourceRow) -> None:
    """Raises FailedPrecondition where an import takes no more entries."""
    state = read_import(session, tenant_id, operation_id).state
    if state not in UNFINISHED or row.finish_us is not None:
        why = f"it is {state.name}" if state not in UNFINISHED else "FinishImport was called"
        raise FailedPrecondition(
            f"the import {operation_id!r} takes no more entries: {why}", reason="IMPORT_CLOSED"
        )


def _make_due(session: Session, tenant_id: str, operation_id: str, moment_us: int) -> None:
    """Let a runner look at a queued operation now."""
    queued = (OperationRow.tenant_id == tenant_id, OperationRow.id == operation_id)
    waits = (OperationRow.state == OperationState.QUEUED, OperationRow.run_after_us > moment_us)
    session.execute(update(OperationRow).where(*queued, *waits).values(run_after_us=moment_us))


def _values(tenant_id: str, operation_id: str, entry: Entry) -> dict[str, Any]:
    hopeless = entry.error is not None and entry.product is None
    return {
        "tenant_id": tenant_id,
        "operation_id": operation_id,
        "number": entry.number,
        "source": entry.source,
        "product": None if entry.product is None else _draft_to_json(entry.product),
        "image_name": entry.image_name,
        "url": entry.url or None,
        "state": EntryState.FAILED if hopeless else EntryState.WAITING,
        "job_id": None,
        "product_change": ProductChange.NONE,
        "photo_known": False,
        **_photo_values(entry),
    }


def _photo_values(entry: Entry) -> dict[str, Any]:
    return {
        "image_id": None if entry.image is None else entry.image.id,
        "image": None if entry.image is None else asdict(replace(entry.image, boxes=())),
        "error": None if entry.error is None else error_to_record(entry.error),
    }


def _entry(row: ImportEntryRow | AnyRow) -> Entry:
    return Entry(
        row.number,
        row.source,
        None if row.product is None else _draft_from_json(row.product),
        row.image_name,
        row.url or "",
        None if row.image is None else NewImage(**{**row.image, "boxes": ()}),
        None if row.error is None else error_from_record(row.error),
    )


def _job_error(row: AnyRow) -> ArmoireError | None:
    """Why the photo of a job that has ended was not indexed."""
    if row.state == JobState.COMPLETE:
        return None
    if row.state in (JobState.CANCELLED, None):
        return FailedPrecondition("the photo's job was cancelled or deleted", reason="JOB_CANCELLED")
    return error_from_record(row.error) if row.error else ArmoireError("the photo was not indexed")


def _draft_to_json(draft: ProductDraft) -> dict[str, Any]:
    """The fields that are filled in."""
    fields = {**asdict(draft), "availability": draft.availability.value}
    return {name: value for name, value in fields.items() if value}


def _draft_from_json(fields: Mapping[str, Any]) -> ProductDraft:
    prices = {name: Money(**fields[name]) for name in ("price", "list_price") if name in fields}
    availability = Availability(fields.get("availability", ""))
    return ProductDraft(**{**fields, **prices, "availability": availability})
