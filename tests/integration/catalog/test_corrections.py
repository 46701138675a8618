"""What people say of items, on real stores: it wins everywhere, stays, and can be taken back."""

from __future__ import annotations

import asyncio

import pytest

from domain.errors import AlreadyExists, Conflict, FailedPrecondition, InvalidInput, NotFound
from domain.types import DEFAULT_PRINCIPAL, Box, ModelVersion, Principal, ValueSource
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.records.answers import Answer
from services.catalog.records.corrections import CorrectionFilter, CorrectionKind
from services.catalog.records.items import Item, RejectReason
from services.catalog.records.jobs import JobState
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.products import ProductKey
from services.catalog.search.query import EmbeddingQuery, ItemQuery
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, photo
from tests.integration.catalog.flows import (
    OTHER,
    change_over,
    drained,
    end_of,
    found_ids,
    index,
    is_any,
    items_of,
)

REVIEWER = Principal("default", "user:7")
NEXT_MODEL = ModelVersion("fake-embedder-2", "square-1")


async def indexed(
    catalog: Catalog, analyzer: FakeAnalyzer, *categories: str, product: str = ""
) -> list[Item]:
    """The items of a new photo, which has a garment of each category."""
    analyzer.categories = list(categories)
    request = IndexRequest(photo(1), image_name="a.png", product_id=product)
    return await items_of(catalog, await index(catalog, request))


async def serve(catalog: Catalog, analyzer: FakeAnalyzer, version: ModelVersion) -> None:
    """Serve another model, and search with it."""
    await change_over(catalog, analyzer, version)
    await drained(catalog)


async def queue_again(catalog: Catalog) -> str:
    """Queue the photo of `keyed` again, as it has no embedding of the served model; returns the job's id."""
    request = IndexRequest(photo(1), image_name="a.png", idempotency_key="photo")
    return (await catalog.images.index(DEFAULT_PRINCIPAL, request)).id


async def keyed(catalog: Catalog, analyzer: FakeAnalyzer, *categories: str) -> list[Item]:
    """As `indexed`; the photo can be indexed again."""
    analyzer.categories = list(categories)
    request = IndexRequest(photo(1), image_name="a.png", idempotency_key="photo")
    return await items_of(catalog, await index(catalog, request))


async def of_photo(catalog: Catalog, item: Item) -> dict[str, Item]:
    """The items of an item's photo, rejected ones, too."""
    page = await catalog.items.list(DEFAULT_PRINCIPAL, image_id=item.image_id, show_rejected=True)
    return {each.id: each for each in page.entries}


async def representative(catalog: Catalog, product_id: str) -> str:
    """The item that represents a product."""
    return (await catalog.products.get(DEFAULT_PRINCIPAL, ProductKey(product_id))).primary_item_id


async def test_a_corrected_label_wins_in_items_hits_and_filters(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    (item,) = await indexed(catalog, analyzer, "skirt")
    analyzer.categories = ["hat"]

    corrected = await catalog.corrections.correct(REVIEWER, item.id, label="gown", etag=item.etag)
    await drained(catalog)

    assert corrected.item is not None
    assert (corrected.item.label, corrected.item.label_source) == ("dress", ValueSource.PERSON)
    shown = await catalog.items.get(DEFAULT_PRINCIPAL, item.id)
    assert (shown.label, shown.attributes["category"].value) == ("dress", "dress")
    assert shown.attributes["category"].source is ValueSource.PERSON
    query = EmbeddingQuery(item.embedding, item.version)
    assert await found_ids(catalog, query, is_any("category", "dress")) == [item.id]
    assert item.id not in await found_ids(catalog, query, is_any("category", "skirt"))


async def test_attributes_are_set_excluded_cleared_and_reset(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    (item,) = await indexed(catalog, analyzer, "skirt")
    color, pattern = item.colors[0].name, item.attributes["pattern"].value

    async def say(**answers: Answer) -> Item:
        corrected = await catalog.corrections.correct(REVIEWER, item.id, attributes=answers)
        assert corrected.item is not None
        return corrected.item

    said = await say(color=Answer(("Red",)), style=Answer(cleared=True))
    assert [share.name for share in said.colors] == ["red"]
    assert "style" not in said.attributes
    said = await say(pattern=Answer(not_values=(pattern,)), category=Answer(not_values=("skirt",)))
    assert "pattern" not in said.attributes
    assert (said.label, "category" in said.attributes) == ("", False)
    (latest, *_) = (
        await catalog.corrections.list(REVIEWER, wanted=CorrectionFilter(item_id=item.id))
    ).entries
    shown = {change.field: (change.shown_before, change.shown_after) for change in latest.changes}
    assert shown["attributes.pattern"] == (pattern, f"not {pattern}")
    said = await say(**{name: Answer(reset=True) for name in ("color", "style", "pattern", "category")})
    assert said.attributes == item.attributes
    assert (said.label, said.colors[0].name) == ("skirt", color)


async def test_a_corrected_color_wins_in_filters(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    (item,) = await indexed(catalog, analyzer, "skirt")
    query = EmbeddingQuery(item.embedding, item.version)
    wanted = "green" if item.colors[0].name != "green" else "red"

    await catalog.corrections.correct(REVIEWER, item.id, attributes={"color": Answer((wanted,))})
    await drained(catalog)

    assert item.id in await found_ids(catalog, query, is_any("color", wanted))
    assert item.id not in await found_ids(catalog, query, is_any("shade", item.colors[0].name))


async def test_an_excluded_family_excludes_its_shades(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    (item,) = await indexed(catalog, analyzer, "skirt")
    query = EmbeddingQuery(item.embedding, item.version)
    family = TAXONOMY.family_of(item.colors[0].name)
    assert item.id in await found_ids(catalog, query, is_any("color", family))

    wrong = {"color": Answer(not_values=(family,))}
    corrected = await catalog.corrections.correct(REVIEWER, item.id, attributes=wrong)
    await drained(catalog)

    assert corrected.item is not None
    assert not {color.name for color in corrected.item.colors} & set(TAXONOMY.shades_of(family))
    assert item.id not in await found_ids(catalog, query, is_any("color", family))


@pytest.mark.parametrize(
    ("attributes", "field"),
    [
        ({"sleeve": Answer(("long",))}, "attributes.sleeve"),
        ({"category": Answer(("spaceship",))}, "attributes.category.values[0]"),
        ({"pattern": Answer(not_values=("wavy-ish",))}, "attributes.pattern.not_values[0]"),
        ({"color": Answer(("red", "Red"))}, "attributes.color.values"),
        ({"category": Answer(("dress", "skirt"))}, "attributes.category.values"),
        ({"style": Answer()}, "attributes.style"),
        ({"style": Answer(("casual",), reset=True)}, "attributes.style"),
        ({}, "label"),
    ],
)
async def test_answers_are_held_to_the_taxonomy(
    catalog: Catalog, attributes: dict[str, Answer], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await catalog.corrections.correct(
            REVIEWER, "01932f6e-5a0c-7c51-9d0e-0f2a53b1c002", attributes=attributes
        )
    assert refused.value.violations[0].field == field


async def test_a_redrawn_box_gets_a_crop_and_an_embedding_by_a_job(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    first, second = await keyed(catalog, analyzer, "skirt", "hat")
    box = Box(2.0, 3.0, 33.5, 39.0)

    corrected = await catalog.corrections.correct(REVIEWER, second.id, box=Box(2.0, 3.0, 33.5, 99.0))
    other = await catalog.corrections.correct(REVIEWER, second.id, box=box)

    assert corrected.item is not None
    assert (corrected.item.box, corrected.item.box_source) == (Box(2.0, 3.0, 33.5, 40.0), ValueSource.PERSON)
    for job_id in (corrected.job_id, other.job_id):
        assert (await end_of(catalog, job_id)).state is JobState.COMPLETE
    now = await catalog.items.get(DEFAULT_PRINCIPAL, second.id, include_embedding=True, include_crop=True)
    assert (now.box, now.label, now.primary_in_image) == (box, "hat", second.primary_in_image)
    assert second.embedding is not None
    assert now.embedding is not None
    assert not (now.embedding == second.embedding).all()
    hits = await found_ids(catalog, EmbeddingQuery(now.embedding, now.version))
    assert hits[0] == second.id
    untouched = await catalog.items.get(DEFAULT_PRINCIPAL, first.id)
    assert untouched.etag == first.etag


async def test_an_unusable_box_fails_its_job_and_search_keeps_the_old_vector(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    (item,) = await indexed(catalog, analyzer, "skirt")
    corrected = await catalog.corrections.correct(REVIEWER, item.id, box=Box(1, 1, 3, 30))
    job = await end_of(catalog, corrected.job_id)
    assert (job.state, job.error and job.error.reason) == (JobState.FAILED, "NO_USABLE_BOX")
    assert await found_ids(catalog, EmbeddingQuery(item.embedding, item.version)) == [item.id]


async def test_corrections_survive_another_model(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    """One item relabelled, one redrawn, one rejected, one untouched, one added."""
    labelled, redrawn, rejected = await keyed(catalog, analyzer, "skirt", "hat", "bag")
    await catalog.corrections.correct(REVIEWER, labelled.id, label="dress")
    box = Box(24.0, 2.0, 44.0, 32.0)
    drawn = await catalog.corrections.correct(REVIEWER, redrawn.id, box=box)
    await catalog.corrections.reject(REVIEWER, rejected.id, RejectReason.NOT_A_GARMENT)
    added = await catalog.corrections.add(REVIEWER, labelled.image_id, Box(0, 20, 15, 40), label="shoes")
    assert added.item is not None
    for job_id in (drawn.job_id, added.job_id):
        await end_of(catalog, job_id)

    analyzer.categories = ["skirt", "shirt", "bag"]
    await serve(catalog, analyzer, NEXT_MODEL)
    await end_of(catalog, await queue_again(catalog))

    now = await of_photo(catalog, labelled)
    assert set(now) == {labelled.id, redrawn.id, rejected.id, added.item.id}
    assert all(item.version == NEXT_MODEL for item in now.values())
    assert now[labelled.id].label == "dress"
    assert (now[redrawn.id].box, now[redrawn.id].label) == (box, "hat")
    assert now[rejected.id].reject_reason is RejectReason.NOT_A_GARMENT
    assert (now[added.item.id].box, now[added.item.id].label) == (Box(0, 20, 15, 40), "shoes")
    embedded = await catalog.items.get(DEFAULT_PRINCIPAL, redrawn.id, include_embedding=True)
    found = await found_ids(catalog, EmbeddingQuery(embedded.embedding, NEXT_MODEL))
    assert set(found) & set(now) == {labelled.id, redrawn.id, added.item.id}


async def test_items_that_are_found_in_another_order_stay_who_they_are(
    catalog: Catalog, analyzer: FakeAnalyzer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A garment is known by where it is, not by its number in the analysis; one not found again is kept."""
    first, second = await keyed(catalog, analyzer, "skirt", "hat")
    await catalog.corrections.correct(REVIEWER, second.id, label="bag")

    await serve(catalog, analyzer, NEXT_MODEL)

    found = analyzer._found
    monkeypatch.setattr(analyzer, "_found", lambda content: [found(content)[0], found(content)[2]])
    await end_of(catalog, await queue_again(catalog))
    now = await of_photo(catalog, second)
    assert {id: item.label for id, item in now.items()} == {second.id: "bag"}
    assert now[second.id].box == second.box

    await serve(catalog, analyzer, ModelVersion("fake-embedder-3", "square-1"))
    monkeypatch.setattr(analyzer, "_found", lambda content: found(content)[:2])
    await end_of(catalog, await queue_again(catalog))
    now = await of_photo(catalog, second)
    assert now[second.id].box == second.box
    assert now[first.id].label == "skirt"
    assert len(now) == 2


async def test_a_correction_during_a_try_is_not_lost(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    (item,) = await keyed(catalog, analyzer, "skirt")
    await serve(catalog, analyzer, NEXT_MODEL)
    analyzer.gate, analyzer.started = asyncio.Event(), asyncio.Event()
    job_id = await queue_again(catalog)
    await analyzer.started.wait()
    await catalog.corrections.reject(REVIEWER, item.id, RejectReason.DUPLICATE)
    await catalog.corrections.correct(REVIEWER, item.id, label="dress")
    analyzer.gate.set()
    await end_of(catalog, job_id)

    now = await catalog.items.get(DEFAULT_PRINCIPAL, item.id)
    assert (now.label, now.reject_reason, now.version) == ("dress", RejectReason.DUPLICATE, NEXT_MODEL)


async def test_an_added_item_is_shown_at_once_and_found_after_its_job(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    (item,) = await indexed(catalog, analyzer, "skirt")
    before = await catalog.use("default")

    added = await catalog.corrections.add(
        REVIEWER, item.image_id, Box(30, 5, 50, 35), label="hat", attributes={"color": Answer(("red",))}
    )

    assert added.item is not None
    assert (added.item.label, added.item.added, added.item.primary_in_image) == ("hat", True, False)
    assert (await catalog.use("default")).items == before.items + 1
    await end_of(catalog, added.job_id)
    now = await catalog.items.get(DEFAULT_PRINCIPAL, added.item.id, include_embedding=True, include_crop=True)
    assert now.crop
    assert await found_ids(catalog, EmbeddingQuery(now.embedding, now.version), is_any("color", "red")) == [
        now.id
    ]
    with pytest.raises(AlreadyExists) as refused:
        await catalog.corrections.add(REVIEWER, item.image_id, Box(30, 5, 50, 35))
    assert refused.value.reason == "ITEM_EXISTS"
    with pytest.raises(InvalidInput):
        await catalog.corrections.add(REVIEWER, item.image_id, Box(90, 5, 95, 35))

    assert added.correction is not None
    gone = await catalog.corrections.undo(REVIEWER, added.correction.id)
    assert gone.item is None
    assert (await catalog.use("default")).items == before.items
    with pytest.raises(NotFound):
        await catalog.items.get(DEFAULT_PRINCIPAL, added.item.id)
    assert gone.correction is not None
    back = await catalog.corrections.undo(REVIEWER, gone.correction.id)
    assert back.item is not None
    assert (back.item.id, back.item.label) == (added.item.id, "hat")
    await end_of(catalog, back.job_id)


async def test_a_rejected_item_leaves_search_and_lists_and_keeps_its_crop(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    first, second = await indexed(catalog, analyzer, "skirt", "hat")
    primary, other = (first, second) if first.primary_in_image else (second, first)

    rejected = await catalog.corrections.reject(REVIEWER, primary.id, RejectReason.BAD_BOX)
    await drained(catalog)

    assert rejected.item is not None
    assert (rejected.item.reject_reason, rejected.item.primary_in_image) == (RejectReason.BAD_BOX, False)
    assert primary.id not in await found_ids(catalog, EmbeddingQuery(primary.embedding, primary.version))
    listed = await catalog.items.list(DEFAULT_PRINCIPAL, image_id=first.image_id)
    assert [(item.id, item.primary_in_image) for item in listed.entries] == [(other.id, True)]
    everything = await catalog.items.list(DEFAULT_PRINCIPAL, image_id=first.image_id, show_rejected=True)
    assert len(everything.entries) == 2
    assert (await catalog.items.get(DEFAULT_PRINCIPAL, primary.id, include_crop=True)).crop
    for refused in (
        catalog.corrections.verify(REVIEWER, primary.id),
        catalog.corrections.set_primary(REVIEWER, primary.id, of_product=False),
    ):
        with pytest.raises(FailedPrecondition) as error:
            await refused
        assert error.value.reason == "ITEM_REJECTED"

    await catalog.corrections.restore(REVIEWER, primary.id)
    await drained(catalog)
    assert primary.id in await found_ids(catalog, EmbeddingQuery(primary.embedding, primary.version))


async def test_a_chosen_primary_stays(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    product = await catalog.products.create(DEFAULT_PRINCIPAL, ProductDraft(display_name="Blue skirt"))
    first, second = await indexed(catalog, analyzer, "skirt", "hat", product=product.id)
    assert first.primary_in_image

    for of_product in (False, True):
        chosen = await catalog.corrections.set_primary(REVIEWER, second.id, of_product=of_product)
        assert chosen.item is not None
    assert (chosen.item.primary_in_image, chosen.item.primary_in_product) == (True, True)
    await catalog.products.update(
        DEFAULT_PRINCIPAL, ProductKey(product.id), ProductDraft(display_name="Skirt"), ["display_name"]
    )
    assert (
        await catalog.products.get(DEFAULT_PRINCIPAL, ProductKey(product.id))
    ).primary_item_id == second.id
    await catalog.corrections.reject(REVIEWER, second.id, RejectReason.DUPLICATE)
    assert await representative(catalog, product.id) == first.id
    await catalog.corrections.restore(REVIEWER, second.id)
    assert (
        await catalog.products.get(DEFAULT_PRINCIPAL, ProductKey(product.id))
    ).primary_item_id == second.id


async def test_verified_values_are_a_persons(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    (item,) = await keyed(catalog, analyzer, "skirt")
    verified = await catalog.corrections.verify(REVIEWER, item.id)
    assert verified.item is not None
    assert verified.item.verify_time is not None
    assert not verified.job_id
    assert (await catalog.corrections.verify(REVIEWER, item.id)).correction is None

    analyzer.categories = ["hat"]
    await serve(catalog, analyzer, NEXT_MODEL)
    await end_of(catalog, await queue_again(catalog))
    now = await catalog.items.get(DEFAULT_PRINCIPAL, item.id)
    assert (now.label, now.attributes["category"].value, now.version) == ("skirt", "skirt", NEXT_MODEL)


async def test_the_history_tells_who_when_before_and_after(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    (item,) = await indexed(catalog, analyzer, "skirt")
    await catalog.corrections.correct(REVIEWER, item.id, label="dress")
    await catalog.corrections.verify(Principal("default", "user:8"), item.id)

    page = await catalog.corrections.list(DEFAULT_PRINCIPAL, wanted=CorrectionFilter(item_id=item.id))
    assert [(entry.kind, entry.author) for entry in page.entries] == [
        (CorrectionKind.VERIFY, "user:8"),
        (CorrectionKind.CORRECT, "user:7"),
    ]
    first = page.entries[1]
    changes = {change.field: (change.shown_before, change.shown_after) for change in first.changes}
    assert changes == {"label": ("skirt", "dress"), "attributes.category": ("skirt", "dress")}
    assert first.version == item.version
    by_author = await catalog.corrections.list(DEFAULT_PRINCIPAL, wanted=CorrectionFilter(author="user:8"))
    assert len(by_author.entries) == 1
    short = await catalog.corrections.list(DEFAULT_PRINCIPAL, page_size=1)
    rest = await catalog.corrections.list(DEFAULT_PRINCIPAL, page_size=1, page_token=short.next_token)
    assert [short.entries[0].id, rest.entries[0].id] == [entry.id for entry in page.entries]


async def test_an_undo_brings_back_what_was_unless_it_changed_since(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    (item,) = await indexed(catalog, analyzer, "skirt")
    first = (await catalog.corrections.correct(REVIEWER, item.id, label="dress")).correction
    second = (await catalog.corrections.correct(REVIEWER, item.id, label="hat")).correction
    assert first is not None
    assert second is not None
    with pytest.raises(FailedPrecondition) as refused:
        await catalog.corrections.undo(REVIEWER, first.id)
    assert refused.value.reason == "CORRECTION_SUPERSEDED"
    undone = await catalog.corrections.undo(REVIEWER, second.id)
    assert undone.item is not None
    assert undone.item.label == "dress"
    assert undone.correction is not None
    assert undone.correction.undone_id == second.id
    undone = await catalog.corrections.undo(REVIEWER, first.id)
    assert undone.item is not None
    assert (undone.item.label, undone.item.label_source) == ("skirt", ValueSource.MODEL)


async def test_a_stale_etag_is_refused(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    (item,) = await indexed(catalog, analyzer, "skirt")
    await catalog.corrections.correct(REVIEWER, item.id, label="dress", etag=item.etag)
    with pytest.raises(Conflict):
        await catalog.corrections.reject(REVIEWER, item.id, RejectReason.DUPLICATE, item.etag)


async def test_other_tenants_see_and_correct_nothing(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    (item,) = await indexed(catalog, analyzer, "skirt")
    corrected = await catalog.corrections.correct(REVIEWER, item.id, label="dress")
    assert corrected.correction is not None
    for refused in (
        catalog.corrections.correct(OTHER, item.id, label="hat"),
        catalog.corrections.add(OTHER, item.image_id, Box(30, 5, 50, 35)),
        catalog.corrections.reject(OTHER, item.id, RejectReason.DUPLICATE),
        catalog.corrections.undo(OTHER, corrected.correction.id),
    ):
        with pytest.raises(NotFound):
            await refused
    assert not (await catalog.corrections.list(OTHER)).entries
    assert await found_ids(catalog, ItemQuery(item.id)) is not None
