"""What has described the items that are searched, and which of them are stale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias, TypeVarTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import Session

from domain.types import ItemVersions, ModelVersion
from services.catalog.records.collections import IS_CURRENT
from services.catalog.records.indexed_photos import ImageKey
from services.catalog.sql.tables import CollectionRow, ImageRow, ItemRow, PredictionRow

Columns = TypeVarTuple("Columns")
Vocabularies: TypeAlias = Mapping[str, str]
"""The vocabularies of tenants that have one of their own, instead of the one that is served."""
NONE_OF_THEIR_OWN: Vocabularies = MappingProxyType({})

_SEARCHED = and_(
    IS_CURRENT,
    CollectionRow.model_version == PredictionRow.model_version,
    CollectionRow.preprocess_version == PredictionRow.preprocess_version,
)
_OF_ITEM = (PredictionRow.tenant_id == ItemRow.tenant_id) & (PredictionRow.item_id == ItemRow.id)
_DESCRIBED = (
    *(PredictionRow.detector_version, PredictionRow.detector_preprocess_version),
    *(PredictionRow.model_version, PredictionRow.preprocess_version),
    *(PredictionRow.classifier_version, PredictionRow.classifier_preprocess_version),
    PredictionRow.vocabulary_version,
)


@dataclass(frozen=True, slots=True)
class CountedVersions:
    """How many items these versions have described."""

    versions: ItemVersions
    items: int
    stale: bool


def is_stale(versions: ItemVersions, served: ItemVersions) -> bool:
    """Whether another detector, classifier or vocabulary is served.

    Another embedder is that of another collection, which a back-fill is for.
    """
    return (versions.detector, versions.classifier, versions.vocabulary) != (
        served.detector,
        served.classifier,
        served.vocabulary,
    )


def count_versions(
    session: Session, tenant_id: str | None, served: ItemVersions, own: Vocabularies = NONE_OF_THEIR_OWN
) -> list[CountedVersions]:
    """The versions of the searched items of a tenant, or of all for None; those with most items first."""
    by_tenant = PredictionRow.tenant_id, *_DESCRIBED
    items: Counter[tuple[ItemVersions, bool]] = Counter()
    for owner, *described, count in session.execute(
        _live(select(*by_tenant, func.count()), tenant_id).group_by(*by_tenant)
    ):
        versions = _versions(*described)
        stale = is_stale(versions, replace(served, vocabulary=own.get(owner, served.vocabulary)))
        items[versions, stale] += count
    counted = [CountedVersions(versions, count, stale) for (versions, stale), count in items.items()]
    return sorted(counted, key=lambda each: (-each.items, repr(each.versions)))


def read_versions(session: Session, tenant_id: str, item_ids: Sequence[str]) -> ItemVersions | None:
    """What has described the first of these items that the searched version has described."""
    query = _live(select(*_DESCRIBED), tenant_id).where(ItemRow.id.in_(item_ids))
    row = session.execute(query.order_by(ItemRow.ordinal).limit(1)).first()
    return None if row is None else _versions(*row)


def stale_photos(
    session: Session,
    tenant_id: str | None,
    served: ItemVersions,
    after: ImageKey | None,
    count: int,
    own: Vocabularies = NONE_OF_THEIR_OWN,
) -> list[ImageKey]:
    """The next photos with a stale item, of a tenant or of all."""
    query = _live(select(ItemRow.tenant_id, ItemRow.image_id), tenant_id).where(_stale(served, own))
    grouped = query.group_by(ItemRow.tenant_id, ItemRow.image_id)
    place = tuple_(ItemRow.tenant_id, ItemRow.image_id)
    if after is not None:
        grouped = grouped.where(place > tuple_(after.tenant_id, after.image_id))
    rows = session.execute(grouped.order_by(ItemRow.tenant_id, ItemRow.image_id).limit(count))
    return [ImageKey(*row) for row in rows]


def count_stale_photos(
    session: Session, tenant_id: str | None, served: ItemVersions, own: Vocabularies = NONE_OF_THEIR_OWN
) -> int:
    """How many photos have a stale item."""
    query = _live(select(ItemRow.tenant_id, ItemRow.image_id), tenant_id).where(_stale(served, own))
    return session.scalar(select(func.count()).select_from(query.distinct().subquery())) or 0


def all_photos(
    session: Session, tenant_id: str | None, after: ImageKey | None, count: int, *, unhashed: bool = False
) -> list[ImageKey]:
    """The next photos that are not deleted, of a tenant or of all; with `unhashed`, those without a hash."""
    query = select(ImageRow.tenant_id, ImageRow.id).where(*_live_photos(tenant_id, unhashed))
    if after is not None:
        place = tuple_(ImageRow.tenant_id, ImageRow.id)
        query = query.where(place > tuple_(after.tenant_id, after.image_id))
    rows = session.execute(query.order_by(ImageRow.tenant_id, ImageRow.id).limit(count))
    return [ImageKey(*row) for row in rows]


def count_photos(session: Session, tenant_id: str | None, *, unhashed: bool = False) -> int:
    """How many photos are not deleted; with `unhashed`, those without a hash."""
    query = select(func.count()).select_from(ImageRow)
    return session.scalar(query.where(*_live_photos(tenant_id, unhashed))) or 0


def _live_photos(tenant_id: str | None, unhashed: bool) -> list[ColumnElement[bool]]:
    of_tenant = [] if tenant_id is None else [ImageRow.tenant_id == tenant_id]
    of_hash = [ImageRow.pdq_quality.is_(None)] if unhashed else []
    return [ImageRow.delete_us.is_(None), *of_tenant, *of_hash]


def _live(query: Select[*Columns], tenant_id: str | None) -> Select[*Columns]:
    """The query over items that are not deleted, with their predictions of the searched version."""
    query = query.select_from(ItemRow).join(PredictionRow, _OF_ITEM).join(CollectionRow, _SEARCHED)
    query = query.where(ItemRow.delete_us.is_(None))
    return query if tenant_id is None else query.where(ItemRow.tenant_id == tenant_id)


def _stale(served: ItemVersions, own: Vocabularies) -> ColumnElement[bool]:
    classifier = served.classifier or ModelVersion("", "")
    return or_(
        PredictionRow.detector_version != served.detector.model_version,
        PredictionRow.detector_preprocess_version != served.detector.preprocess_version,
        PredictionRow.classifier_version != classifier.model_version,
        PredictionRow.classifier_preprocess_version != classifier.preprocess_version,
        PredictionRow.vocabulary_version
        != (case(own, value=PredictionRow.tenant_id, else_=served.vocabulary) if own else served.vocabulary),
    )


def _versions(*columns: str) -> ItemVersions:
    detector, detector_preprocess, embedder, embedder_preprocess, *rest = columns
    classifier, classifier_preprocess, vocabulary = rest
    return ItemVersions(
        ModelVersion(embedder, embedder_preprocess),
        ModelVersion(detector, detector_preprocess),
        ModelVersion(classifier, classifier_preprocess) if classifier else None,
        vocabulary,
    )
