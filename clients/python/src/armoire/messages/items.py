"""Messages of items."""

from __future__ import annotations

from armoire.messages.enums import issues_from_proto, value_source_from_proto
from armoire.messages.types import (
    attributes_from_proto,
    box_from_proto,
    colors_from_proto,
    embedding_from_proto,
    scored_values_from_proto,
    time_from_proto,
)
from armoire.v1 import items_pb2
from armoire.values.items import Item, ItemVersions


def _reason(number: items_pb2.RejectReason) -> str:
    """The reason's name in lower case, "" for none and "unknown" for one that this client does not know."""
    names = {value: name for name, value in items_pb2.RejectReason.items()}
    return names.get(number, "unknown").removeprefix("REJECT_REASON_").lower() if number else ""


def item_from_proto(item: items_pb2.Item) -> Item:
    return Item(
        id=item.id,
        image_id=item.image_id,
        image_name=item.image_name,
        product_id=item.product_id,
        box=box_from_proto(item.box),
        image_width=item.image_width,
        image_height=item.image_height,
        score=item.score,
        label=item.label,
        whole_image=item.whole_image,
        primary_in_image=item.primary_in_image,
        primary_in_product=item.primary_in_product,
        attributes=attributes_from_proto(item.attributes),
        colors=colors_from_proto(item.colors),
        warnings=issues_from_proto(item.warnings),
        model_version=item.model_version,
        preprocess_version=item.preprocess_version,
        etag=item.etag,
        create_time=time_from_proto(item.create_time),
        update_time=time_from_proto(item.update_time),
        embedding=embedding_from_proto(item.embedding) if item.HasField("embedding") else None,
        crop=item.crop or None,
        categories=scored_values_from_proto(item.categories),
        classifier_version=item.classifier_version,
        classifier_preprocess_version=item.classifier_preprocess_version,
        label_source=value_source_from_proto(item.label_source),
        box_source=value_source_from_proto(item.box_source),
        added=item.added,
        reject_reason=_reason(item.reject_reason),
        verify_time=time_from_proto(item.verify_time) if item.HasField("verify_time") else None,
        garment_score=item.garment_score if item.HasField("garment_score") else None,
        crop_url=item.crop_url,
    )


def item_versions_from_proto(versions: items_pb2.ItemVersions) -> ItemVersions:
    return ItemVersions(
        detector_version=versions.detector_version,
        detector_preprocess_version=versions.detector_preprocess_version,
        embedder_version=versions.embedder_version,
        embedder_preprocess_version=versions.embedder_preprocess_version,
        classifier_version=versions.classifier_version,
        classifier_preprocess_version=versions.classifier_preprocess_version,
        vocabulary_version=versions.vocabulary_version,
    )
