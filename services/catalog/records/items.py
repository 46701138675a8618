"""Items: the garments found in photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, bindparam, func, select, update
from sqlalchemy.orm import Session

from domain.clock import datetime_from_us
from domain.errors import NotFound
from domain.types import (
    AttributeValue,
    Box,
    ColorShare,
    FloatArray,
    ModelVersion,
    QualityIssue,
    ScoredValue,
    ValueSource,
)
from services.catalog.ids import new_etag
from services.catalog.records import outbox
from services.catalog.records.attributes import alternatives_from_json, attribute_from_json
from services.catalog.records.collections import IS_CURRENT
from services.catalog.records.overlay import attributes_over, colors_over, label_over
from services.catalog.records.paging import Cursor
from services.catalog.records.products import COLUMNS, Product, product_from_columns
from services.catalog.sql.tables import (
    CORRECTED_COLUMNS,
    CollectionRow,
    EmbeddingRow,
    ImageRow,
    ItemRow,
    PredictionRow,
    ProductRow,
)
from services.catalog.sql.upsert import AnyRow, table_of

_CHUNK = 500

_ITEM, _IMAGE, _PRODUCT = table_of(ItemRow), table_of(ImageRow), table_of(ProductRow)
_PREDICTION, _EMBEDDING = table_of(PredictionRow), table_of(EmbeddingRow)
_ITEM_COLUMNS = (
    *(_ITEM.c.id, _ITEM.c.x1, _ITEM.c.y1, _ITEM.c.x2, _ITEM.c.y2, _ITEM.c.whole_image),
    *(_ITEM.c.primary_in_image, _ITEM.c.etag, _ITEM.c.create_us, _ITEM.c.update_us, _ITEM.c.image_id),
    *(_IMAGE.c.name, _IMAGE.c.width, _IMAGE.c.height),
    *(_PREDICTION.c.score, _PREDICTION.c.label, _PREDICTION.c.model_version),
    *(_PREDICTION.c.preprocess_version, _PREDICTION.c.attributes, _PREDICTION.c.colors),
    *(_PREDICTION.c.warnings, _PREDICTION.c.categories, _PREDICTION.c.classifier_version),
    *(_PREDICTION.c.classifier_preprocess_version, _PREDICTION.c.garment_score),
    *(_ITEM.c[name] for name in CORRECTED_COLUMNS),
)
_ITEM_NAMES = tuple(column.name for column in _ITEM_COLUMNS)
_PRODUCT_COLUMNS = tuple(_PRODUCT.c[name].label(f"product_{name}") for name in COLUMNS)
_IS_SEARCHED = (
    select(CollectionRow.name)
    .where(
        IS_CURRENT,
        CollectionRow.model_version == _PREDICTION.c.model_version,
        CollectionRow.preprocess_version == _PREDICTION.c.preprocess_version,
    )
    .exists()
)
_BY_IDS = (
    select(*_ITEM_COLUMNS, *_PRODUCT_COLUMNS)
    .join_from(_ITEM, _IMAGE, (_IMAGE.c.tenant_id == _ITEM.c.tenant_id) & (_IMAGE.c.id == _ITEM.c.image_id))
    .join(
        _PREDICTION,
        (_PREDICTION.c.tenant_id == _ITEM.c.tenant_id) & (_PREDICTION.c.item_id == _ITEM.c.id),
    )
    .outerjoin(
        _PRODUCT, (_PRODUCT.c.tenant_id == _IMAGE.c.tenant_id) & (_PRODUCT.c.id == _IMAGE.c.product_id)
    )
    .where(
        _ITEM.c.tenant_id == bindparam("tenant_id"),
        _ITEM.c.id.in_(bindparam("item_ids", expanding=True)),
        _ITEM.c.delete_us.is_(None),
    )
    .order_by(_IS_SEARCHED, _PREDICTION.c.create_us)
)
"""Items with all displayed fields; if one has several predictions, that of the searched version comes last,
the newest of the others before it.
"""

_BY_IDS_AND_VERSION = _BY_IDS.where(
    _PREDICTION.c.model_version == bindparam("model_version"),
    _PREDICTION.c.preprocess_version == bindparam("preprocess_version"),
)
_VECTORS = select(_EMBEDDING.c.item_id, _EMBEDDING.c.vector).where(
    _EMBEDDING.c.tenant_id == bindparam("tenant_id"),
    _EMBEDDING.c.item_id.in_(bindparam("item_ids", expanding=True)),
    _EMBEDDING.c.model_version == bindparam("model_version"),
    _EMBEDDING.c.preprocess_version == bindparam("preprocess_version"),
)
_PRIMARIES = (
    select(_ITEM.c.id)
    .join_from(_ITEM, _IMAGE, (_IMAGE.c.tenant_id == _ITEM.c.tenant_id) & (_IMAGE.c.id == _ITEM.c.image_id))
    .where(
        _ITEM.c.tenant_id == bindparam("tenant_id"),
        _IMAGE.c.product_id == bindparam("product_id"),
        _ITEM.c.primary_in_image,
        _ITEM.c.reject_reason.is_(None),
        _ITEM.c.delete_us.is_(None),
    )
)
_TOUCH = update(_ITEM).where(
    _ITEM.c.tenant_id == bindparam("of_tenant"),
    _ITEM.c.id == bindparam("of_item"),
    _ITEM.c.delete_us.is_(None),
)
_ALTERNATIVES = select(
    *(_PREDICTION.c.item_id, _PREDICTION.c.model_version, _PREDICTION.c.preprocess_version),
    _PREDICTION.c.alternatives,
).where(
    _PREDICTION.c.tenant_id == bindparam("tenant_id"),
    _PREDICTION.c.item_id.in_(bindparam("item_ids", expanding=True)),
)


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Which items to list; "" and None stand for all. Rejected ones are left out unless they are shown.

    Attributes:
        min_garment_score, max_garment_score: of the model that is searched with; items without one are out.
    """

    product_id: str = ""
    image_id: str = ""
    show_rejected: bool = False
    min_garment_score: float | None = None
    max_garment_score: float | None = None

    @property
    def scope(self) -> str:
        """A text that identifies the filter."""
        scores = f"{self.min_garment_score} {self.max_garment_score}"
        return f"{self.product_id} {self.image_id} {self.show_rejected} {scores}"


class RejectReason(StrEnum):
    """Why a person says that an item is none."""

    NOT_A_GARMENT = "not_a_garment"
    DUPLICATE = "duplicate"
    BAD_BOX = "bad_box"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Item:
    """A garment as the model of `version` describes it, or people do; sizes in pixels of the upright photo.

    Attributes:
        primary_in_image: it represents its photo.
        primary_in_product: it represents its product.
        embedding: (D,) float32, where asked for.
        crop: a JPEG, where asked for.
        categories: the most probable labels of `classifier`, best first; empty where none was served.
        garment_score: how much the model of `version` takes it for a garment, 0 to 1; None where it was
            not asked.
        label_source, box_source: who says them.
        added: no model has found it.
        reject_reason: why a person has rejected it; None where nobody has.
        verify_time: when a person last verified it.
    """

    id: str
    image_id: str
    image_name: str
    product_id: str
    box: Box
    image_width: int
    image_height: int
    score: float
    label: str
    whole_image: bool
    primary_in_image: bool
    primary_in_product: bool
    version: ModelVersion
    etag: str
    create_time: datetime
    update_time: datetime
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    colors: tuple[ColorShare, ...] = ()
    warnings: tuple[QualityIssue, ...] = ()
    embedding: FloatArray | None = None
    crop: bytes | None = None
    categories: tuple[ScoredValue, ...] = ()
    classifier: ModelVersion | None = None
    garment_score: float | None = None
    label_source: ValueSource = ValueSource.MODEL
    box_source: ValueSource = ValueSource.MODEL
    added: bool = False
    reject_reason: RejectReason | None = None
    verify_time: datetime | None = None

    @property
    def reviewed(self) -> bool:
        """A person has verified it, or says its label, its box or one of its attributes."""
        sources = (self.label_source, self.box_source, *(each.source for each in self.attributes.values()))
        return self.verify_time is not None or ValueSource.PERSON in sources


@dataclass(frozen=True, slots=True, eq=False)
class StoredItem:
    """An item with its product, if any, and a revision that changes with either."""

    item: Item
    product: Product | None
    revision: str


def read_items(
    session: Session,
    tenant_id: str,
    item_ids: Sequence[str],
    version: ModelVersion | None = None,
    *,
    corrected: bool = True,
) -> dict[str, StoredItem]:
    """The items that are there and not deleted, by id, as `version` describes them.

    Without one it is the searched version, or else the newest that has described them. Unless `corrected`,
    label, attributes and colours are the model's, whatever people say.
    """
    stored: dict[str, StoredItem] = {}
    for start in range(0, len(item_ids), _CHUNK):
        wanted = {"tenant_id": tenant_id, "item_ids": item_ids[start : start + _CHUNK]}
        rows = (
            session.execute(_BY_IDS_AND_VERSION, wanted | asdict(version))
            if version is not None
            else session.execute(_BY_IDS, wanted)
        )
        stored |= {row[0]: _stored(row, corrected) for row in rows.all()}
    return stored


def with_alternatives(session: Session, tenant_id: str, described: Sequence[Item]) -> list[Item]:
    """The items with the alternatives of each attribute, as the model of each says; an attribute that has
    only these is there without a value.
    """
    kept = read_alternatives(session, tenant_id, [item.id for item in described])
    return [_with_alternatives(item, kept.get((item.id, item.version), {})) for item in described]


def read_alternatives(
    session: Session, tenant_id: str, item_ids: Sequence[str]
) -> dict[tuple[str, ModelVersion], Mapping[str, tuple[ScoredValue, ...]]]:
    """The alternatives by attribute of each item and each version that has described it."""
    found: dict[tuple[str, ModelVersion], Mapping[str, tuple[ScoredValue, ...]]] = {}
    for start in range(0, len(item_ids), _CHUNK):
        wanted = {"tenant_id": tenant_id, "item_ids": item_ids[start : start + _CHUNK]}
        for item_id, model_version, preprocess_version, stored in session.execute(_ALTERNATIVES, wanted):
            version = ModelVersion(model_version, preprocess_version)
            found[item_id, version] = alternatives_from_json(stored)
    return found


def _with_alternatives(item: Item, alternatives: Mapping[str, tuple[ScoredValue, ...]]) -> Item:
    attributes = dict(item.attributes)
    for name, values in alternatives.items():
        attributes[name] = replace(attributes.get(name, AttributeValue()), alternatives=values)
    return replace(item, attributes=attributes)


def read_item(session: Session, tenant_id: str, item_id: str) -> Item:
    """One item.

    Raises:
        NotFound: this tenant has none of that id.
    """
    return read_stored_item(session, tenant_id, item_id).item


def read_stored_item(session: Session, tenant_id: str, item_id: str) -> StoredItem:
    """One item with its product.

    Raises:
        NotFound: this tenant has none of that id.
    """
    stored = read_items(session, tenant_id, [item_id])
    if item_id not in stored:
        raise NotFound("item", item_id)
    return stored[item_id]


def require_items(session: Session, tenant_id: str, item_ids: Sequence[str]) -> None:
    """Raises NotFound, with the first of the ids that the tenant has no item of, or a deleted one."""
    live = (ItemRow.tenant_id == tenant_id, ItemRow.id.in_(item_ids), ItemRow.delete_us.is_(None))
    there = set(session.scalars(select(ItemRow.id).where(*live)))
    if missing := [item_id for item_id in item_ids if item_id not in there]:
        raise NotFound("item", missing[0])


def list_items(
    session: Session,
    tenant_id: str,
    cursor: Cursor,
    wanted: ItemFilter,
    condition: ColumnElement[bool] | None = None,
) -> list[Item]:
    """Newest first, one more than the page's size where there are more."""
    query = select(ItemRow.id).where(ItemRow.tenant_id == tenant_id, ItemRow.delete_us.is_(None))
    if condition is not None:
        query = query.where(condition)
    if not wanted.show_rejected:
        query = query.where(ItemRow.reject_reason.is_(None))
    if wanted.product_id:
        image_of = (ImageRow.tenant_id == ItemRow.tenant_id) & (ImageRow.id == ItemRow.image_id)
        query = query.join(ImageRow, image_of).where(ImageRow.product_id == wanted.product_id)
    if wanted.image_id:
        query = query.where(ItemRow.image_id == wanted.image_id)
    if wanted.min_garment_score is not None or wanted.max_garment_score is not None:
        query = query.where(_has_garment_score(wanted.min_garment_score, wanted.max_garment_score))
    if cursor.before:
        query = query.where(ItemRow.id < cursor.before)
    ids = session.scalars(query.order_by(ItemRow.id.desc()).limit(cursor.size + 1)).all()
    stored = read_items(session, tenant_id, ids)
    return [stored[item_id].item for item_id in ids if item_id in stored]


def _has_garment_score(at_least: float | None, at_most: float | None) -> ColumnElement[bool]:
    """Whether the model that is searched with gives an item a score within the bounds."""
    bounds = [_PREDICTION.c.garment_score >= at_least] if at_least is not None else []
    bounds += [_PREDICTION.c.garment_score <= at_most] if at_most is not None else []
    of_item = (_PREDICTION.c.tenant_id == ItemRow.tenant_id, _PREDICTION.c.item_id == ItemRow.id)
    return select(_PREDICTION.c.item_id).where(*of_item, _IS_SEARCHED, *bounds).exists()


def item_ids_of_products(
    session: Session, tenant_id: str, product_ids: Sequence[str]
) -> dict[str, list[str]]:
    """The items that are not deleted, by the ids of the products that have some."""
    found: dict[str, list[str]] = {}
    image_of = (ImageRow.tenant_id == ItemRow.tenant_id) & (ImageRow.id == ItemRow.image_id)
    query = select(ImageRow.product_id, ItemRow.id).join_from(ItemRow, ImageRow, image_of)
    for start in range(0, len(product_ids), _CHUNK):
        some = ImageRow.product_id.in_(product_ids[start : start + _CHUNK])
        where = (ItemRow.tenant_id == tenant_id, ItemRow.delete_us.is_(None), some)
        for product_id, item_id in session.execute(query.where(*where)):
            found.setdefault(product_id or "", []).append(item_id)
    return found


def read_primary_items(session: Session, tenant_id: str, product_id: str) -> list[Item]:
    """The items that represent the photos of a product, one a photo."""
    stored = read_items(session, tenant_id, primary_item_ids(session, tenant_id, product_id))
    return [entry.item for entry in stored.values()]


def primary_item_ids(session: Session, tenant_id: str, product_id: str) -> list[str]:
    """The ids of the items that represent the photos of a product."""
    return list(session.scalars(_PRIMARIES, {"tenant_id": tenant_id, "product_id": product_id}))


def touch_items(session: Session, tenant_id: str, item_ids: Sequence[str], moment_us: int) -> None:
    """Give items a new etag after a change elsewhere, and queue their vector rows."""
    changed = {"of_tenant": tenant_id, "update_us": moment_us}
    if item_ids:
        session.execute(_TOUCH, [changed | {"of_item": id, "etag": new_etag()} for id in item_ids])
    outbox.enqueue(session, tenant_id, item_ids, "upsert", moment_us)


def read_embedding(
    session: Session, tenant_id: str, item_id: str, version: ModelVersion
) -> FloatArray | None:
    """(D,) float32, or None if the item has no embedding of that version."""
    return read_embeddings(session, tenant_id, [item_id], version).get(item_id)


def read_embeddings(
    session: Session, tenant_id: str, item_ids: Sequence[str], version: ModelVersion
) -> dict[str, FloatArray]:
    """(D,) float32 by item id."""
    vectors: dict[str, FloatArray] = {}
    for start in range(0, len(item_ids), _CHUNK):
        wanted = {"tenant_id": tenant_id, "item_ids": item_ids[start : start + _CHUNK]}
        for item_id, vector in session.execute(_VECTORS, wanted | asdict(version)):
            vectors[item_id] = np.frombuffer(vector, dtype="<f4").astype(np.float32)
    return vectors


def count_without_embedding(session: Session, version: ModelVersion) -> int:
    """How many live items have no embedding of that version."""
    query = select(func.count()).where(ItemRow.delete_us.is_(None), ~_has_embedding(version))
    return session.scalar(query) or 0


def _has_embedding(version: ModelVersion) -> ColumnElement[bool]:
    return (
        select(EmbeddingRow.item_id)
        .where(
            EmbeddingRow.tenant_id == ItemRow.tenant_id,
            EmbeddingRow.item_id == ItemRow.id,
            EmbeddingRow.model_version == version.model_version,
            EmbeddingRow.preprocess_version == version.preprocess_version,
        )
        .exists()
    )


def live_revisions(session: Session, version: ModelVersion) -> dict[tuple[str, str], str]:
    """Revision by (tenant, item id) of all live, not rejected items with an embedding of that version."""
    query = (
        select(ItemRow.tenant_id, ItemRow.id, ItemRow.etag, ProductRow.etag)
        .join(
            EmbeddingRow, (EmbeddingRow.tenant_id == ItemRow.tenant_id) & (EmbeddingRow.item_id == ItemRow.id)
        )
        .join(ImageRow, (ImageRow.tenant_id == ItemRow.tenant_id) & (ImageRow.id == ItemRow.image_id))
        .outerjoin(ProductRow, _product_of_image())
        .where(
            ItemRow.delete_us.is_(None),
            ItemRow.reject_reason.is_(None),
            EmbeddingRow.model_version == version.model_version,
            EmbeddingRow.preprocess_version == version.preprocess_version,
        )
    )
    return {
        (tenant_id, item_id): revision_of(item_etag, product_etag)
        for tenant_id, item_id, item_etag, product_etag in session.execute(query)
    }


def _product_of_image() -> Any:
    return (ProductRow.tenant_id == ImageRow.tenant_id) & (ProductRow.id == ImageRow.product_id)


def _stored(row: AnyRow, corrected: bool) -> StoredItem:
    """An item from the columns of `_BY_IDS`; reading them by position costs a third of reading by name."""
    of_item = dict(zip(_ITEM_NAMES, row[: len(_ITEM_NAMES)], strict=True))
    if not corrected:
        of_item |= {"corrected_label": None, "corrected_attributes": {}}
    of_product = dict(zip(COLUMNS, row[len(_ITEM_NAMES) :], strict=True))
    product = None if of_product["id"] is None else product_from_columns(of_product)  # an outer join
    return StoredItem(_item(of_item, product), product, revision_of(of_item["etag"], of_product["etag"]))


def revision_of(item_etag: str, product_etag: str | None) -> str:
    """Changes with the item and with its product."""
    return f"{item_etag}.{product_etag or ''}"


def _item(columns: Mapping[str, Any], product: Product | None) -> Item:
    said = columns["corrected_attributes"]
    colors = tuple([ColorShare(*entry) for entry in columns["colors"]])
    attributes = attributes_over(columns["attributes"], said, columns["colors"])
    return Item(
        id=columns["id"],
        image_id=columns["image_id"],
        image_name=columns["name"],
        product_id=product.id if product else "",
        box=Box(columns["x1"], columns["y1"], columns["x2"], columns["y2"]),
        image_width=columns["width"],
        image_height=columns["height"],
        score=columns["score"],
        label=label_over(columns["label"], columns["corrected_label"], said),
        whole_image=columns["whole_image"],
        primary_in_image=columns["primary_in_image"],
        primary_in_product=product is not None and product.primary_item_id == columns["id"],
        version=ModelVersion(columns["model_version"], columns["preprocess_version"]),
        etag=columns["etag"],
        create_time=datetime_from_us(columns["create_us"]),
        update_time=datetime_from_us(columns["update_us"]),
        attributes={name: attribute_from_json(stored) for name, stored in attributes.items()},
        colors=colors_over(colors, said),
        warnings=tuple(QualityIssue(name) for name in columns["warnings"]),
        categories=tuple([ScoredValue(*entry) for entry in columns["categories"]]),
        classifier=_classifier(columns),
        garment_score=columns["garment_score"],
        **_review(columns),
    )


def _review(columns: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an item that tell what people have done to it."""
    reason, verify_us = columns["reject_reason"], columns["verify_us"]
    return {
        "label_source": _source(columns["corrected_label"] is not None),
        "box_source": _source(columns["person_box"]),
        "added": columns["added"],
        "reject_reason": None if reason is None else RejectReason(reason),
        "verify_time": None if verify_us is None else datetime_from_us(verify_us),
    }


def _source(by_person: bool) -> ValueSource:
    return ValueSource.PERSON if by_person else ValueSource.MODEL


def _classifier(columns: Mapping[str, Any]) -> ModelVersion | None:
    model_version = columns["classifier_version"]
    return ModelVersion(model_version, columns["classifier_preprocess_version"]) if model_version else None
