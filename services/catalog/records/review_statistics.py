"""What reviewers have done, and how often models say what they say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session

from domain.clock import MICROSECONDS
from domain.types import ModelVersion
from services.catalog.records.attributes import attribute_from_json
from services.catalog.records.corrections import CorrectionKind
from services.catalog.records.review_queue import ReviewReason
from services.catalog.sql.tables import CorrectionRow, ImageRow, ItemRow, PredictionRow

MAX_ITEMS = 20_000
"""Reviewed items that one call looks at, those that changed last."""
MAX_DECISIONS = 50_000
MAX_CONFUSIONS = 400
MAX_LABELS = 200
PAUSE_US = 60 * MICROSECONDS
"""A longer time between two decisions was none of work."""
_DECISIONS = (
    *(CorrectionKind.CORRECT, CorrectionKind.ADD, CorrectionKind.REJECT, CorrectionKind.VERIFY),
    CorrectionKind.SET_PRIMARY,
)


@dataclass(frozen=True, slots=True)
class ReviewerPace:
    """The decisions of an author that stand, and the time they took."""

    author: str
    decisions: int
    active_s: float


@dataclass(slots=True)
class Agreement:
    """How often a model's value of an attribute is the person's; `confusions` by the two of them.

    `described_us` is when it last described one of the items.
    """

    attribute: str
    version: ModelVersion
    reviewed: int = 0
    agreed: int = 0
    described_us: int = 0
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The items of a label, and those among them that people have decided on."""

    label: str
    items: int
    decided: int


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """The items that are there: verified, rejected, and reviewed as exports count it."""

    items: int
    verified: int
    rejected: int
    reviewed: int


@dataclass(frozen=True, slots=True)
class DecisionTime:
    """From a moment until before another, in microseconds since 1970; None is no bound."""

    from_us: int | None = None
    before_us: int | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Of the row of a correction."""
        bounds = []
        if self.from_us is not None:
            bounds.append(CorrectionRow.create_us >= self.from_us)
        if self.before_us is not None:
            bounds.append(CorrectionRow.create_us < self.before_us)
        return bounds


@dataclass(frozen=True, slots=True)
class _Reviewed:
    """What people say of an item's attributes, and what a model does."""

    image_id: str
    product_id: str
    version: ModelVersion
    described_us: int
    said: Mapping[str, Any]
    predicted: Mapping[str, Any]


def read_paces(
    session: Session, tenant_id: str, from_us: int | None, before_us: int | None
) -> list[ReviewerPace]:
    """The authors of decisions in a time, those with the most decisions first."""
    query = select(CorrectionRow.author, CorrectionRow.create_us).where(
        *_standing(tenant_id), *DecisionTime(from_us, before_us).conditions()
    )
    moments: dict[str, list[int]] = {}
    for author, create_us in session.execute(query.order_by(CorrectionRow.id.desc()).limit(MAX_DECISIONS)):
        moments.setdefault(author, []).append(create_us)
    paces = [ReviewerPace(author, len(times), _active_s(sorted(times))) for author, times in moments.items()]
    return sorted(paces, key=lambda pace: (-pace.decisions, pace.author))


def _standing(tenant_id: str) -> list[ColumnElement[bool]]:
    """Of the rows of a tenant's decisions that nobody has undone."""
    undone = select(CorrectionRow.undone_id).where(
        CorrectionRow.tenant_id == tenant_id, CorrectionRow.undone_id.is_not(None)
    )
    return [
        CorrectionRow.tenant_id == tenant_id,
        CorrectionRow.kind.in_(_DECISIONS),
        CorrectionRow.id.not_in(undone),
    ]


def _active_s(moments_us: list[int]) -> float:
    pauses = (later - earlier for earlier, later in pairwise(moments_us))
    return sum(pause for pause in pauses if pause <= PAUSE_US) / MICROSECONDS


def read_agreements(
    session: Session,
    tenant_id: str,
    is_wanted: Callable[[str, str], bool],
    decided: DecisionTime | None = None,
    *,
    only_audited: bool,
) -> tuple[list[Agreement], bool]:
    """The agreement on each attribute of each version, and whether there are more items than were looked at.

    `is_wanted` says whether a photo counts, by its id and its product's; `decided` is when people have
    decided on the items, None for any time.
    """
    found: dict[tuple[str, ModelVersion], Agreement] = {}
    ids = _reviewed_ids(session, tenant_id, decided, only_audited=only_audited)
    for reviewed in _reviewed(session, tenant_id, ids[:MAX_ITEMS]):
        if is_wanted(reviewed.image_id, reviewed.product_id):
            for name, answer in reviewed.said.items():
                key = (name, reviewed.version)
                agreement = found.setdefault(key, Agreement(name, reviewed.version))
                _count(agreement, reviewed, name, answer)
    counted = [agreement for agreement in found.values() if agreement.reviewed]
    counted.sort(key=lambda each: (each.attribute, each.described_us, each.version.model_version))
    return counted, len(ids) > MAX_ITEMS


def _count(agreement: Agreement, reviewed: _Reviewed, name: str, answer: Mapping[str, Any]) -> None:
    predicted = reviewed.predicted.get(name)
    model_value = "" if predicted is None else attribute_from_json(predicted).value
    wrong = {value.casefold() for value in answer.get("not", ())}
    if "not" in answer and model_value.casefold() not in wrong:
        return  # whether the model is right now, nobody has said
    right = [value for value, _ in answer.get("values", ())]
    agrees = model_value.casefold() in {value.casefold() for value in right} or not (
        model_value or right or wrong
    )
    agreement.reviewed += 1
    agreement.agreed += agrees
    agreement.described_us = max(agreement.described_us, reviewed.described_us)
    agreement.confusions[model_value, model_value if agrees else ", ".join(right)] += 1


def _reviewed_ids(
    session: Session, tenant_id: str, decided: DecisionTime | None, *, only_audited: bool
) -> list[str]:
    """The items of which people say what they are, those that changed last first, and one above the limit."""
    query = select(ItemRow.id).where(
        ItemRow.tenant_id == tenant_id,
        ItemRow.corrected,
        ItemRow.delete_us.is_(None),
        ItemRow.reject_reason.is_(None),
    )
    if only_audited:
        audited = (
            select(CorrectionRow.id)
            .where(
                CorrectionRow.tenant_id == ItemRow.tenant_id,
                CorrectionRow.item_id == ItemRow.id,
                CorrectionRow.review_reason == ReviewReason.AUDIT,
            )
            .exists()
        )
        query = query.where(audited)
    if decided is not None:
        of_item = CorrectionRow.item_id == ItemRow.id
        query = query.where(
            select(CorrectionRow.id).where(of_item, *_standing(tenant_id), *decided.conditions()).exists()
        )
    return list(session.scalars(query.order_by(ItemRow.update_us.desc(), ItemRow.id).limit(MAX_ITEMS + 1)))


def _reviewed(session: Session, tenant_id: str, item_ids: list[str]) -> Iterator[_Reviewed]:
    of_item = (PredictionRow.tenant_id == ItemRow.tenant_id) & (PredictionRow.item_id == ItemRow.id)
    of_image = (ImageRow.tenant_id == ItemRow.tenant_id) & (ImageRow.id == ItemRow.image_id)
    query = (
        select(
            *(ItemRow.image_id, ImageRow.product_id, ItemRow.corrected_label, ItemRow.corrected_attributes),
            *(PredictionRow.model_version, PredictionRow.preprocess_version, PredictionRow.create_us),
            PredictionRow.attributes,
        )
        .join(PredictionRow, of_item)
        .join(ImageRow, of_image)
    )
    for start in range(0, len(item_ids), 500):
        of_ids = (ItemRow.tenant_id == tenant_id, ItemRow.id.in_(item_ids[start : start + 500]))
        for row in session.execute(query.where(*of_ids)):
            image_id, product_id, label, said, model_version, preprocess_version, create_us, predicted = row
            if label and "category" not in said:
                said = {**said, "category": {"values": [[label, 1.0]]}}
            version = ModelVersion(model_version, preprocess_version)
            yield _Reviewed(image_id, product_id or "", version, create_us, said, predicted)


def read_coverage(session: Session, tenant_id: str, version: ModelVersion) -> list[Coverage]:
    """By the label that a model gave, the most frequent first."""
    of_item = (PredictionRow.tenant_id == ItemRow.tenant_id) & (PredictionRow.item_id == ItemRow.id)
    decided = case((or_(ItemRow.verify_us.is_not(None), ItemRow.reject_reason.is_not(None)), 1), else_=0)
    count = func.count()
    query = (
        select(PredictionRow.label, count, func.sum(decided))
        .join(ItemRow, of_item)
        .where(
            PredictionRow.tenant_id == tenant_id,
            PredictionRow.model_version == version.model_version,
            PredictionRow.preprocess_version == version.preprocess_version,
            ItemRow.delete_us.is_(None),
        )
        .group_by(PredictionRow.label)
        .order_by(count.desc(), PredictionRow.label)
        .limit(MAX_LABELS)
    )
    return [Coverage(label, items, int(reviewed)) for label, items, reviewed in session.execute(query)]


def read_review_counts(session: Session, tenant_id: str) -> ReviewCounts:
    """Of the items that are not deleted."""
    kept = ItemRow.reject_reason.is_(None)
    said = or_(
        ItemRow.verify_us.is_not(None),
        ItemRow.corrected_label.is_not(None),
        ItemRow.person_box,
        cast(ItemRow.corrected_attributes, Text).contains('"source"'),
    )
    counts = [
        func.count(),
        func.sum(case((and_(kept, ItemRow.verify_us.is_not(None)), 1), else_=0)),
        func.sum(case((kept, 0), else_=1)),
        func.sum(case((and_(kept, said), 1), else_=0)),
    ]
    query = select(*counts).where(ItemRow.tenant_id == tenant_id, ItemRow.delete_us.is_(None))
    items, verified, rejected, reviewed = session.execute(query).one()
    return ReviewCounts(items, verified or 0, rejected or 0, reviewed or 0)
