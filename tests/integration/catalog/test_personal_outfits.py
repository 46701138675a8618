"""Outfits for end users, of a catalogue on real stores: their wardrobe, their taste, and nothing twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from armoire.v1 import outfits_pb2, wardrobe_pb2
from domain.errors import AlreadyExists, FailedPrecondition, InvalidInput, NotFound
from domain.garment_types import Slot
from domain.outfit_rules import SHIPPED_RULES, OutfitRules
from domain.preference_rules import SHIPPED_PREFERENCES, Facet, FeedbackKind, PreferenceRules
from domain.types import DEFAULT_PRINCIPAL, ModelVersion
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.wardrobe import OWN_PRODUCT_TYPE, WardrobeDraft, WardrobeState
from services.edge.outfit_servicer import OutfitServicer
from services.outfits.outfit import Outfit
from services.outfits.outfits import Outfits, SuggestOptions
from services.outfits.personal_outfits import ForEndUser, PersonalOutfits, PoolKind
from services.outfits.scorer import PREFERENCE, Occasion
from tests.audited import ACTOR, call
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, photo
from tests.integration.catalog.flows import OTHER, change_over, index

KINDS = ("shirt", "trousers", "skirt", "shoes", "outerwear", "bag")
RULES = OutfitRules.load(SHIPPED_RULES, TAXONOMY)
TASTES = PreferenceRules.load(SHIPPED_PREFERENCES)
ANN = ForEndUser("ann")
NOBODY = ForEndUser()
OPTIONS = SuggestOptions(count=4, seed=3)


async def garments(
    catalog: Catalog, analyzer: FakeAnalyzer, rounds: int = 3, first: int = 0, product_type: str = ""
) -> dict[str, list[str]]:
    """Products of each kind, of two brands; ids of items by their kind."""
    ids: dict[str, list[str]] = {}
    for number in range(first, first + rounds):
        for place, kind in enumerate(KINDS):
            brand = ("Acme", "Åsa")[number % 2]
            draft = ProductDraft(f"{kind} {number}", brand=brand, product_type=product_type)
            product = await catalog.products.create(DEFAULT_PRINCIPAL, draft)
            analyzer.categories = [kind]
            content = photo(100 * number + place)
            job = await index(catalog, IndexRequest(content, product_id=product.id))
            ids.setdefault(kind, []).append(job.items[0].item_id)
    return ids


def personal(catalog: Catalog) -> PersonalOutfits:
    """On a day that does not end."""
    return PersonalOutfits.of(catalog, RULES, TASTES, lambda: 0)


def told(outfits: Sequence[Outfit]) -> list[tuple[list[str], float, str]]:
    """All that is said of outfits."""
    return [
        ([each.piece.item_id for each in outfit.pieces], outfit.score.value, outfit.explanation)
        for outfit in outfits
    ]


async def say(catalog: Catalog, kind: FeedbackKind, *item_ids: str, user: str = "ann", key: str = "") -> str:
    return await personal(catalog).record(DEFAULT_PRINCIPAL, user, kind, item_ids, key)


async def own(catalog: Catalog, state: WardrobeState, item_ids: Sequence[str], user: str = "ann") -> None:
    drafts = [WardrobeDraft(item_id, state) for item_id in item_ids]
    await catalog.wardrobes.add(DEFAULT_PRINCIPAL, user, drafts)


async def test_somebody_of_whom_nothing_is_known_gets_what_nobody_gets(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    ids = await garments(catalog, analyzer)
    outfits = personal(catalog)
    base = Outfits(catalog.item_samples, RULES)
    expected = told(await base.suggest(DEFAULT_PRINCIPAL, OPTIONS))
    assert told(await outfits.suggest(DEFAULT_PRINCIPAL, NOBODY, OPTIONS)) == expected
    assert told(await outfits.suggest(DEFAULT_PRINCIPAL, NOBODY, OPTIONS)) == expected
    assert told(await outfits.suggest(DEFAULT_PRINCIPAL, ANN, OPTIONS)) == expected
    options = SuggestOptions(base_item_ids=[ids["shirt"][0]])
    candidates = told(await base.complete(DEFAULT_PRINCIPAL, Slot.SHOES, options))
    assert told(await outfits.complete(DEFAULT_PRINCIPAL, ANN, Slot.SHOES, options)) == candidates


async def test_feedback_is_one_more_term_and_a_reset_restores_the_start(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    ids = await garments(catalog, analyzer)
    outfits, again = personal(catalog), ForEndUser("ann", repeat_days=0)
    start = told(await outfits.suggest(DEFAULT_PRINCIPAL, again, OPTIONS))
    for item_id in ids["skirt"]:
        await say(catalog, FeedbackKind.WEAR, item_id)
    for item_id in ids["trousers"]:
        await say(catalog, FeedbackKind.DISLIKE, item_id)
    found = await outfits.suggest(DEFAULT_PRINCIPAL, again, OPTIONS)
    assert told(found) == told(await outfits.suggest(DEFAULT_PRINCIPAL, again, OPTIONS))
    assert found[0].item_ids & set(ids["skirt"])
    for outfit in found:
        *others, term = outfit.score.terms
        assert term.name == PREFERENCE
        assert abs(term.points) <= TASTES.share
        assert outfit.score.value == pytest.approx(sum(each.points for each in outfit.score.terms))
        assert [each.name for each in others] == ["color", "formality", "compatibility", "pattern", "season"]
        assert ("you " in outfit.explanation) == bool(term.reason)
    assert "you like" in found[0].explanation
    bottoms = await outfits.complete(
        DEFAULT_PRINCIPAL, ANN, Slot.BOTTOM, SuggestOptions(9, base_item_ids=[ids["shirt"][0]])
    )
    kinds = [outfit.pieces[-1].piece.type.category for outfit in bottoms]
    assert kinds == ["skirt"] * 3 + ["trousers"] * 3, "re-ranked, and nothing left out"
    score = await outfits.score(DEFAULT_PRINCIPAL, again, [ids["skirt"][0]], Occasion())
    assert score.outfit.score.terms[-1].value > 0
    await catalog.tastes.reset(DEFAULT_PRINCIPAL, "ann")
    assert told(await outfits.suggest(DEFAULT_PRINCIPAL, again, OPTIONS)) == start


async def test_no_outfit_is_suggested_twice_within_some_days(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    await garments(catalog, analyzer)
    outfits = personal(catalog)
    rounds = [await outfits.suggest(DEFAULT_PRINCIPAL, ANN, OPTIONS) for _ in range(3)]
    sets = [outfit.item_ids for found in rounds for outfit in found]
    assert len(sets) == len(set(sets)) > 4
    neighbour = await outfits.suggest(DEFAULT_PRINCIPAL, ForEndUser("bob"), OPTIONS)
    assert told(neighbour) == told(rounds[0])
    whatever = await outfits.suggest(DEFAULT_PRINCIPAL, ForEndUser("ann", repeat_days=0), OPTIONS)
    assert told(whatever) == told(rounds[0])


async def test_a_wardrobe_is_a_pool(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    ids = await garments(catalog, analyzer)
    outfits = personal(catalog)
    closet = ForEndUser("ann", PoolKind.WARDROBE, 0)
    with pytest.raises(FailedPrecondition, match="no outfit without"):
        await outfits.suggest(DEFAULT_PRINCIPAL, closet, OPTIONS)
    mine = [ids[kind][0] for kind in KINDS]
    await own(catalog, WardrobeState.OWNED, mine[:3])
    await own(catalog, WardrobeState.BOUGHT, mine[3:])
    await own(catalog, WardrobeState.WISHED, [ids["shirt"][1]])
    found = await outfits.suggest(DEFAULT_PRINCIPAL, closet, OPTIONS)
    assert found
    assert all(outfit.item_ids <= set(mine) for outfit in found)
    both = await outfits.suggest(DEFAULT_PRINCIPAL, ForEndUser("ann", PoolKind.BOTH, 0), OPTIONS)
    assert any(not outfit.item_ids <= set(mine) for outfit in both)
    with pytest.raises(InvalidInput, match="end_user: must be set where the pool has a wardrobe"):
        await outfits.suggest(DEFAULT_PRINCIPAL, ForEndUser("", PoolKind.BOTH), OPTIONS)
    with pytest.raises(InvalidInput, match="repeat_days: must be 0 to 90, got 91"):
        await outfits.suggest(DEFAULT_PRINCIPAL, ForEndUser("ann", repeat_days=91), OPTIONS)


async def test_what_is_peoples_own_is_nobody_elses(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    await garments(catalog, analyzer, rounds=2)
    own_ids = await garments(catalog, analyzer, 1, first=5, product_type=OWN_PRODUCT_TYPE.title())
    mine = {item_id for of_kind in own_ids.values() for item_id in of_kind}
    await own(catalog, WardrobeState.OWNED, sorted(mine))
    outfits, many = personal(catalog), SuggestOptions(count=50, diversity=1.0)
    for whom in (NOBODY, ForEndUser("bob", PoolKind.BOTH, 0), ForEndUser("ann", PoolKind.CATALOG, 0)):
        found = await outfits.suggest(DEFAULT_PRINCIPAL, whom, many)
        assert found
        assert not any(outfit.item_ids & mine for outfit in found)
    closet = await outfits.suggest(DEFAULT_PRINCIPAL, ForEndUser("ann", PoolKind.WARDROBE, 0), many)
    assert all(outfit.item_ids <= mine for outfit in closet)


async def test_feedback_says_what_is_liked(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    ids = await garments(catalog, analyzer, rounds=2)
    first = await say(catalog, FeedbackKind.LIKE, ids["shirt"][0], ids["skirt"][0], key="k")
    assert await say(catalog, FeedbackKind.LIKE, ids["skirt"][0], ids["shirt"][0], key="k") == first
    with pytest.raises(AlreadyExists):
        await say(catalog, FeedbackKind.SKIP, ids["skirt"][0], key="k")
    known = await personal(catalog).preferences(DEFAULT_PRINCIPAL, "ann")
    tallies = {
        facet: {value: round(tally.score, 3) for value, tally in values.items()}
        for facet, values in known.tallies.items()
    }
    assert tallies[Facet.CATEGORY] == {"shirt": 0.5, "skirt": 0.5}
    assert tallies[Facet.BRAND] == {"Acme": 1.0}
    assert {Facet.TYPE, Facet.COLOR, Facet.STYLE, Facet.PATTERN} < tallies.keys()
    data = await personal(catalog).export(DEFAULT_PRINCIPAL, "ann")
    assert (data.preferences.signals, len(data.feedback)) == (2, 1)
    for item_ids, said in (([], "must hold 1 to 12 ids"), (["x"], "must be a UUID")):
        with pytest.raises(InvalidInput, match=said):
            await say(catalog, FeedbackKind.LIKE, *item_ids)
    with pytest.raises(NotFound):
        await personal(catalog).record(OTHER, "ann", FeedbackKind.LIKE, [ids["shirt"][0]])


async def test_a_direction_of_another_embedder_is_left_out(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    ids = await garments(catalog, analyzer, rounds=2)
    await say(catalog, FeedbackKind.LIKE, ids["shirt"][0])
    newer = ModelVersion("fake-embedder-2", "square-1")
    await change_over(catalog, analyzer, newer)
    await garments(catalog, analyzer, first=7)
    found = await personal(catalog).suggest(DEFAULT_PRINCIPAL, ANN, OPTIONS)
    assert found[0].score.terms[-1].name == PREFERENCE


async def test_the_calls(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    analyzer.categories = ["shirt"]
    job = await index(catalog, IndexRequest(photo(1)), ACTOR)
    item_id = job.items[0].item_id
    servicer = OutfitServicer(catalog, personal(catalog))

    async def answer(method: str, **fields: object) -> Mapping[str, object] | object:
        request = getattr(wardrobe_pb2, f"{method}Request")(end_user="ann", **fields)
        return await call(ACTOR, servicer, method, request)

    draft = wardrobe_pb2.WardrobeItemDraft(item_id=item_id, acquire_date="2026-11-30", note="new")
    draft.price.currency_code, draft.price.units = "EUR", 90
    added = await answer("AddWardrobeItems", items=[draft])
    assert added.items[0].state == wardrobe_pb2.WARDROBE_STATE_OWNED
    for _ in range(2):
        await answer("RecordFeedback", kind=wardrobe_pb2.FEEDBACK_KIND_WEAR, item_ids=[item_id])
    (listed,) = (await answer("ListWardrobeItems")).items
    assert (listed.wear_count, listed.cost_per_wear.units) == (2, 45)
    assert (listed.acquire_date, listed.note) == ("2026-11-30", "new")
    assert listed.HasField("last_wear_time")
    preferences = (await answer("GetPreferences")).preferences
    assert preferences.signals == 2
    best = preferences.values[0]
    assert 0 < best.score < 1
    assert best.weight == pytest.approx(4.0, rel=1e-3)
    score = outfits_pb2.ScoreOutfitRequest(item_ids=[item_id], end_user="ann")
    scored = await call(ACTOR, servicer, "ScoreOutfit", score)
    assert scored.outfit.terms[-1].name == PREFERENCE
    data = await answer("ExportEndUserData")
    assert [each.kind for each in data.feedback] == [wardrobe_pb2.FEEDBACK_KIND_WEAR] * 2
    assert (data.end_user, data.wardrobe[0].item_id) == ("ann", item_id)
    await answer("ResetPreferences")
    assert (await answer("GetPreferences")).preferences == wardrobe_pb2.Preferences()
    assert (await answer("RemoveWardrobeItems", item_ids=[item_id])).removed == 1
    for method, fields, said in (
        ("AddWardrobeItems", {"items": [{"item_id": item_id, "state": 9}]}, r"items\[0\].state: must be"),
        ("AddWardrobeItems", {"items": [{"item_id": item_id, "acquire_date": "30.11."}]}, "must be a day"),
        ("AddWardrobeItems", {"items": [{"item_id": item_id, "acquire_date": "20261130"}]}, "must be a day"),
        ("ListWardrobeItems", {"states": [0]}, r"states\[0\]: must be one of"),
        ("RecordFeedback", {"item_ids": [item_id]}, "kind: must be one of"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput, match=said):
            await answer(method, **fields)  # type: ignore[arg-type]
    pool = outfits_pb2.SuggestOutfitsRequest(end_user="ann", pool=9)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="pool: must be OUTFIT_POOL_CATALOG"):
        await call(ACTOR, servicer, "SuggestOutfits", pool)
