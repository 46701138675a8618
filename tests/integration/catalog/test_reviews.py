"""What people said at one server is laid over the items of the same photo at another one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from domain.errors import FailedPrecondition, InvalidInput, NotFound
from domain.types import DEFAULT_PRINCIPAL, Box, Principal, ValueSource
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.records.corrections import CorrectionFilter, CorrectionKind
from services.catalog.records.items import Item, RejectReason
from services.catalog.records.jobs import JobState
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.products import ProductKey
from services.catalog.records.review_matches import ReviewedAttribute, ReviewedItem
from tests.integration.catalog.fake_analyzer import FakeAnalyzer, photo
from tests.integration.catalog.flows import OTHER, end_of, index, items_of

IMPORTER = Principal("default", "key:7")


async def indexed(
    catalog: Catalog, analyzer: FakeAnalyzer, *categories: str, product: str = ""
) -> list[Item]:
    """The items of a new photo, which has a garment of each category."""
    analyzer.categories = list(categories)
    return await items_of(catalog, await index(catalog, IndexRequest(photo(1), product_id=product)))


async def shown(catalog: Catalog, image_id: str) -> list[Item]:
    page = await catalog.items.list(DEFAULT_PRINCIPAL, image_id=image_id, show_rejected=True)
    return sorted(page.entries, key=lambda item: item.box.x1)


async def history(catalog: Catalog) -> list[CorrectionKind]:
    page = await catalog.corrections.list(DEFAULT_PRINCIPAL, wanted=CorrectionFilter(author="key:7"))
    return [each.kind for each in page.entries]


async def test_what_people_said_is_laid_over_the_items_once(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    product = await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft(display_name="Things"))
    first, second, third = await indexed(catalog, analyzer, "dress", "skirt", "hat", product=product.id)
    analyzer.categories = ["bag"]  # of crops that are made anew
    drawn = Box(2.0, 2.0, 12.0, 30.0)
    items = [
        ReviewedItem(third.box, reject_reason=RejectReason.DUPLICATE, primary_in_image=True),
        ReviewedItem(drawn, detected_box=first.box, box_said=True, label="gown of old"),
        ReviewedItem(
            second.box,
            box_said=True,
            verified=True,
            label="skirt",
            attributes={
                "category": ReviewedAttribute(("Skirts",)),
                "color": ReviewedAttribute(("red",)),
                "pattern": ReviewedAttribute(not_values=("striped",)),
                "style": ReviewedAttribute(number=0.5),
            },
            primary_in_image=True,
            primary_in_product=True,
        ),
        ReviewedItem(Box(50.0, 20.0, 60.0, 40.0), box_said=True, added=True, label="bag"),
        ReviewedItem(Box(0.0, 35.0, 4.0, 40.0)),
        ReviewedItem(Box(56.0, 0.0, 60.0, 6.0), added=True, reject_reason=RejectReason.BAD_BOX),
    ]

    imported = await catalog.reviews.import_review(IMPORTER, first.image_id, items)
    assert (imported.changed, imported.added, imported.unmatched) == (4, 1, 2)
    assert len(imported.job_ids) == 2
    for job_id in imported.job_ids:
        assert (await end_of(catalog, job_id)).state is JobState.COMPLETE

    one, two, three, four = await shown(catalog, first.image_id)
    assert [one.id, two.id, three.id] == [first.id, second.id, third.id]
    assert (one.label, one.box, one.label_source) == ("gown of old", drawn, ValueSource.PERSON)
    assert (two.box, two.box_source, two.verify_time is None) == (second.box, ValueSource.PERSON, False)
    assert [color.name for color in two.colors] == ["red"]
    assert two.attributes["category"].value == "skirt"
    assert (two.attributes["style"].values, two.attributes["style"].number) == ((), 0.5)
    assert (two.primary_in_image, two.primary_in_product) == (True, True)
    assert (three.reject_reason, three.primary_in_image) == (RejectReason.DUPLICATE, False)
    assert (four.added, four.label) == (True, "bag")
    owner = await catalog.products.get(DEFAULT_PRINCIPAL, ProductKey(product.id))
    assert owner.primary_item_id == second.id
    assert set(await history(catalog)) == {
        CorrectionKind.REJECT,
        CorrectionKind.CORRECT,
        CorrectionKind.VERIFY,
        CorrectionKind.ADD,
    }

    again = await catalog.reviews.import_review(IMPORTER, first.image_id, items)
    assert (again.changed, again.added, again.job_ids) == (0, 0, ())
    assert len(await history(catalog)) == 4
    assert [item.etag for item in await shown(catalog, first.image_id)] == [
        item.etag for item in (one, two, three, four)
    ]


async def test_what_was_said_here_of_other_fields_stays(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    (item,) = await indexed(catalog, analyzer, "dress")
    await catalog.corrections.correct(DEFAULT_PRINCIPAL, item.id, label="skirt")
    said = {"pattern": ReviewedAttribute(("plain",))}
    await catalog.reviews.import_review(IMPORTER, item.image_id, [ReviewedItem(item.box, attributes=said)])
    (now,) = await shown(catalog, item.image_id)
    assert (now.label, now.attributes["pattern"].source) == ("skirt", ValueSource.PERSON)


async def test_an_item_goes_to_the_one_that_is_most_like_it(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    first, second = await indexed(catalog, analyzer, "dress", "skirt")
    between = Box(first.box.x1 + 4.0, 0.0, first.box.x2 + 4.0, 38.0)
    items = [ReviewedItem(between, label="hat"), ReviewedItem(first.box, label="bag")]
    imported = await catalog.reviews.import_review(IMPORTER, first.image_id, items)
    labels = {item.id: item.label for item in await shown(catalog, first.image_id)}
    assert (labels[first.id], labels[second.id]) == ("bag", "skirt")
    assert imported.added == 1  # nothing is left that is like the other one


async def test_a_photo_that_is_not_indexed_yet_has_nothing_to_lay_it_over(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    gate = analyzer.gate = asyncio.Event()
    job = await catalog.images.index(DEFAULT_PRINCIPAL, IndexRequest(photo(5)))
    items = [ReviewedItem(Box(0.0, 0.0, 9.0, 9.0), label="hat")]
    with pytest.raises(FailedPrecondition) as refused:
        await catalog.reviews.import_review(IMPORTER, job.image_id, items)
    assert refused.value.reason == "IMAGE_NOT_INDEXED"
    gate.set()
    await end_of(catalog, job.id)
    with pytest.raises(NotFound):
        await catalog.reviews.import_review(OTHER, job.image_id, items)


@pytest.mark.parametrize(
    ("items", "field"),
    [
        ([], "items"),
        ([ReviewedItem(Box(70.0, 0.0, 90.0, 9.0))], "items[0].box"),
        (
            [ReviewedItem(Box(0.0, 0.0, 9.0, 9.0), detected_box=Box(3.0, 3.0, 3.0, 9.0))],
            "items[0].detected_box",
        ),
        (
            [ReviewedItem(Box(0.0, 0.0, 9.0, 9.0), attributes={"sleeve": ReviewedAttribute(("long",))})],
            "items[0].attributes.sleeve",
        ),
        (
            [ReviewedItem(Box(0.0, 0.0, 9.0, 9.0), attributes={"color": ReviewedAttribute(("wood",))})],
            "items[0].attributes.color.values[0]",
        ),
        (
            [ReviewedItem(Box(0.0, 0.0, 9.0, 9.0), attributes={"style": ReviewedAttribute(number=1e999)})],
            "items[0].attributes.style.number",
        ),
        ([ReviewedItem(Box(0.0, 0.0, 9.0, 9.0), label="a" * 201)], "items[0].label"),
    ],
)
async def test_a_bad_review_changes_nothing(
    catalog: Catalog, analyzer: FakeAnalyzer, items: Sequence[Any], field: str
) -> None:
    (item,) = await indexed(catalog, analyzer, "dress")
    good = [ReviewedItem(item.box, label="hat")] if items else []
    with pytest.raises(InvalidInput) as refused:
        await catalog.reviews.import_review(IMPORTER, item.image_id, [*items, *good])
    assert refused.value.violations[0].field == field
    assert [each.label for each in await shown(catalog, item.image_id)] == ["dress"]
