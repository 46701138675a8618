"""Items: the garments of photos that are kept."""

from __future__ import annotations

from armoire.v1 import items_pb2
from domain.errors import InvalidInput
from domain.types import ItemVersions
from services.catalog.records.items import Item, RejectReason
from services.edge.conversion.inference import NO_MODEL
from services.edge.conversion.types import (
    attribute_to_proto,
    box_to_proto,
    color_to_proto,
    embedding_to_proto,
    issue_to_proto,
    scored_values_to_proto,
    source_to_proto,
    time_to_proto,
)

_REASONS: dict[RejectReason, items_pb2.RejectReason] = {
    RejectReason.NOT_A_GARMENT: items_pb2.REJECT_REASON_NOT_A_GARMENT,
    RejectReason.DUPLICATE: items_pb2.REJECT_REASON_DUPLICATE,
    RejectReason.BAD_BOX: items_pb2.REJECT_REASON_BAD_BOX,
}


def item_to_proto(item: Item, *, crop_url: str = "", include_alternatives: bool = False) -> items_pb2.Item:
    return items_pb2.Item(
        id=item.id,
        image_id=item.image_id,
        image_name=item.image_name,
        product_id=item.product_id,
        box=box_to_proto(item.box),
        image_width=item.image_width,
        image_height=item.image_height,
        score=item.score,
        label=item.label,
        whole_image=item.whole_image,
        primary_in_image=item.primary_in_image,
        primary_in_product=item.primary_in_product,
        attributes={
            name: attribute_to_proto(value, include_alternatives=include_alternatives)
            for name, value in item.attributes.items()
        },
        colors=[color_to_proto(color) for color in item.colors],
        warnings=[issue_to_proto(issue) for issue in item.warnings],
        model_version=item.version.model_version,
        preprocess_version=item.version.preprocess_version,
        etag=item.etag,
        create_time=time_to_proto(item.create_time),
        update_time=time_to_proto(item.update_time),
        embedding=None if item.embedding is None else embedding_to_proto(item.embedding, item.version),
        crop=item.crop or b"",
        categories=scored_values_to_proto(item.categories),
        classifier_version=item.classifier.model_version if item.classifier else "",
        classifier_preprocess_version=item.classifier.preprocess_version if item.classifier else "",
        label_source=source_to_proto(item.label_source),
        box_source=source_to_proto(item.box_source),
        added=item.added,
        reject_reason=_REASONS[item.reject_reason] if item.reject_reason else None,
        verify_time=None if item.verify_time is None else time_to_proto(item.verify_time),
        garment_score=item.garment_score,
        crop_url=crop_url,
    )


def versions_to_proto(versions: ItemVersions) -> items_pb2.ItemVersions:
    classifier = versions.classifier or NO_MODEL
    return items_pb2.ItemVersions(
        detector_version=versions.detector.model_version,
        detector_preprocess_version=versions.detector.preprocess_version,
        embedder_version=versions.embedder.model_version,
        embedder_preprocess_version=versions.embedder.preprocess_version,
        classifier_version=classifier.model_version,
        classifier_preprocess_version=classifier.preprocess_version,
        vocabulary_version=versions.vocabulary,
    )


def reject_reason_from_proto(reason: items_pb2.RejectReason) -> RejectReason:
    """Raises InvalidInput where it is none."""
    for known, number in _REASONS.items():
        if number == reason:
            return known
    raise InvalidInput("reason", "must be NOT_A_GARMENT, DUPLICATE or BAD_BOX")
