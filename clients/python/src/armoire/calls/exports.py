"""Calls of exports, and of reviews from another server."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from armoire.call import Call, call_of
from armoire.messages.exports import (
    dataset_photo_from_proto,
    review_import_from_proto,
    reviewed_item_to_proto,
)
from armoire.messages.operations import operation_from_proto
from armoire.messages.types import time_to_proto
from armoire.v1 import exports_pb2
from armoire.values.exports import DatasetPhoto, ReviewedItem, ReviewImport
from armoire.values.operations import Operation

DATASET_PAGE = 500
"""Photos of a dataset that are asked for at a time."""


@dataclass(frozen=True, slots=True)
class DatasetFilter:
    """Which photos a dataset has, and the shares of its splits: train, val and test."""

    shares: tuple[float, float, float] = (0.8, 0.1, 0.1)
    include_partly_reviewed: bool = False
    include_rejected: bool = False
    created_from: datetime | None = None
    created_before: datetime | None = None
    include_rejected_detections: bool = False


def export_dataset(which: DatasetFilter, after_image_id: str) -> Call[DatasetPhoto | None]:
    """A stream: the first reply is None, each of the others a photo behind `after_image_id`."""
    train, val, test = which.shares
    request = exports_pb2.ExportDatasetRequest(
        after_image_id=after_image_id,
        shares=exports_pb2.DatasetShares(train=train, val=val, test=test),
        include_partly_reviewed=which.include_partly_reviewed,
        include_rejected=which.include_rejected,
        created_from=time_to_proto(which.created_from),
        created_before=time_to_proto(which.created_before),
        max_photos=DATASET_PAGE,
        include_rejected_detections=which.include_rejected_detections,
    )
    categories: tuple[str, ...] = ()

    def parse(reply: exports_pb2.ExportDatasetResponse) -> DatasetPhoto | None:
        nonlocal categories
        if reply.HasField("photo"):
            return dataset_photo_from_proto(reply.photo, categories)
        categories = tuple(reply.info.categories)
        return None

    method = "armoire.v1.CatalogService/ExportDataset"
    return call_of(method, request, exports_pb2.ExportDatasetResponse, parse)


def start_catalog_export(idempotency_key: str | None) -> Call[Operation]:
    return call_of(
        "armoire.v1.CatalogService/StartCatalogExport",
        exports_pb2.StartCatalogExportRequest(idempotency_key=idempotency_key or str(uuid.uuid4())),
        exports_pb2.StartCatalogExportResponse,
        lambda reply: operation_from_proto(reply.operation),
    )


def get_catalog_export_part(operation_id: str, part: str) -> Call[bytes]:
    return call_of(
        "armoire.v1.CatalogService/GetCatalogExportPart",
        exports_pb2.GetCatalogExportPartRequest(operation_id=operation_id, part=part),
        exports_pb2.GetCatalogExportPartResponse,
        lambda reply: reply.content,
    )


def import_review(image_id: str, items: Sequence[ReviewedItem]) -> Call[ReviewImport]:
    return call_of(
        "armoire.v1.CatalogService/ImportReview",
        exports_pb2.ImportReviewRequest(image_id=image_id, items=map(reviewed_item_to_proto, items)),
        exports_pb2.ImportReviewResponse,
        review_import_from_proto,
    )
