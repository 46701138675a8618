"""The queue of reviewers and its statistics."""

from __future__ import annotations

from armoire.v1 import admin_pb2, exports_pb2, reviews_pb2
from domain.clock import datetime_from_us
from domain.errors import InvalidInput
from domain.garment_types import GarmentType, Season
from domain.taxonomy import Taxonomy
from services.catalog.records.dataset_split import DatasetShares, DatasetSplit
from services.catalog.records.review_statistics import MAX_CONFUSIONS, Agreement
from services.catalog.resources.links import PictureUrls
from services.catalog.resources.review_queue import LeasedItem, LeasedItems, ReviewRequest
from services.catalog.resources.review_statistics import Statistics, StatisticsRequest
from services.edge.conversion.corrections import review_reason_to_proto
from services.edge.conversion.items import item_to_proto
from services.edge.conversion.times import moment_us
from services.edge.conversion.types import time_to_proto

PHOTO_SIDE_PX = 1024
_SPLITS: dict[int, DatasetSplit] = {
    exports_pb2.DATASET_SPLIT_TRAIN: DatasetSplit.TRAIN,
    exports_pb2.DATASET_SPLIT_VAL: DatasetSplit.VAL,
    exports_pb2.DATASET_SPLIT_TEST: DatasetSplit.TEST,
}


def review_request_from_proto(request: reviews_pb2.LeaseReviewItemsRequest) -> ReviewRequest:
    return ReviewRequest(
        reviewer=request.reviewer,
        max_items=request.max_items,
        lease_s=request.lease_s,
        category=request.filter.category,
        model_version=request.filter.model_version,
        never_seen=request.filter.never_seen,
        audit_share=request.audit_share,
        disagreements=request.disagreements,
        similar_to=request.similar_to_item_id,
        min_similarity=request.min_similarity,
        item_id=request.item_id,
    )


def leased_items_to_proto(
    leased: LeasedItems, urls: PictureUrls | None
) -> reviews_pb2.LeaseReviewItemsResponse:
    """`urls` makes those of pictures; None for none."""
    return reviews_pb2.LeaseReviewItemsResponse(
        items=[_leased_item(each, urls) for each in leased.items],
        lease_expire_time=time_to_proto(leased.expire_time),
        open_items=leased.open_items,
        url_expire_time=None if urls is None else time_to_proto(urls.expire_time),
    )


def _leased_item(leased: LeasedItem, urls: PictureUrls | None) -> reviews_pb2.ReviewItem:
    item = leased.item
    return reviews_pb2.ReviewItem(
        item=item_to_proto(
            item, crop_url="" if urls is None else urls.crop(item.id), include_alternatives=True
        ),
        reason=review_reason_to_proto(leased.reason),
        uncertainty=leased.uncertainty,
        photo_url="" if urls is None else urls.thumbnail(item.image_id, PHOTO_SIDE_PX),
    )


def statistics_request_from_proto(request: reviews_pb2.GetReviewStatisticsRequest) -> StatisticsRequest:
    """Raises InvalidInput for a time out of range, or a split that is none."""
    shares = request.shares
    if request.split and request.split not in _SPLITS:
        raise InvalidInput("split", "must be TRAIN, VAL or TEST")
    return StatisticsRequest(
        from_us=moment_us("created_from", request),
        before_us=moment_us("created_before", request),
        only_audited=request.only_audited,
        split=_SPLITS.get(request.split),
        shares=DatasetShares(shares.train, shares.val, shares.test)
        if request.HasField("shares")
        else DatasetShares(),
        agreement_in_time=request.agreement_in_time,
    )


def statistics_to_proto(statistics: Statistics) -> reviews_pb2.GetReviewStatisticsResponse:
    counts = statistics.counts
    response = reviews_pb2.GetReviewStatisticsResponse(
        items=counts.items,
        verified=counts.verified,
        rejected=counts.rejected,
        reviewed=counts.reviewed,
        truncated=statistics.truncated,
    )
    for pace in statistics.paces:
        response.reviewers.add(author=pace.author, decisions=pace.decisions, active_s=pace.active_s)
    for each in statistics.coverage:
        response.coverage.add(label=each.label, items=each.items, decided=each.decided)
    response.agreements.extend(
        _agreement(each, live=each.version == statistics.live) for each in statistics.agreements
    )
    return response


def _agreement(agreement: Agreement, *, live: bool) -> reviews_pb2.Agreement:
    return reviews_pb2.Agreement(
        attribute=agreement.attribute,
        model_version=agreement.version.model_version,
        preprocess_version=agreement.version.preprocess_version,
        reviewed=agreement.reviewed,
        agreed=agreement.agreed,
        confusions=[
            reviews_pb2.Confusion(model_value=model_value, person_value=person_value, count=count)
            for (model_value, person_value), count in agreement.confusions.most_common(MAX_CONFUSIONS)
        ],
        described_time=time_to_proto(datetime_from_us(agreement.described_us)),
        live=live,
    )


def taxonomy_to_proto(taxonomy: Taxonomy) -> admin_pb2.Taxonomy:
    """All of it, with the values of category and color."""
    families = {shade: family for family, shades in taxonomy.color_families.items() for shade in shades}
    return admin_pb2.Taxonomy(
        categories=[
            admin_pb2.TaxonomyCategory(name=each.name, slot=each.slot, synonyms=each.words[1:])
            for each in taxonomy.categories
        ],
        attributes=[
            admin_pb2.TaxonomyAttribute(name=each.name, values=each.values, prompts=each.prompts)
            for each in taxonomy.attributes
        ],
        colors=[
            admin_pb2.TaxonomyColor(
                name=name,
                lab=lab,
                synonyms=taxonomy.color_synonyms.get(name, ()),
                family=families.get(name, ""),
            )
            for name, lab in taxonomy.colors.items()
        ],
    )


def garment_type_to_proto(kind: GarmentType) -> reviews_pb2.GarmentType:
    return reviews_pb2.GarmentType(
        name=kind.name,
        category=kind.category,
        slots=kind.slots,
        warmth=kind.warmth,
        formality=kind.formality,
        seasons=[season for season in Season if season in kind.seasons],
        synonyms=kind.words,
    )
