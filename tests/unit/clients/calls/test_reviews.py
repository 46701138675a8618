"""Calls of reviewers, through both clients."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from armoire import GarmentType, ScoredValue, TaxonomyCategory
from armoire.v1 import admin_pb2, corrections_pb2, exports_pb2, items_pb2, reviews_pb2, types_pb2


def test_items_are_leased_with_alternatives(client: Any, server: Any, item: items_pb2.Item) -> None:
    item.attributes["category"].MergeFrom(
        types_pb2.AttributeValue(
            alternatives=[types_pb2.ScoredValue(value="dress", score=0.5)],
        )
    )
    item.crop_url = "http://shop/crop"
    leased = reviews_pb2.ReviewItem(item=item, reason=1, uncertainty=0.75, photo_url="http://shop/photo")  # type: ignore[arg-type]
    server.say("LeaseReviewItems", reviews_pb2.LeaseReviewItemsResponse(items=[leased], open_items=7))
    found = client.lease_review_items(
        reviewer="a", max_items=3, category="gown", audit_share=0.25, include_picture_urls=True
    )
    (first,) = found.items
    assert (found.open_items, first.reason, first.uncertainty) == (7, "uncertain", 0.75)
    assert (first.photo_url, first.item.crop_url) == ("http://shop/photo", "http://shop/crop")
    assert first.item.attributes["category"].alternatives == (ScoredValue("dress", 0.5),)
    (request,) = server.requests["LeaseReviewItems"]
    assert (request.reviewer, request.max_items, request.filter.category) == ("a", 3, "gown")
    assert (request.audit_share, request.include_picture_urls) == (0.25, True)


def test_items_are_released_and_verified(client: Any, server: Any, item: items_pb2.Item) -> None:
    server.say("ReleaseReviewItems", reviews_pb2.ReleaseReviewItemsResponse(released=2))
    correction = corrections_pb2.Correction(id="c1", batch_id="b1", review_reason=4)  # type: ignore[arg-type]
    server.say("VerifyItems", reviews_pb2.VerifyItemsResponse(items=[item], corrections=[correction]))
    assert client.release_review_items(["i1", "i2"], reviewer="a", skip=True) == 2
    verified = client.verify_items(["i1"])
    assert [each.id for each in verified.items] == [item.id]
    assert [(each.batch_id, each.review_reason) for each in verified.corrections] == [("b1", "similar")]
    client.verify_items(verified.items)
    etags = [request.items[0].etag for request in server.requests["VerifyItems"]]
    assert etags == ["", item.etag]
    assert server.requests["ReleaseReviewItems"][0].skip


def test_statistics_and_the_taxonomy(client: Any, server: Any) -> None:
    agreement = reviews_pb2.Agreement(
        attribute="category",
        model_version="m2",
        reviewed=4,
        agreed=3,
        live=True,
        confusions=[reviews_pb2.Confusion(model_value="skirt", person_value="dress", count=1)],
    )
    reply = reviews_pb2.GetReviewStatisticsResponse(
        reviewers=[reviews_pb2.ReviewerPace(author="user:1", decisions=90, active_s=120)],
        agreements=[agreement],
        coverage=[reviews_pb2.Coverage(label="dress", items=5, decided=2)],
        items=9,
        verified=4,
        rejected=1,
        reviewed=4,
    )
    server.say("GetReviewStatistics", reply)
    told = client.get_review_statistics(
        created_from=datetime(2026, 1, 2, tzinfo=UTC), split="test", agreement_in_time=True
    )
    assert told.reviewers[0].decisions_per_minute == 45
    assert told.agreements[0].confusions == {("skirt", "dress"): 1}
    assert (told.coverage[0].decided, told.items, told.truncated) == (2, 9, False)
    (request,) = server.requests["GetReviewStatistics"]
    assert (request.split, request.agreement_in_time) == (exports_pb2.DATASET_SPLIT_TEST, True)
    assert request.created_from.seconds == 1767312000
    taxonomy = admin_pb2.Taxonomy(categories=[admin_pb2.TaxonomyCategory(name="dress", slot="whole")])
    kind = reviews_pb2.GarmentType(
        name="blazer", category="outerwear", slots=["outerwear", "layer"], warmth=0.5
    )
    reply = reviews_pb2.GetTaxonomyResponse(taxonomy=taxonomy, vocabulary_version="v", garment_types=[kind])
    server.say("GetTaxonomy", reply)
    said = client.get_taxonomy()
    assert said.garment_types == (GarmentType("blazer", "outerwear", ("outerwear", "layer"), 0.5, 0.0, ()),)
    assert (said.version, said.taxonomy.categories) == ("v", (TaxonomyCategory("dress", "whole"),))
