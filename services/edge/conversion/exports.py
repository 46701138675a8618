"""Exports, and reviews that come from another server."""

from __future__ import annotations

from armoire.v1 import exports_pb2
from domain.errors import InvalidInput
from services.catalog.records.dataset_split import DatasetShares, DatasetSplit
from services.catalog.records.review_matches import ReviewedAttribute, ReviewedItem
from services.catalog.records.reviewed_photos import ReviewedFilter
from services.catalog.resources.exports import DatasetPhoto, DatasetRequest
from services.edge.conversion.images import rejected_crop_to_proto
from services.edge.conversion.items import item_to_proto, reject_reason_from_proto
from services.edge.conversion.times import moment_us
from services.edge.conversion.types import box_from_proto

_SPLITS: dict[DatasetSplit, exports_pb2.DatasetSplit] = {
    DatasetSplit.TRAIN: exports_pb2.DATASET_SPLIT_TRAIN,
    DatasetSplit.VAL: exports_pb2.DATASET_SPLIT_VAL,
    DatasetSplit.TEST: exports_pb2.DATASET_SPLIT_TEST,
}


def dataset_request_from_proto(request: exports_pb2.ExportDatasetRequest) -> DatasetRequest:
    """Raises InvalidInput for a time out of range."""
    shares = request.shares
    wanted = ReviewedFilter(
        partly=request.include_partly_reviewed,
        rejected=request.include_rejected,
        created_from_us=moment_us("created_from", request),
        created_before_us=moment_us("created_before", request),
    )
    given = request.HasField("shares")
    return DatasetRequest(
        after=request.after_image_id,
        max_photos=request.max_photos,
        shares=DatasetShares(shares.train, shares.val, shares.test) if given else DatasetShares(),
        wanted=wanted,
        rejected_detections=request.include_rejected_detections,
    )


def dataset_photo_to_proto(photo: DatasetPhoto) -> exports_pb2.DatasetPhoto:
    image = photo.image
    return exports_pb2.DatasetPhoto(
        image_id=image.id,
        image_name=image.name,
        product_id=image.product_id,
        split=_SPLITS[photo.split],
        width=image.width,
        height=image.height,
        format=image.format,
        size_bytes=image.size_bytes,
        sha256=image.sha256,
        items=[
            exports_pb2.DatasetItem(item=item_to_proto(item), category=category)
            for item, category in photo.items
        ],
        fully_reviewed=photo.fully_reviewed,
        rejected_detections=map(rejected_crop_to_proto, photo.rejected_detections),
    )


def reviewed_item_from_proto(index: int, item: exports_pb2.ReviewedItem) -> ReviewedItem:
    """Item number `index` of a request. Raises InvalidInput where it has no box."""
    if not item.HasField("box"):
        raise InvalidInput(f"items[{index}].box", "must be given")
    return ReviewedItem(
        box=box_from_proto(item.box),
        detected_box=box_from_proto(item.detected_box) if item.HasField("detected_box") else None,
        box_said=item.box_said,
        whole_image=item.whole_image,
        added=item.added,
        label=item.label if item.HasField("label") else None,
        attributes={name: _answer_from_proto(answer) for name, answer in item.attributes.items()},
        reject_reason=reject_reason_from_proto(item.reject_reason) if item.reject_reason else None,
        verified=item.verified,
        primary_in_image=item.primary_in_image,
        primary_in_product=item.primary_in_product,
    )


def _answer_from_proto(answer: exports_pb2.ReviewedAttribute) -> ReviewedAttribute:
    number = answer.number if answer.HasField("number") else None
    return ReviewedAttribute(tuple(answer.values), tuple(answer.not_values), number)
