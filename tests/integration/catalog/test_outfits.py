"""Outfits of a catalogue on real stores: what is drawn, what is put together, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.errors import FailedPrecondition, InvalidInput, NotFound
from domain.garment_types import Slot
from domain.outfit_rules import SHIPPED_RULES, OutfitRules
from domain.types import DEFAULT_PRINCIPAL, FloatArray
from imaging.decode import DecodeLimits, decode
from models.artifact import Artifact
from models.session import OnnxSession
from models.siamese_encoder import SiameseEncoder, closeness
from services.catalog.blobs.store import crop_key
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.records.answers import Answer
from services.catalog.records.items import RejectReason
from services.catalog.records.money import Money
from services.catalog.records.product_drafts import Availability, ProductDraft
from services.catalog.records.products import ProductKey
from services.catalog.search.filter import Between, Condition, Filter, OneOf
from services.host.learned_scorer import load_scorer
from services.host.outfit_scorer import OutfitScorerOptions
from services.outfits.doubts import ENOUGH
from services.outfits.grammar import problems
from services.outfits.learned_scores import LEARNED, EmbeddedPiece, Embeddings, LearnedScores
from services.outfits.outfit import Outfit
from services.outfits.outfits import Outfits, SuggestOptions
from services.outfits.piece import Piece, PlacedPiece
from services.outfits.scorer import Adjust, Term
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, photo
from tests.integration.catalog.flows import OTHER, index
from tests.siamese_artifact import write_siamese

KINDS = ("shirt", "t-shirt", "trousers", "skirt", "shoes", "outerwear", "bag", "dress", "hat")
RULES = OutfitRules.load(SHIPPED_RULES, TAXONOMY)


async def shop(
    catalog: Catalog, analyzer: FakeAnalyzer, kinds: tuple[str, ...] = KINDS, rounds: int = 3
) -> dict[str, list[str]]:
    """A catalogue with products of each kind, the first one of each cheap; ids of items by their kind."""
    ids: dict[str, list[str]] = {}
    for number in range(rounds):
        for place, kind in enumerate(kinds):
            price = Money("EUR", 20 if number == 0 else 100)
            draft = ProductDraft(
                f"{kind} {number}",
                brand="Åsa" if number == 0 else "Acme",
                price=price,
                availability=Availability.IN_STOCK if number else Availability.OUT_OF_STOCK,
                attributes={"material": "wool" if number else "Leinen"},
            )
            product = await catalog.products.create(DEFAULT_PRINCIPAL, draft)
            analyzer.categories = [kind]
            content = photo(100 * number + place)
            job = await index(catalog, IndexRequest(content, product_id=product.id))
            ids.setdefault(kind, []).append(job.items[0].item_id)
    return ids


def outfits_of(catalog: Catalog) -> Outfits:
    return Outfits(catalog.item_samples, RULES)


def ids_of(outfits: list[Outfit]) -> list[list[str]]:
    return [[placed.piece.item_id for placed in outfit.pieces] for outfit in outfits]


async def test_outfits_are_valid_and_the_same_for_a_seed(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    await shop(catalog, analyzer)
    outfits = outfits_of(catalog)
    first = await outfits.suggest(DEFAULT_PRINCIPAL, SuggestOptions(count=6, seed=3))
    again = await outfits.suggest(DEFAULT_PRINCIPAL, SuggestOptions(count=6, seed=3))
    assert len(first) == 6
    assert [problems(outfit.pieces) for outfit in first] == [[]] * 6
    assert ids_of(again) == ids_of(first)
    assert ids_of(await outfits.suggest(DEFAULT_PRINCIPAL, SuggestOptions(count=6, seed=4))) != ids_of(first)
    with pytest.raises(FailedPrecondition) as error:
        await outfits.suggest(OTHER, SuggestOptions())
    assert error.value.reason == "OUTFIT_IMPOSSIBLE"


async def test_what_a_photo_shows_beside_its_product_is_left_out_where_there_is_enough(
    catalog: Catalog, analyzer: FakeAnalyzer
) -> None:
    await shop(catalog, analyzer, ("shirt", "trousers"), rounds=ENOUGH)
    analyzer.categories = ["shirt", "shoes"]
    for number in range(ENOUGH):
        job = await index(catalog, IndexRequest(photo(1000 + number)))
        (beside,) = [item.item_id for item in job.items if not item.primary_in_image]
        assert beside
    sampled = await catalog.item_samples.draw(DEFAULT_PRINCIPAL, 0)
    beside_ids = {each.item.id for each in sampled if not each.item.primary_in_image}
    outfits = await outfits_of(catalog).suggest(DEFAULT_PRINCIPAL, SuggestOptions(count=20))
    worn = {placed.piece.item_id: placed.slot for outfit in outfits for placed in outfit.pieces}
    assert {worn[item_id] for item_id in beside_ids & worn.keys()} == {
        Slot.SHOES
    }  # of which there are no others


@pytest.mark.parametrize(
    "condition",
    [
        Condition("price", Between(at_most=20)),
        Condition("brand", OneOf(("åsa",))),
        Condition("availability", OneOf(("out_of_stock",))),
        Condition("product.material", OneOf(("leinen",))),
    ],
)
async def test_the_others_pass_the_filter(
    catalog: Catalog, analyzer: FakeAnalyzer, condition: Condition
) -> None:
    ids = await shop(catalog, analyzer)
    cheap = {of_kind[0] for of_kind in ids.values()}
    base = ids["bag"][2]
    options = SuggestOptions(base_item_ids=[base], filter=Filter((condition,)))
    for outfit in await outfits_of(catalog).suggest(DEFAULT_PRINCIPAL, options):
        assert outfit.item_ids - {base} <= cheap
        assert outfit.pieces[0].piece.item_id == base
    none = Filter(none_of=(Filter((condition,)),))
    for outfit in await outfits_of(catalog).suggest(DEFAULT_PRINCIPAL, replace(options, filter=none)):
        assert not outfit.item_ids & cheap


async def test_a_pool_and_an_adjustment_of_the_caller(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    ids = await shop(catalog, analyzer)
    owned = [of_kind[1] for of_kind in ids.values()]
    loved = ids["skirt"][1]

    def adjustment_of(pool: Sequence[Piece]) -> Adjust:
        assert {piece.item_id for piece in pool} == set(owned)
        return lambda pieces: Term("liked", float(any(piece.item_id == loved for piece in pieces)), 0.2)

    options = SuggestOptions(item_ids=owned, adjustment_of=adjustment_of)
    found = await outfits_of(catalog).suggest(DEFAULT_PRINCIPAL, options)
    assert all(outfit.item_ids <= set(owned) for outfit in found)
    assert loved in found[0].item_ids
    assert [term.name for term in found[0].score.terms][-1] == "liked"


async def test_the_slot_asked_for_is_filled(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    ids = await shop(catalog, analyzer)
    base = [ids["shirt"][0], ids["trousers"][1]]
    outfits = outfits_of(catalog)
    candidates = await outfits.complete(
        DEFAULT_PRINCIPAL, Slot.SHOES, SuggestOptions(base_item_ids=base, count=9)
    )
    assert {outfit.pieces[-1].piece.item_id for outfit in candidates} == set(ids["shoes"])
    assert [placed.slot for placed in candidates[0].pieces] == [Slot.TOP, Slot.BOTTOM, Slot.SHOES]
    values = [outfit.score.value for outfit in candidates]
    assert values == sorted(values, reverse=True)
    with pytest.raises(InvalidInput, match="slot: must have room beside the base"):
        await outfits.complete(DEFAULT_PRINCIPAL, Slot.TOP, SuggestOptions(base_item_ids=base))
    with pytest.raises(FailedPrecondition, match="no outfit without hosiery") as error:
        await outfits.complete(DEFAULT_PRINCIPAL, Slot.HOSIERY, SuggestOptions(base_item_ids=base))
    assert error.value.metadata == {"missing": "hosiery"}


async def test_items_are_scored_and_what_they_lack_is_said(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    ids = await shop(catalog, analyzer)
    outfits = outfits_of(catalog)
    whole = await outfits.score(DEFAULT_PRINCIPAL, [ids[kind][0] for kind in ("shirt", "trousers", "shoes")])
    assert whole.problems == []
    assert whole.outfit.score.value == pytest.approx(sum(term.points for term in whole.outfit.score.terms))
    part = await outfits.score(DEFAULT_PRINCIPAL, [ids["shirt"][0], ids["dress"][0]])
    assert part.problems == ["the one-piece fills the slot top, too", "no piece fills the slot shoes"]


async def test_what_people_say_is_worn(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    ids = await shop(catalog, analyzer)
    said = {"color": Answer(values=("burgundy",))}
    await catalog.corrections.correct(DEFAULT_PRINCIPAL, ids["bag"][0], attributes=said)
    await rename(catalog, ids["bag"][0], "Leather belt")
    await rename(catalog, ids["trousers"][0], "Slim jeans with belt")
    await rename(catalog, ids["hat"][0], "Silk tie")
    await catalog.corrections.correct(DEFAULT_PRINCIPAL, ids["hat"][0], label="hat")
    pieces = [await worn(catalog, ids[kind][0]) for kind in ("bag", "trousers", "hat")]
    assert (pieces[0].piece.name, pieces[0].slot) == ("burgundy belt", Slot.ACCESSORIES)
    assert [placed.piece.type.name for placed in pieces] == ["belt", "jeans", "hat"]
    assert [placed.piece.category for placed in pieces] == ["", "trousers", "hat"]


async def test_a_draw_heeds_what_has_changed_since_the_last(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    ids = await shop(catalog, analyzer, ("shirt", "trousers", "shoes"), rounds=1)

    async def suggested() -> dict[Slot, str]:
        (outfit,) = await outfits_of(catalog).suggest(DEFAULT_PRINCIPAL, SuggestOptions())
        return {placed.slot: placed.piece.name for placed in outfit.pieces}

    before = await suggested()
    assert (await suggested()) == before
    await rename(catalog, ids["trousers"][0], "Jeans")
    said = {"color": Answer(values=("burgundy",))}
    await catalog.corrections.correct(DEFAULT_PRINCIPAL, ids["shoes"][0], attributes=said)
    after = await suggested()
    assert not before[Slot.BOTTOM].endswith("jeans")
    assert after[Slot.BOTTOM].endswith("jeans")
    assert after[Slot.SHOES] == "burgundy shoes" != before[Slot.SHOES]
    await catalog.corrections.reject(DEFAULT_PRINCIPAL, ids["shirt"][0], RejectReason.DUPLICATE)
    with pytest.raises(FailedPrecondition, match="no outfit without a top"):
        await suggested()


async def rename(catalog: Catalog, item_id: str, name: str) -> None:
    item = await catalog.items.get(DEFAULT_PRINCIPAL, item_id)
    key = ProductKey(item.product_id)
    await catalog.products.update(DEFAULT_PRINCIPAL, key, ProductDraft(name), ["display_name"], "")


async def worn(catalog: Catalog, item_id: str) -> PlacedPiece:
    (placed,) = (await outfits_of(catalog).score(DEFAULT_PRINCIPAL, [item_id])).outfit.pieces
    return placed


async def test_what_is_not_there_is_refused(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    ids = await shop(catalog, analyzer, ("shirt", "shoes"), rounds=2)
    outfits = outfits_of(catalog)
    with pytest.raises(FailedPrecondition, match="no outfit without a bottom"):
        await outfits.suggest(DEFAULT_PRINCIPAL, SuggestOptions())
    await catalog.corrections.reject(DEFAULT_PRINCIPAL, ids["shirt"][0], RejectReason.DUPLICATE)
    with pytest.raises(NotFound):
        await outfits.score(DEFAULT_PRINCIPAL, [ids["shirt"][0]])
    with pytest.raises(NotFound):
        await outfits.score(OTHER, [ids["shoes"][0]])
    with pytest.raises(InvalidInput, match=r"item_ids\[1\]: must not be there a second time"):
        await outfits.score(DEFAULT_PRINCIPAL, [ids["shoes"][0]] * 2)
    with pytest.raises(InvalidInput, match="slots"):
        await outfits.suggest(DEFAULT_PRINCIPAL, SuggestOptions(slots=(Slot.TOP,)))
    for options in (
        SuggestOptions(count=51),
        SuggestOptions(diversity=float("nan")),
        SuggestOptions(base_item_ids=["x"]),
        SuggestOptions(filter=Filter((Condition("colour", OneOf(("red",))),))),
    ):
        with pytest.raises(InvalidInput):
            await outfits.suggest(DEFAULT_PRINCIPAL, options)


class LikesOne:
    """A model that likes what has the embedding of one item, and nothing else."""

    def __init__(self, embedder: str, liked: FloatArray) -> None:
        self.embedder, self._liked = embedder, liked

    async def embeddings(self, tenant_id: str, pieces: Sequence[Piece]) -> Embeddings:
        return {piece.item_id: piece.embedding for piece in pieces if piece.embedding is not None}

    async def probabilities(self, sets: Sequence[Sequence[EmbeddedPiece]]) -> FloatArray:
        likes = [any(np.allclose(vector, self._liked) for vector, _ in each) for each in sets]
        return np.array(likes, np.float32)


async def test_what_a_model_says_counts_beside_the_rules(catalog: Catalog, analyzer: FakeAnalyzer) -> None:
    ids = await shop(catalog, analyzer)
    plain = outfits_of(catalog)
    liked = (await worn(catalog, ids["shoes"][2])).piece.embedding
    assert liked is not None
    version = await plain.version()
    learned = LearnedScores(LikesOne(version.model_version, liked), 0.5)
    outfits = Outfits(catalog.item_samples, RULES, learned=learned)
    base = SuggestOptions(base_item_ids=[ids["shirt"][0], ids["trousers"][1]], count=9)
    first = (await outfits.complete(DEFAULT_PRINCIPAL, Slot.SHOES, base))[0]
    assert first.pieces[-1].piece.item_id == ids["shoes"][2]
    assert [term.name for term in first.score.terms][-1] == LEARNED
    look = [ids[kind][0] for kind in ("shirt", "trousers")] + [ids["shoes"][2]]
    scored = (await outfits.score(DEFAULT_PRINCIPAL, look)).outfit.score
    ruled = (await plain.score(DEFAULT_PRINCIPAL, look)).outfit.score
    assert scored.value == pytest.approx(0.5 * ruled.value + 0.5)
    found = await outfits.suggest(DEFAULT_PRINCIPAL, SuggestOptions(count=6, seed=3, diversity=0))
    likes = [ids["shoes"][2] in outfit.item_ids for outfit in found]
    assert any(likes)
    assert likes == sorted(likes, reverse=True)
    other = Outfits(catalog.item_samples, RULES, learned=LearnedScores(LikesOne("another", liked), 0.5))
    assert (await other.score(DEFAULT_PRINCIPAL, look)).outfit.score == ruled
    own = {0.25: replace(RULES.weights, learned=1 / 3), 0.0: replace(RULES.weights, learned=0.0)}
    for share, weights in own.items():
        of_tenant = Outfits(catalog.item_samples, RULES, lambda _tenant, given=weights: given, learned)
        blended = (await of_tenant.score(DEFAULT_PRINCIPAL, look)).outfit.score
        assert blended.value == pytest.approx((1 - share) * ruled.value + share)
        assert (blended.terms[-1].name == LEARNED) == bool(share)


async def test_a_siamese_network_sees_the_crops(
    catalog: Catalog, analyzer: FakeAnalyzer, tmp_path: Path
) -> None:
    ids = await shop(catalog, analyzer)
    options = OutfitScorerOptions(write_siamese(tmp_path / "pairs"), 0.5)
    scorer = await load_scorer(options, catalog.item_samples.read_crop)
    outfits = Outfits(catalog.item_samples, RULES, learned=LearnedScores(scorer, 0.5))
    look = [ids[kind][0] for kind in ("shirt", "trousers", "shoes")]
    for seed, item_id in enumerate(look):
        await catalog._blobs.put(crop_key(DEFAULT_PRINCIPAL.tenant_id, item_id), photo(seed))
    scored = (await outfits.score(DEFAULT_PRINCIPAL, look)).outfit.score
    crops = [await catalog.item_samples.read_crop(DEFAULT_PRINCIPAL.tenant_id, id) for id in look]
    assert None not in crops
    encoder = SiameseEncoder.load(Artifact.load(options.folder), OnnxSession)
    points = [encoder.embed(decode(crop, DecodeLimits())) for crop in crops if crop is not None]
    term = scored.terms[-1]
    assert (term.name, term.share) == (LEARNED, 0.5)
    assert term.value == pytest.approx(closeness(points), abs=1e-5)
    assert await outfits.suggest(DEFAULT_PRINCIPAL, SuggestOptions(count=3, seed=1))
    await scorer.close()
