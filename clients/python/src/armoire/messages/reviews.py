"""Messages of the queue of reviewers."""

from __future__ import annotations

from armoire.messages.corrections import correction_from_proto, review_reason_from_proto
from armoire.messages.items import item_from_proto
from armoire.messages.tenant_settings import taxonomy_from_proto
from armoire.messages.types import time_from_proto
from armoire.v1 import reviews_pb2
from armoire.values.reviews import (
    Agreement,
    Coverage,
    GarmentType,
    ReviewerPace,
    ReviewItem,
    ReviewLeases,
    ReviewStatistics,
    VerifiedItems,
    VersionedTaxonomy,
)


def leases_from_proto(reply: reviews_pb2.LeaseReviewItemsResponse) -> ReviewLeases:
    return ReviewLeases(
        tuple(map(_review_item_from_proto, reply.items)),
        time_from_proto(reply.lease_expire_time),
        reply.open_items,
    )


def verified_from_proto(reply: reviews_pb2.VerifyItemsResponse) -> VerifiedItems:
    return VerifiedItems(
        tuple(map(item_from_proto, reply.items)), tuple(map(correction_from_proto, reply.corrections))
    )


def statistics_from_proto(reply: reviews_pb2.GetReviewStatisticsResponse) -> ReviewStatistics:
    return ReviewStatistics(
        tuple(ReviewerPace(each.author, each.decisions, each.active_s) for each in reply.reviewers),
        tuple(map(_agreement_from_proto, reply.agreements)),
        tuple(Coverage(each.label, each.items, each.decided) for each in reply.coverage),
        reply.items,
        reply.verified,
        reply.rejected,
        reply.reviewed,
        reply.truncated,
    )


def versioned_from_proto(reply: reviews_pb2.GetTaxonomyResponse) -> VersionedTaxonomy:
    types = tuple(map(_garment_type_from_proto, reply.garment_types))
    return VersionedTaxonomy(taxonomy_from_proto(reply.taxonomy), reply.vocabulary_version, types)


def _garment_type_from_proto(kind: reviews_pb2.GarmentType) -> GarmentType:
    return GarmentType(
        kind.name,
        kind.category,
        tuple(kind.slots),
        kind.warmth,
        kind.formality,
        tuple(kind.seasons),
        tuple(kind.synonyms),
    )


def _review_item_from_proto(item: reviews_pb2.ReviewItem) -> ReviewItem:
    reason = review_reason_from_proto(item.reason)
    return ReviewItem(item_from_proto(item.item), reason, item.uncertainty, item.photo_url)


def _agreement_from_proto(agreement: reviews_pb2.Agreement) -> Agreement:
    return Agreement(
        agreement.attribute,
        agreement.model_version,
        agreement.preprocess_version,
        agreement.reviewed,
        agreement.agreed,
        agreement.live,
        {(each.model_value, each.person_value): each.count for each in agreement.confusions},
    )
