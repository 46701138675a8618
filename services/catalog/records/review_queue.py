"""The queue of reviewers: which items nobody has decided on, and which reviewer has which of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from domain.types import FloatArray, ModelVersion
from services.catalog.sql.tables import CorrectionRow, EmbeddingRow, ItemRow, PredictionRow, ReviewLeaseRow
from services.catalog.sql.upsert import table_of

CANDIDATES = 400
"""Items that are looked at to choose some of them."""
KNOWN = 200
"""Items reviewed last from which others are to differ."""
SKIP_US = 3600 * 1_000_000
"""How long a skipped item rests."""
_RANDOM_PART = 25
"""Where the part of an id begins that is random alone, from 1."""
_LEASE = table_of(ReviewLeaseRow)
_Other = aliased(PredictionRow)
Candidates: TypeAlias = Select[*tuple[Any, ...]]
"""Items with how unsure a model is of them."""


class ReviewReason(StrEnum):
    """Why a reviewer gets an item."""

    UNCERTAIN = "uncertain"
    AUDIT = "audit"
    DISAGREEMENT = "disagreement"
    SIMILAR = "similar"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which items to review.

    Attributes:
        version: of the model that has described them; without a preprocessing version, any of the model's.
        labels: what they are taken for, casefolded; () for anything.
        never_seen: only those that nobody has ever changed.
        disagreements: only those that models, or a later model and a person, do not agree on.
        categories: the names of all categories, casefolded; other labels of detectors disagree with nothing.
    """

    version: ModelVersion
    labels: tuple[str, ...] = ()
    never_seen: bool = False
    disagreements: bool = False
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that may be reviewed, and how unsure the model is of its category, 0 to 1."""

    item_id: str
    uncertainty: float


@dataclass(frozen=True, slots=True)
class Lease:
    """An item that a reviewer has, and why."""

    item_id: str
    reason: ReviewReason


IS_UNDECIDED = and_(
    ItemRow.delete_us.is_(None),
    ItemRow.reject_reason.is_(None),
    ItemRow.verify_us.is_(None),
    ItemRow.corrected_label.is_(None),
)
"""Whether nobody has said what an item is, or that it is none."""


def uncertain_items(
    session: Session, tenant_id: str, wanted: QueueFilter, moment_us: int, count: int = CANDIDATES
) -> list[Candidate]:
    """The least sure of the items that nobody has, at most `count`."""
    query = _free(tenant_id, wanted, moment_us)
    return _candidates(session, query.order_by(PredictionRow.uncertainty.desc(), ItemRow.id).limit(count))


def random_items(
    session: Session, tenant_id: str, wanted: QueueFilter, moment_us: int, count: int
) -> list[Candidate]:
    """The first of the items that nobody has, in an order that has nothing to do with what they are."""
    query = _free(tenant_id, wanted, moment_us)
    drawn = func.substr(ItemRow.id, _RANDOM_PART)
    return _candidates(session, query.order_by(drawn, ItemRow.id).limit(count))


def named_items(
    session: Session,
    tenant_id: str,
    item_ids: Sequence[str],
    wanted: QueueFilter | None,
    version: ModelVersion,
) -> list[Candidate]:
    """Those of the items that are open, in their order; without a filter all that are there."""
    query = _described(tenant_id, version).where(ItemRow.id.in_(item_ids))
    query = query.where(ItemRow.delete_us.is_(None)) if wanted is None else query.where(*_conditions(wanted))
    found = {candidate.item_id: candidate for candidate in _candidates(session, query)}
    return [found[item_id] for item_id in item_ids if item_id in found]


def count_open(session: Session, tenant_id: str, wanted: QueueFilter) -> int:
    """How many items are to be reviewed, whoever has them."""
    query = _described(tenant_id, wanted.version).where(*_conditions(wanted))
    ids = query.with_only_columns(ItemRow.id).distinct().subquery()
    return session.scalar(select(func.count()).select_from(ids)) or 0


def read_vectors(
    session: Session, tenant_id: str, item_ids: Sequence[str], version: ModelVersion
) -> dict[str, FloatArray]:
    """(D,) float32 by item id, of the items that have an embedding of the model."""
    query = select(EmbeddingRow.item_id, EmbeddingRow.vector).where(
        EmbeddingRow.tenant_id == tenant_id,
        EmbeddingRow.item_id.in_(item_ids),
        *_of_version(EmbeddingRow, version),
    )
    return {item_id: np.frombuffer(vector, "<f4") for item_id, vector in session.execute(query)}


def known_items(session: Session, tenant_id: str, moment_us: int) -> list[str]:
    """The items that were verified last, and those that reviewers have."""
    verified = (
        select(ItemRow.id)
        .where(ItemRow.tenant_id == tenant_id, ItemRow.verify_us.is_not(None))
        .order_by(ItemRow.verify_us.desc())
        .limit(KNOWN)
    )
    leased = select(ReviewLeaseRow.item_id).where(
        ReviewLeaseRow.tenant_id == tenant_id, ReviewLeaseRow.expire_us > moment_us
    )
    return [*session.scalars(leased.limit(KNOWN)), *session.scalars(verified)]


# Leases


def renew_leases(
    session: Session, tenant_id: str, reviewer: str, expire_us: int, moment_us: int
) -> list[Lease]:
    """Make the leases of a reviewer last until a moment, but those of similar items; the oldest first."""
    mine = (
        *_of_reviewer(tenant_id, reviewer),
        ReviewLeaseRow.expire_us > moment_us,
        ReviewLeaseRow.reason != ReviewReason.SIMILAR,
    )
    session.execute(update(ReviewLeaseRow).where(*mine).values(expire_us=expire_us))
    rows = session.execute(
        select(ReviewLeaseRow.item_id, ReviewLeaseRow.reason)
        .where(*mine)
        .order_by(ReviewLeaseRow.create_us, ReviewLeaseRow.item_id)
    )
    return [Lease(item_id, ReviewReason(reason)) for item_id, reason in rows]


def take_leases(
    session: Session, tenant_id: str, reviewer: str, wanted: Sequence[Lease], expire_us: int, moment_us: int
) -> list[Lease]:
    """Lease those of the items that nobody else has; one that was just taken by another is left out.

    The statement waits for others that take the same rows, so each is one reviewer's alone.
    """
    rows = [
        {
            "tenant_id": tenant_id,
            "item_id": lease.item_id,
            "reviewer": reviewer,
            "reason": lease.reason.value,
            "expire_us": expire_us,
            "create_us": moment_us + index,
        }
        for index, lease in enumerate(wanted)
    ]
    if not rows:
        return []
    rows.sort(key=lambda row: str(row["item_id"]))  # always in this order, or two could wait for each other
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite.insert(_LEASE) if is_sqlite else postgresql.insert(_LEASE)
    statement: Any = insert.values(rows)
    changed = {name: statement.excluded[name] for name in ("reviewer", "reason", "expire_us", "create_us")}
    free = or_(_LEASE.c.expire_us <= moment_us, _LEASE.c.reviewer == reviewer)
    statement = statement.on_conflict_do_update(
        index_elements=["tenant_id", "item_id"], set_=changed, where=free
    ).returning(_LEASE.c.item_id)
    taken = set(session.scalars(statement))
    return [lease for lease in wanted if lease.item_id in taken]


def leased_items(session: Session, tenant_id: str, item_ids: Sequence[str], moment_us: int) -> set[str]:
    """Those of the items that any reviewer has."""
    query = select(ReviewLeaseRow.item_id).where(
        ReviewLeaseRow.tenant_id == tenant_id,
        ReviewLeaseRow.item_id.in_(item_ids),
        ReviewLeaseRow.expire_us > moment_us,
    )
    return set(session.scalars(query))


def release_leases(
    session: Session, tenant_id: str, reviewer: str, item_ids: Sequence[str], moment_us: int, *, skip: bool
) -> int:
    """Give back items that a reviewer has, all where none are named; returns how many.

    Those that are skipped rest for a while.
    """
    mine = [*_of_reviewer(tenant_id, reviewer), ReviewLeaseRow.expire_us > moment_us]
    if item_ids:
        mine.append(ReviewLeaseRow.item_id.in_(item_ids))
    if skip:
        resting = update(ReviewLeaseRow).where(*mine).values(reviewer="", expire_us=moment_us + SKIP_US)
        result: Any = session.execute(resting)
    else:
        result = session.execute(delete(ReviewLeaseRow).where(*mine))
    return int(result.rowcount)


def release_similar(session: Session, tenant_id: str, reviewer: str) -> None:
    """Give back the items that a reviewer has because they look like another one."""
    similar = ReviewLeaseRow.reason == ReviewReason.SIMILAR
    session.execute(delete(ReviewLeaseRow).where(*_of_reviewer(tenant_id, reviewer), similar))


def remove_expired(session: Session, tenant_id: str, moment_us: int) -> None:
    """Remove the leases that have ended."""
    session.execute(
        delete(ReviewLeaseRow).where(
            ReviewLeaseRow.tenant_id == tenant_id, ReviewLeaseRow.expire_us <= moment_us
        )
    )


def end_lease(session: Session, tenant_id: str, item_id: str, subject: str, moment_us: int) -> str:
    """The author decided on an item: remove its lease; returns why they had it, "" where they had not."""
    row = session.get(ReviewLeaseRow, (tenant_id, item_id))
    if row is None or row.expire_us <= moment_us or row.reviewer.rpartition(" ")[0] != subject:
        return ""
    reason = row.reason
    session.delete(row)
    return reason


def _of_reviewer(tenant_id: str, reviewer: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return ReviewLeaseRow.tenant_id == tenant_id, ReviewLeaseRow.reviewer == reviewer


def _described(tenant_id: str, version: ModelVersion) -> Candidates:
    """Items with how unsure a model is of them."""
    of_item = (PredictionRow.tenant_id == ItemRow.tenant_id) & (PredictionRow.item_id == ItemRow.id)
    columns: Any = select(ItemRow.id, PredictionRow.uncertainty)
    of_model = _of_version(PredictionRow, version)
    query: Candidates = columns.join(ItemRow, of_item)
    return query.where(PredictionRow.tenant_id == tenant_id, *of_model)


def _of_version(rows: Any, version: ModelVersion) -> list[ColumnElement[bool]]:
    conditions = [rows.model_version == version.model_version]
    if version.preprocess_version:
        conditions.append(rows.preprocess_version == version.preprocess_version)
    return conditions


def _free(tenant_id: str, wanted: QueueFilter, moment_us: int) -> Candidates:
    """The open items that nobody has."""
    leased = (
        select(ReviewLeaseRow.item_id)
        .where(
            ReviewLeaseRow.tenant_id == ItemRow.tenant_id,
            ReviewLeaseRow.item_id == ItemRow.id,
            ReviewLeaseRow.expire_us > moment_us,
        )
        .exists()
    )
    return _described(tenant_id, wanted.version).where(*_conditions(wanted), ~leased)


def _conditions(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    conditions = [_disagrees(wanted.categories) if wanted.disagreements else IS_UNDECIDED]
    if wanted.labels:
        names = (func.lower(PredictionRow.label), func.lower(PredictionRow.category))
        conditions.append(or_(*(name.in_(wanted.labels) for name in names)))
    if wanted.never_seen:
        conditions.append(ItemRow.corrected.is_(False))
    return conditions


def _disagrees(categories: Sequence[str]) -> ColumnElement[bool]:
    """Two models say different categories of an open item, or one says another than a person who had not
    seen what it says.
    """
    other = (
        select(_Other.item_id)
        .where(
            _Other.tenant_id == PredictionRow.tenant_id,
            _Other.item_id == PredictionRow.item_id,
            _Other.model_version != PredictionRow.model_version,
            _Other.category != PredictionRow.category,
        )
        .exists()
    )
    seen = (
        select(CorrectionRow.id)
        .where(
            CorrectionRow.tenant_id == ItemRow.tenant_id,
            CorrectionRow.item_id == ItemRow.id,
            CorrectionRow.model_version == PredictionRow.model_version,
        )
        .exists()
    )
    label = func.lower(PredictionRow.label)
    of_detector = and_(label.in_(categories), label != func.lower(PredictionRow.category))
    among_models = and_(IS_UNDECIDED, or_(of_detector, other))
    with_a_person = and_(
        ItemRow.delete_us.is_(None),
        ItemRow.reject_reason.is_(None),
        func.lower(ItemRow.corrected_label) != func.lower(PredictionRow.category),
        ~seen,
    )
    return or_(among_models, with_a_person)


def _candidates(session: Session, query: Candidates) -> list[Candidate]:
    """Each item once."""
    found: dict[str, Candidate] = {}
    for item_id, uncertainty in session.execute(query):
        found.setdefault(item_id, Candidate(item_id, uncertainty))
    return list(found.values())
