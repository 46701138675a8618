"""The queue of reviewers on real stores: leases, decisions, batches, and what statistics tell of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from domain.clock import MICROSECONDS
from domain.errors import Conflict, InvalidInput, NotFound
from domain.types import DEFAULT_PRINCIPAL, Box, ModelVersion, Principal
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.records.answers import Answer
from services.catalog.records.corrections import CorrectionFilter
from services.catalog.records.items import Item, RejectReason
from services.catalog.records.review_queue import ReviewReason
from services.catalog.records.reviewed_photos import ReviewedFilter
from services.catalog.resources.exports import DatasetRequest
from services.catalog.resources.review_queue import LeasedItems, ReviewRequest
from services.catalog.resources.review_statistics import Statistics, StatisticsRequest
from tests.integration.catalog.fake_analyzer import FakeAnalyzer, photo
from tests.integration.catalog.flows import change_over, drained, index, items_of

ANN, BOB = Principal("default", "user:1"), Principal("default", "user:2")
NEXT_MODEL = ModelVersion("fake-embedder-2", "square-1")


async def indexed(catalog: Catalog, analyzer: FakeAnalyzer, *categories: str, seed: int = 1) -> list[Item]:
    """The items of a new photo, which has a garment of each category."""
    analyzer.categories = list(categories)
    request = IndexRequest(photo(seed), image_name=f"{seed}.png", idempotency_key=f"photo-{seed}")
    return await items_of(catalog, await index(catalog, request))


def ids(leased: LeasedItems) -> list[str]:
    return [each.item.id for each in leased.items]


async def lease(catalog: Catalog, principal: Principal = ANN, **fields: object) -> LeasedItems:
    return await catalog.review_queue.lease(principal, replace(ReviewRequest(), **fields))  # type: ignore[arg-type]


async def statistics(catalog: Catalog, **fields: object) -> Statistics:
    wanted = replace(StatisticsRequest(), **fields)  # type: ignore[arg-type]
    return await catalog.review_statistics.read(ANN, wanted)


async def test_reviewers_get_different_items_and_keep_theirs(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    items = [
        *await indexed(catalog, analyzer, "skirt", "dress"),
        *await indexed(catalog, analyzer, "hat", seed=2),
    ]

    ann = await lease(catalog, max_items=2)
    other_window = await lease(catalog, max_items=2, reviewer="window-2")
    bob = await lease(catalog, BOB, max_items=2)

    assert len(ids(ann)) == 2
    assert ids(bob) == []
    assert {*ids(ann), *ids(other_window)} == {item.id for item in items}
    assert (ann.open_items, bob.open_items) == (3, 3)
    again = await lease(catalog, max_items=2)
    assert ids(again) == ids(ann)
    assert again.expire_time >= ann.expire_time
    assert await catalog.review_queue.release(ANN, "", [], skip=False) == 2
    assert set(ids(await lease(catalog, BOB, max_items=2))) == set(ids(ann))


async def test_items_come_with_alternatives_and_by_use(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    items = await indexed(catalog, analyzer, "skirt", "skirt", "hat")
    leased = await lease(catalog)

    assert {each.item.id for each in leased.items} == {item.id for item in items}
    first, *_ = leased.items
    assert first.uncertainty == max(each.uncertainty for each in leased.items)
    assert {each.reason for each in leased.items} == {ReviewReason.UNCERTAIN}
    offered = first.item.attributes["category"].alternatives
    assert offered[0].value == first.item.attributes["category"].value
    assert len(offered) > 1
    plain = await catalog.items.get(ANN, first.item.id)
    assert plain.attributes["category"].alternatives == ()
    told = await catalog.items.get(ANN, first.item.id, include_alternatives=True)
    assert told.attributes == first.item.attributes


async def test_a_decision_takes_an_item_out_and_tells_why_it_was_there(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    await indexed(catalog, analyzer, "skirt", "dress", "hat")
    leased = await lease(catalog, audit_share=1.0)
    one, two, three = (each.item for each in leased.items)

    changed = await catalog.corrections.correct(
        ANN, one.id, label="coat", attributes={"style": Answer(cleared=True)}, verify=True, etag=one.etag
    )
    await catalog.corrections.reject(ANN, two.id, RejectReason.DUPLICATE)
    await catalog.corrections.verify(BOB, three.id)

    assert ids(await lease(catalog)) == []
    assert changed.item is not None
    assert changed.correction is not None
    assert (changed.item.label, changed.item.verify_time is not None) == ("outerwear", True)
    history = (await catalog.corrections.list(ANN, wanted=CorrectionFilter())).entries
    assert [each.review_reason for each in history] == ["", "audit", "audit"]
    await catalog.corrections.undo(ANN, changed.correction.id)
    back = await lease(catalog, item_id=one.id)
    assert ids(back) == [one.id]
    assert back.items[0].item.label == one.label
    assert ids(await lease(catalog, BOB, item_id=one.id)) == []


async def test_a_skipped_item_rests_for_all(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    await indexed(catalog, analyzer, "skirt", "dress")
    first, second = ids(await lease(catalog))
    assert await catalog.review_queue.release(ANN, "", [first], skip=True) == 1
    assert ids(await lease(catalog)) == [second]
    assert ids(await lease(catalog, BOB)) == []


async def test_filters(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    skirt, dress = await indexed(catalog, analyzer, "skirt", "dress")
    await catalog.corrections.correct(ANN, dress.id, box=Box(0, 0, 30, 30))

    assert ids(await lease(catalog, reviewer="a", category="gown")) == [dress.id]
    await catalog.review_queue.release(ANN, "a", [], skip=False)
    assert ids(await lease(catalog, reviewer="b", never_seen=True)) == [skirt.id]
    assert ids(await lease(catalog, reviewer="c", model_version="unknown")) == []
    for field, value in (("audit_share", 1.5), ("max_items", 51), ("lease_s", 5), ("reviewer", "a b")):
        with pytest.raises(InvalidInput, match=field):
            await lease(catalog, **{field: value})
    with pytest.raises(NotFound):
        await lease(catalog, item_id=skirt.image_id)


async def test_items_that_look_alike_are_verified_together(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    one, *others = [
        (await items_of(catalog, await index(catalog, IndexRequest(photo(7)))))[0] for _ in range(3)
    ]
    await drained(catalog)
    await catalog.review_queue.lease(ANN, ReviewRequest(item_id=one.id))

    alike = await lease(catalog, similar_to=one.id, min_similarity=0.99)

    expected = {item.id for item in others}
    assert set(ids(alike)) == expected
    assert {each.reason for each in alike.items} == {ReviewReason.SIMILAR}
    assert ids(await lease(catalog, BOB, max_items=50)).count(one.id) == 0
    stale = [(one.id, one.etag), *((item_id, "old") for item_id in expected)]
    with pytest.raises(Conflict):
        await catalog.corrections.verify_all(ANN, stale)
    verified = await catalog.corrections.verify_all(ANN, [(one.id, one.etag), *((id, "") for id in expected)])
    assert all(each.item is not None and each.item.verify_time is not None for each in verified)
    batches = {each.correction.batch_id for each in verified if each.correction is not None}
    assert len(batches) == 1
    for each in verified:
        assert each.correction is not None
        await catalog.corrections.undo(ANN, each.correction.id)
    assert (await statistics(catalog)).counts.verified == 0


async def test_models_and_people_disagree_until_a_person_has_looked_again(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    (item,) = await indexed(catalog, analyzer, "skirt")
    await catalog.corrections.verify(ANN, item.id)
    assert ids(await lease(catalog, disagreements=True)) == []

    analyzer.categories = ["dress"]
    await change_over(catalog, analyzer, NEXT_MODEL)
    await indexed(catalog, analyzer, "dress", seed=1)

    disputed = await lease(catalog, disagreements=True)
    assert ids(disputed) == [item.id]
    assert disputed.items[0].reason is ReviewReason.DISAGREEMENT
    before = disputed.items[0].item.verify_time
    again = await catalog.corrections.verify(ANN, item.id)
    assert again.correction is not None
    assert again.item is not None
    assert again.item.verify_time is not None
    assert before is not None
    assert (again.item.label, again.item.verify_time > before) == ("skirt", True)
    assert ids(await lease(catalog, disagreements=True)) == []


async def test_agreement_in_a_time_is_that_on_what_was_decided_in_it(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    one, two = await indexed(catalog, analyzer, "skirt", "skirt")
    await catalog.corrections.verify(ANN, one.id)
    second = (await catalog.corrections.correct(ANN, two.id, label="dress", verify=True)).correction
    assert second is not None
    moment_us = round(second.create_time.timestamp() * MICROSECONDS)

    async def counts(**time: Any) -> list[tuple[int, int]]:
        told = await statistics(catalog, agreement_in_time=True, **time)
        return [(each.reviewed, each.agreed) for each in told.agreements if each.attribute == "category"]

    assert await counts(before_us=moment_us) == [(1, 1)]
    assert await counts(from_us=moment_us) == [(1, 0)]
    assert await counts() == [(2, 1)]
    await catalog.corrections.undo(ANN, second.id)
    assert await counts(from_us=moment_us) == []


async def test_statistics_count_what_stands(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    one, two, three = await indexed(catalog, analyzer, "skirt", "skirt", "hat")
    await catalog.corrections.verify(ANN, one.id)
    await catalog.corrections.correct(ANN, two.id, label="dress", verify=True)
    rejected = (await catalog.corrections.reject(BOB, three.id, RejectReason.NOT_A_GARMENT)).correction

    told = await statistics(catalog)

    assert [(pace.author, pace.decisions) for pace in told.paces] == [("user:1", 2), ("user:2", 1)]
    of_category = {each.attribute: each for each in told.agreements}["category"]
    assert (of_category.reviewed, of_category.agreed, of_category.version) == (2, 1, told.live)
    assert dict(of_category.confusions) == {("skirt", "skirt"): 1, ("skirt", "dress"): 1}
    counts = told.counts
    assert (counts.items, counts.verified, counts.rejected, counts.reviewed) == (3, 2, 1, 2)
    assert {(each.label, each.items, each.decided) for each in told.coverage} == {
        ("skirt", 2, 2),
        ("hat", 1, 1),
    }
    assert (await statistics(catalog, only_audited=True)).agreements == ()
    exported = [
        photo
        async for photo in catalog.exports.dataset(ANN, DatasetRequest(wanted=ReviewedFilter(rejected=True)))
    ]
    reasons = [item.reject_reason for photo in exported for item, _ in photo.items]
    assert (reasons.count(None), len(reasons)) == (counts.reviewed, counts.reviewed + counts.rejected)
    assert rejected is not None
    await catalog.corrections.undo(BOB, rejected.id)
    assert [pace.author for pace in (await statistics(catalog)).paces] == ["user:1"]
    assert (await statistics(catalog)).counts.rejected == 0
    assert (await catalog.items.get(DEFAULT_PRINCIPAL, three.id)).reject_reason is None
