"""The calls on outfits of the catalogue's items."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from domain.errors import InvalidInput
from domain.garment_types import Slot
from domain.outfit_rules import OutfitRules, OutfitWeightsOf, no_outfit_weights
from domain.taxonomy import Taxonomy
from domain.types import ModelVersion, Principal
from services.catalog.resources.item_samples import ItemSamples
from services.catalog.search.filter import MATCH_ALL, Filter
from services.outfits.catalog_pieces import piece_of, pieces_of
from services.outfits.doubts import without_doubtful
from services.outfits.grammar import place, problems
from services.outfits.learned_scores import LearnedScores
from services.outfits.outfit import Outfit
from services.outfits.piece import Piece
from services.outfits.rule_scorer import RuleScorer
from services.outfits.scorer import AdjustedScorer, AdjustmentOf, Occasion, Scorer
from services.outfits.slot_plans import weather_slots
from services.outfits.suggester import DEFAULT_DIVERSITY, OutfitRequest, Suggester

MAX_OUTFITS, DEFAULT_OUTFITS = 50, 5
MAX_BASE = 8
MAX_SCORED = 12


@dataclass(frozen=True, slots=True)
class SuggestOptions:
    """What is asked for.

    Attributes:
        count: 1 to `MAX_OUTFITS`; 0 for `DEFAULT_OUTFITS`.
        seed: the same seed gives the same answer of the same catalogue.
        base_item_ids: items that each outfit has, at most `MAX_BASE`.
        filter: which items the others are chosen from.
        slots: to fill beside those of the base, and no others; empty where that is open.
        diversity: how much outfits that differ count beside good ones, 0 to 1.
        item_ids: the items that the others are chosen from; None for the catalogue, without what is end
            users' own.
        catalog_too: whether they are chosen from both.
        adjustment_of: makes one more term of each score; None for none.
    """

    count: int = 0
    seed: int = 0
    base_item_ids: Sequence[str] = ()
    filter: Filter = MATCH_ALL
    occasion: Occasion = Occasion()
    slots: tuple[Slot, ...] = ()
    diversity: float = DEFAULT_DIVERSITY
    item_ids: Sequence[str] | None = None
    catalog_too: bool = False
    adjustment_of: AdjustmentOf | None = None

    def check(self) -> None:
        """Raises InvalidInput for a number out of range."""
        if not 0 <= self.count <= MAX_OUTFITS:
            text = f"must be 1 to {MAX_OUTFITS}, or 0 for {DEFAULT_OUTFITS}, got {self.count}"
            raise InvalidInput("count", text)
        if not 0.0 <= self.diversity <= 1.0:
            raise InvalidInput("diversity", f"must be from 0 to 1, got {self.diversity:g}")
        if len(self.base_item_ids) > MAX_BASE:
            text = f"must hold at most {MAX_BASE} ids, got {len(self.base_item_ids)}"
            raise InvalidInput("base_item_ids", text)
        self.occasion.check()


@dataclass(frozen=True, slots=True, eq=False)
class JudgedOutfit:
    """Pieces with their score, and why they are no outfit, as sentences without a stop."""

    outfit: Outfit
    problems: Sequence[str]


class Outfits:
    """Puts the items of the caller's tenant together."""

    def __init__(
        self,
        samples: ItemSamples,
        rules: OutfitRules,
        weights_of: OutfitWeightsOf = no_outfit_weights,
        learned: LearnedScores | None = None,
    ) -> None:
        """`learned` adds what a model says to the scores of what the rules have found."""
        self._samples = samples
        self._rules = rules
        self._weights_of = weights_of
        self._learned = learned

    async def suggest(self, principal: Principal, options: SuggestOptions) -> list[Outfit]:
        """Outfits, best first.

        Raises:
            InvalidInput: a field of the request is wrong.
            NotFound: an item of the base is not there.
            FailedPrecondition: the items lack pieces that every outfit needs.
        """
        options.check()
        suggester, pool, request = await self._asked(principal, options)
        if self._learned is None:
            return await asyncio.to_thread(suggester.suggest, pool, request)
        found = await self._rescored(principal, await asyncio.to_thread(suggester.find, pool, request))
        return await asyncio.to_thread(suggester.choose, found, request)

    async def complete(self, principal: Principal, slot: Slot, options: SuggestOptions) -> list[Outfit]:
        """The base with one more piece, the last, that fills the slot; best first. Raises as `suggest`."""
        options.check()
        if not options.base_item_ids:
            raise InvalidInput("base_item_ids", f"must hold 1 to {MAX_BASE} ids")
        suggester, pool, request = await self._asked(principal, replace(options, slots=(slot,)))
        if self._learned is None:
            return await asyncio.to_thread(suggester.complete, pool, request)
        found = await self._rescored(
            principal, await asyncio.to_thread(suggester.find_completions, pool, request)
        )
        return await asyncio.to_thread(suggester.choose_completions, found, request)

    async def score(
        self,
        principal: Principal,
        item_ids: Sequence[str],
        occasion: Occasion = Occasion(),
        adjustment_of: AdjustmentOf | None = None,
    ) -> JudgedOutfit:
        """How well these items go together.

        Raises:
            InvalidInput: there are none or too many, or nothing tells the garment type of one.
            NotFound: an item is not there.
        """
        if not 1 <= len(item_ids) <= MAX_SCORED:
            raise InvalidInput("item_ids", f"must hold 1 to {MAX_SCORED} ids, got {len(item_ids)}")
        occasion.check()
        pieces = await self.described(principal, "item_ids", item_ids)
        placed = tuple(place(pieces))
        score = self._scorer(principal, pieces, adjustment_of).score(pieces, occasion)
        (outfit,) = await self._rescored(principal, [Outfit(placed, score)])
        return JudgedOutfit(outfit, problems(placed))

    async def _asked(
        self, principal: Principal, options: SuggestOptions
    ) -> tuple[Suggester, list[Piece], OutfitRequest]:
        """What suggests, the pieces to choose from, and what to make of them."""
        base = await self.described(principal, "base_item_ids", options.base_item_ids)
        pool = await self._pool(principal, options)
        count = options.count or DEFAULT_OUTFITS
        request = OutfitRequest(
            count, options.seed, tuple(base), options.slots, options.occasion, options.diversity
        )
        scorer = self._scorer(principal, (*base, *pool), options.adjustment_of)
        return Suggester(scorer), pool, request

    async def _pool(self, principal: Principal, options: SuggestOptions) -> list[Piece]:
        """The pieces that the filter lets through, each once."""
        taxonomy, found = self.taxonomy(principal), dict[str, Piece]()
        if options.item_ids is None or options.catalog_too:
            drawn = await self._samples.draw(principal, options.seed, options.filter)
            needed = (*options.slots, *weather_slots(options.occasion))
            pieces = without_doubtful(pieces_of(drawn, taxonomy), needed)
            found = {piece.item_id: piece for piece in pieces}
        if options.item_ids:
            named = await self._samples.passing(principal, options.item_ids, options.filter)
            found |= {piece.item_id: piece for piece in pieces_of(named, taxonomy)}
        return list(found.values())

    async def described(self, principal: Principal, field: str, item_ids: Sequence[str]) -> list[Piece]:
        """The pieces of these items, in their order.

        Raises:
            InvalidInput: an id is none or there twice, or nothing tells the garment type of an item.
            NotFound: an item is not there.
        """
        if not item_ids:
            return []
        taxonomy, pieces = self.taxonomy(principal), list[Piece]()
        for index, sampled in enumerate(await self._samples.named(principal, field, item_ids)):
            piece = piece_of(sampled, taxonomy)
            if piece is None:
                raise InvalidInput(f"{field}[{index}]", "has no garment type: correct its label or category")
            pieces.append(piece)
        return pieces

    def taxonomy(self, principal: Principal) -> Taxonomy:
        """The words that the caller's garments are described with."""
        return self._samples.taxonomy(principal)

    async def version(self) -> ModelVersion:
        """Of the model whose embeddings pieces have. Raises Unavailable."""
        return await self._samples.version()

    async def _rescored(self, principal: Principal, outfits: list[Outfit]) -> list[Outfit]:
        """The outfits, whose scores have what the model says, if there is one. Raises as `SetScorer`."""
        if self._learned is None:
            return outfits
        weights = self._weights_of(principal.tenant_id) or self._rules.weights
        share = weights.learned_share(self._learned.share)
        return await self._learned.rescored(principal.tenant_id, outfits, await self.version(), share)

    def _scorer(
        self, principal: Principal, pieces: Sequence[Piece], adjustment_of: AdjustmentOf | None
    ) -> Scorer:
        """What scores outfits made of these pieces."""
        weights = self._weights_of(principal.tenant_id)
        scorer = RuleScorer(self._rules, self.taxonomy(principal), weights)
        return scorer if adjustment_of is None else AdjustedScorer(scorer, adjustment_of(pieces))
