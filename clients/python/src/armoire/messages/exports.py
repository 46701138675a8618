"""Messages of exports, and of reviews from another server."""

from __future__ import annotations

from google.protobuf.any_pb2 import Any

from armoire.messages.enums import enum_reader
from armoire.messages.images import rejected_crop_from_proto
from armoire.messages.items import item_from_proto
from armoire.messages.types import box_to_proto, time_from_proto
from armoire.v1 import exports_pb2
from armoire.values.exports import (
    CatalogExport,
    CatalogExportPart,
    DatasetItem,
    DatasetPhoto,
    DatasetSplit,
    ReviewedAttribute,
    ReviewedItem,
    ReviewImport,
)

_split = enum_reader(DatasetSplit, exports_pb2.DatasetSplit.items(), "DATASET_SPLIT_")


def dataset_photo_from_proto(photo: exports_pb2.DatasetPhoto, categories: tuple[str, ...]) -> DatasetPhoto:
    return DatasetPhoto(
        image_id=photo.image_id,
        image_name=photo.image_name,
        product_id=photo.product_id,
        split=_split(photo.split),
        width=photo.width,
        height=photo.height,
        format=photo.format,
        size_bytes=photo.size_bytes,
        sha256=photo.sha256,
        items=tuple(DatasetItem(item_from_proto(each.item), each.category) for each in photo.items),
        fully_reviewed=photo.fully_reviewed,
        categories=categories,
        rejected_detections=tuple(map(rejected_crop_from_proto, photo.rejected_detections)),
    )


def catalog_export_from_any(response: Any) -> CatalogExport:
    """What came of an export."""
    export = exports_pb2.CatalogExport()
    response.Unpack(export)
    return CatalogExport(
        format_version=export.format_version,
        products=export.products,
        images=export.images,
        items=export.items,
        corrections=export.corrections,
        image_bytes=export.image_bytes,
        parts=tuple(
            CatalogExportPart(part.name, part.size_bytes, part.sha256, part.records) for part in export.parts
        ),
        expire_time=time_from_proto(export.expire_time),
    )


def reviewed_item_to_proto(item: ReviewedItem) -> exports_pb2.ReviewedItem:
    reason = f"REJECT_REASON_{item.reject_reason.upper()}" if item.reject_reason else None
    return exports_pb2.ReviewedItem(
        box=box_to_proto(item.box),
        detected_box=None if item.detected_box is None else box_to_proto(item.detected_box),
        box_said=item.box_said,
        whole_image=item.whole_image,
        added=item.added,
        label=item.label,
        attributes={name: _answer_to_proto(answer) for name, answer in item.attributes.items()},
        reject_reason=reason,
        verified=item.verified,
        primary_in_image=item.primary_in_image,
        primary_in_product=item.primary_in_product,
    )


def review_import_from_proto(reply: exports_pb2.ImportReviewResponse) -> ReviewImport:
    return ReviewImport(reply.changed, reply.added, reply.unmatched, tuple(reply.job_ids))


def _answer_to_proto(answer: ReviewedAttribute) -> exports_pb2.ReviewedAttribute:
    return exports_pb2.ReviewedAttribute(
        values=answer.values, not_values=answer.not_values, number=answer.number
    )
