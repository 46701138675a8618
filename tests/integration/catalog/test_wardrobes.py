"""Wardrobes and tastes of end users, in the catalogue."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from domain.clock import MICROSECONDS, now_us
from domain.errors import AlreadyExists, InvalidInput, NotFound
from domain.preference_rules import Facet, FeedbackKind
from domain.preferences import Appearance, Preferences
from domain.types import DEFAULT_PRINCIPAL, ModelVersion
from services.audit.audit_filter import AuditFilter
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.records.items import Item
from services.catalog.records.money import Money
from services.catalog.records.suggested_outfits import outfit_digest
from services.catalog.records.wardrobe import WardrobeDraft, WardrobeFilter, WardrobeState
from services.catalog.resources.tastes import NewOpinion
from services.catalog.resources.wardrobes import MAX_AT_A_TIME, MAX_NOTE_CHARS
from tests.integration.catalog.fake_analyzer import FakeAnalyzer, photo
from tests.integration.catalog.flows import OTHER, change_over, index, items_of

ANN = "ann"
DAY_US = 86_400 * MICROSECONDS
HALF_LIFE_US = 90.0 * DAY_US
NEW_MODEL = ModelVersion("fake-embedder-2", "square-1")


async def garments(catalog: Catalog, count: int) -> list[Item]:
    """With embeddings, one of each photo."""
    jobs = [await index(catalog, IndexRequest(photo(seed))) for seed in range(count)]
    return [(await items_of(catalog, job))[0] for job in jobs]


def opinion(kind: FeedbackKind, *items: Item) -> NewOpinion:
    weight = {FeedbackKind.LIKE: 1.0, FeedbackKind.DISLIKE: -1.0, FeedbackKind.WEAR: 2.0}[kind]
    seen = {item.id: Appearance({Facet.CATEGORY: (item.label,)}, item.embedding) for item in items}
    return NewOpinion(kind, weight, seen, items[0].version, HALF_LIFE_US)


async def say(catalog: Catalog, kind: FeedbackKind, *items: Item, key: str = "") -> str:
    return await catalog.tastes.record(DEFAULT_PRINCIPAL, ANN, opinion(kind, *items), key)


async def known(catalog: Catalog) -> Preferences:
    return await catalog.tastes.get(DEFAULT_PRINCIPAL, ANN)


async def test_a_wardrobe_is_filled_worn_and_emptied(catalog: Catalog) -> None:
    coat, shoes, dress = await garments(catalog, 3)
    draft = WardrobeDraft(coat.id, WardrobeState.OWNED, Money("EUR", 90), date(2026, 1, 2), " warm ")
    entries = await catalog.wardrobes.add(
        DEFAULT_PRINCIPAL,
        ANN,
        [
            draft,
            WardrobeDraft(shoes.id, WardrobeState.BOUGHT),
            WardrobeDraft(dress.id, WardrobeState.WISHED),
        ],
    )
    assert [entry.draft.note for entry in entries] == ["warm", "", ""]
    assert await catalog.wardrobes.item_ids(DEFAULT_PRINCIPAL, ANN) == [coat.id, shoes.id]
    await say(catalog, FeedbackKind.WEAR, coat, shoes)
    await say(catalog, FeedbackKind.WEAR, coat)
    await say(catalog, FeedbackKind.LIKE, coat)
    page = await catalog.wardrobes.list(DEFAULT_PRINCIPAL, ANN, page_size=2)
    rest = await catalog.wardrobes.list(DEFAULT_PRINCIPAL, ANN, page_size=2, page_token=page.next_token)
    counts = {entry.draft.item_id: entry.wear_count for entry in (*page.entries, *rest.entries)}
    assert counts == {coat.id: 2, shoes.id: 1, dress.id: 0}
    assert rest.entries[0].cost_per_wear == Money("EUR", 45)
    never = await catalog.wardrobes.list(DEFAULT_PRINCIPAL, ANN, WardrobeFilter(never_worn=True))
    assert [entry.draft.item_id for entry in never.entries] == [dress.id]
    assert (await catalog.wardrobes.list(OTHER, ANN)).entries == ()
    with pytest.raises(InvalidInput, match="page_token"):
        await catalog.wardrobes.list(DEFAULT_PRINCIPAL, "bob", page_size=2, page_token=page.next_token)
    removed = await catalog.wardrobes.remove(DEFAULT_PRINCIPAL, ANN, [coat.id, dress.id])
    assert (removed, await catalog.wardrobes.item_ids(DEFAULT_PRINCIPAL, ANN)) == (2, [shoes.id])


async def test_what_is_refused(catalog: Catalog) -> None:
    (coat,) = await garments(catalog, 1)
    owned = WardrobeState.OWNED
    fine = WardrobeDraft(coat.id, owned)
    wrong: list[tuple[str, list[WardrobeDraft], str]] = [
        ("", [fine], "end_user: must be 1 to 128"),
        (ANN, [], "items: must hold 1 to 100 items, got 0"),
        (ANN, [fine] * (MAX_AT_A_TIME + 1), "items: must hold 1 to 100 items, got 101"),
        (ANN, [fine, fine], r"items\[1\].item_id: must not be there a second time"),
        (ANN, [WardrobeDraft("coat", owned)], r"items\[0\].item_id: must be a UUID"),
        (ANN, [WardrobeDraft(coat.id, owned, Money("EUR", -1))], r"items\[0\].price.units: must be 0 to"),
        (ANN, [WardrobeDraft(coat.id, owned, note="x" * (MAX_NOTE_CHARS + 1))], r"items\[0\].note: must"),
    ]  # fmt: skip
    for user, drafts, said in wrong:
        with pytest.raises(InvalidInput, match=said):
            await catalog.wardrobes.add(DEFAULT_PRINCIPAL, user, drafts)
    with pytest.raises(NotFound):
        await catalog.wardrobes.add(OTHER, ANN, [fine])
    with pytest.raises(InvalidInput, match="item_ids: must hold 1 to 100 ids, got 0"):
        await catalog.wardrobes.remove(DEFAULT_PRINCIPAL, ANN, [])
    await catalog.items.get(DEFAULT_PRINCIPAL, coat.id)
    with pytest.raises(NotFound):
        await catalog.tastes.record(OTHER, ANN, opinion(FeedbackKind.LIKE, coat))
    assert (await catalog.tastes.get(OTHER, ANN)).signals == 0


async def test_feedback_at_the_same_time_loses_nothing_and_a_key_counts_once(catalog: Catalog) -> None:
    coat, shoes = await garments(catalog, 2)
    ids = await asyncio.gather(
        *(say(catalog, FeedbackKind.LIKE, coat) for _ in range(10)),
        *(say(catalog, FeedbackKind.LIKE, coat, shoes, key="twice") for _ in range(4)),
    )
    assert len(set(ids)) == 11
    after = await known(catalog)
    assert after.signals == 12
    total = sum(tally.score for tally in after.tallies[Facet.CATEGORY].values())
    assert total == pytest.approx(11.0), "an outfit's items share the weight"
    with pytest.raises(AlreadyExists, match="was used for different feedback"):
        await say(catalog, FeedbackKind.DISLIKE, coat, shoes, key="twice")


async def test_a_reset_restores_the_start(catalog: Catalog) -> None:
    coat, shoes = await garments(catalog, 2)
    await catalog.wardrobes.add(DEFAULT_PRINCIPAL, ANN, [WardrobeDraft(coat.id, WardrobeState.OWNED)])
    await say(catalog, FeedbackKind.WEAR, coat, key="k")
    await catalog.tastes.remember_shown(DEFAULT_PRINCIPAL, ANN, [[coat.id, shoes.id]])
    shown = await catalog.tastes.shown_lately(DEFAULT_PRINCIPAL, ANN, 1)
    assert shown == {outfit_digest([shoes.id, coat.id])}
    await catalog.tastes.reset(DEFAULT_PRINCIPAL, ANN)
    after = await known(catalog)
    assert (after.signals, after.as_of_us, after.tallies, after.direction) == (0, 0, {}, None)
    assert await catalog.tastes.shown_lately(DEFAULT_PRINCIPAL, ANN, 1) == set()
    assert await catalog.wardrobes.item_ids(DEFAULT_PRINCIPAL, ANN) == [coat.id], "the wardrobe stays"
    await say(catalog, FeedbackKind.LIKE, coat, key="k")
    assert (await known(catalog)).signals == 1, "its key may be used again"


async def test_another_embedder_gets_a_direction_of_the_feedback_that_is_kept(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    liked, other = await garments(catalog, 2)
    await say(catalog, FeedbackKind.LIKE, liked)
    before = await known(catalog)
    await change_over(catalog, analyzer, NEW_MODEL)
    await index(catalog, IndexRequest(photo(0)))
    newest = (await garments(catalog, 2))[1]
    assert newest.version == NEW_MODEL
    await say(catalog, FeedbackKind.DISLIKE, newest)
    after = await known(catalog)
    assert before.direction is not None
    assert after.direction is not None
    assert (before.direction.version, after.direction.version) == (other.version, NEW_MODEL)
    assert after.direction.disliked_weight == pytest.approx(1.0)
    assert after.signals == 2


async def test_what_is_kept_of_an_end_user_is_exported(catalog: Catalog) -> None:
    coat, shoes = await garments(catalog, 2)
    await catalog.wardrobes.add(
        DEFAULT_PRINCIPAL, ANN, [WardrobeDraft(coat.id, WardrobeState.OWNED, note="a gift")]
    )
    id = await say(catalog, FeedbackKind.LIKE, coat, shoes)
    await catalog.tastes.remember_shown(DEFAULT_PRINCIPAL, ANN, [[coat.id, shoes.id]])
    data = await catalog.tastes.export(DEFAULT_PRINCIPAL, ANN)
    assert data.preferences.signals == 2
    assert [entry.draft.note for entry in data.wardrobe] == ["a gift"]
    assert [(each.id, set(each.item_ids)) for each in data.feedback] == [(id, {coat.id, shoes.id})]
    assert data.suggested == [outfit_digest([coat.id, shoes.id])]
    nobody = await catalog.tastes.export(OTHER, ANN)
    assert (nobody.preferences.signals, nobody.wardrobe, nobody.feedback, nobody.suggested) == (0, [], [], [])


async def test_audit_records_have_the_id_and_no_more_of_the_person(catalog: Catalog) -> None:
    (coat,) = await garments(catalog, 1)
    draft = WardrobeDraft(coat.id, WardrobeState.OWNED, Money("EUR", 90), date(2026, 1, 2), "a gift")
    await catalog.wardrobes.add(DEFAULT_PRINCIPAL, ANN, [draft])
    await say(catalog, FeedbackKind.LIKE, coat)
    await catalog.tastes.export(DEFAULT_PRINCIPAL, ANN)
    await catalog.tastes.reset(DEFAULT_PRINCIPAL, ANN)
    await catalog.tastes.reset(DEFAULT_PRINCIPAL, ANN)
    await catalog.wardrobes.remove(DEFAULT_PRINCIPAL, ANN, [coat.id])
    await catalog.wardrobes.remove(DEFAULT_PRINCIPAL, ANN, [coat.id])
    records = await catalog.trail.list(AuditFilter(tenants=[DEFAULT_PRINCIPAL.tenant_id]), 100)
    told = [
        (record.resource, record.end_user, record.before, record.after)
        for record in records[::-1]
        if record.end_user
    ]
    assert told == [
        ("wardrobe", ANN, {}, {"items": 1}),
        ("end-user-data", ANN, {}, {"entries": 1}),
        ("preferences", ANN, {"signals": 1}, {}),
        ("wardrobe", ANN, {"items": 1}, {}),
    ]


async def test_feedback_and_what_was_shown_end(catalog: Catalog) -> None:
    (coat,) = await garments(catalog, 1)
    await say(catalog, FeedbackKind.LIKE, coat)
    await catalog.tastes.remember_shown(DEFAULT_PRINCIPAL, ANN, [[coat.id]])
    assert (await catalog._purge.purge(now_us() + 364 * DAY_US))["feedback"] == 0
    assert (await catalog._purge.purge(now_us() + 366 * DAY_US))["feedback"] == 1
    data = await catalog.tastes.export(DEFAULT_PRINCIPAL, ANN)
    assert (data.feedback, data.suggested, data.preferences.signals) == ([], [], 1)
