"""Calls of reviewers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from armoire.call import Call, call_of
from armoire.messages.reviews import (
    leases_from_proto,
    statistics_from_proto,
    verified_from_proto,
    versioned_from_proto,
)
from armoire.messages.types import time_to_proto
from armoire.v1 import exports_pb2, reviews_pb2
from armoire.values.items import Item
from armoire.values.reviews import ReviewLeases, ReviewStatistics, VerifiedItems, VersionedTaxonomy

Split = Literal["", "train", "val", "test"]
_SPLITS = ("train", "val", "test")


@dataclass(frozen=True, slots=True)
class LeaseOptions:
    """Which items a reviewer wants; see `Client.lease_review_items`."""

    reviewer: str = ""
    max_items: int = 0
    lease_s: int = 0
    category: str = ""
    model_version: str = ""
    never_seen: bool = False
    audit_share: float = 0.0
    disagreements: bool = False
    similar_to: str = ""
    min_similarity: float = 0.0
    item_id: str = ""
    include_picture_urls: bool = False


def lease_review_items(options: LeaseOptions) -> Call[ReviewLeases]:
    request = reviews_pb2.LeaseReviewItemsRequest(
        reviewer=options.reviewer,
        max_items=options.max_items,
        lease_s=options.lease_s,
        filter=reviews_pb2.ReviewFilter(
            category=options.category, model_version=options.model_version, never_seen=options.never_seen
        ),
        audit_share=options.audit_share,
        disagreements=options.disagreements,
        similar_to_item_id=options.similar_to,
        min_similarity=options.min_similarity,
        item_id=options.item_id,
        include_picture_urls=options.include_picture_urls,
    )
    reply = reviews_pb2.LeaseReviewItemsResponse
    return call_of("armoire.v1.CatalogService/LeaseReviewItems", request, reply, leases_from_proto)


def release_review_items(reviewer: str, item_ids: Sequence[str], skip: bool) -> Call[int]:
    return call_of(
        "armoire.v1.CatalogService/ReleaseReviewItems",
        reviews_pb2.ReleaseReviewItemsRequest(reviewer=reviewer, item_ids=item_ids, skip=skip),
        reviews_pb2.ReleaseReviewItemsResponse,
        lambda reply: reply.released,
    )


def verify_items(items: Sequence[Item | str]) -> Call[VerifiedItems]:
    wanted = [
        reviews_pb2.ItemToVerify(item_id=each)
        if isinstance(each, str)
        else reviews_pb2.ItemToVerify(item_id=each.id, etag=each.etag)
        for each in items
    ]
    request = reviews_pb2.VerifyItemsRequest(items=wanted)
    reply = reviews_pb2.VerifyItemsResponse
    return call_of("armoire.v1.CatalogService/VerifyItems", request, reply, verified_from_proto)


def get_review_statistics(
    created_from: datetime | None,
    created_before: datetime | None,
    only_audited: bool,
    split: Split,
    shares: tuple[float, float, float] | None,
    agreement_in_time: bool,
) -> Call[ReviewStatistics]:
    request = reviews_pb2.GetReviewStatisticsRequest(
        created_from=time_to_proto(created_from),
        created_before=time_to_proto(created_before),
        only_audited=only_audited,
        split=f"DATASET_SPLIT_{split.upper() or 'UNSPECIFIED'}",
        shares=None
        if shares is None
        else exports_pb2.DatasetShares(**dict(zip(_SPLITS, shares, strict=True))),
        agreement_in_time=agreement_in_time,
    )
    reply = reviews_pb2.GetReviewStatisticsResponse
    return call_of("armoire.v1.CatalogService/GetReviewStatistics", request, reply, statistics_from_proto)


def get_taxonomy() -> Call[VersionedTaxonomy]:
    return call_of(
        "armoire.v1.CatalogService/GetTaxonomy",
        reviews_pb2.GetTaxonomyRequest(),
        reviews_pb2.GetTaxonomyResponse,
        versioned_from_proto,
    )
