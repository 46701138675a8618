"""Outfits for an end user: out of their wardrobe or the catalogue, by their taste, and new to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from domain.clock import now_us
from domain.end_users import check_end_user
from domain.errors import InvalidInput
from domain.garment_types import Slot
from domain.outfit_rules import OutfitRules, OutfitWeightsOf, no_outfit_weights
from domain.preference_rules import FeedbackKind, PreferenceRules
from domain.preferences import Preferences
from domain.types import Principal
from services.catalog.catalog import Catalog
from services.catalog.records.suggested_outfits import outfit_digest
from services.catalog.resources.tastes import EndUserData, NewOpinion, Tastes
from services.catalog.resources.wardrobes import Wardrobes, check_item_ids
from services.outfits.learned_scores import LearnedScores
from services.outfits.outfit import Outfit
from services.outfits.outfits import (
    DEFAULT_OUTFITS,
    MAX_SCORED,
    JudgedOutfit,
    Outfits,
    SuggestOptions,
)
from services.outfits.piece import Piece
from services.outfits.preference_term import PreferenceTerm
from services.outfits.scorer import Adjust, AdjustmentOf, Occasion
from services.outfits.taste import Taste
from services.outfits.traits import appearance_of

DEFAULT_REPEAT_DAYS = 7
MAX_REPEAT_DAYS = 90
_DAY_US = 86_400_000_000
_SEEDS = 4
"""How many seeds are tried for outfits that an end user was not shown lately."""


class PoolKind(StrEnum):
    """Which items outfits are made of."""

    CATALOG = "catalog"
    WARDROBE = "wardrobe"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class ForEndUser:
    """For whom outfits are made, and of what.

    Attributes:
        end_user: an id; "" for nobody.
        pool: of nobody, the catalogue.
        repeat_days: for how long an outfit is not suggested again; 0 for no time.
    """

    end_user: str = ""
    pool: PoolKind = PoolKind.CATALOG
    repeat_days: int = DEFAULT_REPEAT_DAYS

    def check(self) -> None:
        """Raises InvalidInput for an id that is none, a wardrobe of nobody, or a number out of range."""
        if self.end_user:
            check_end_user("end_user", self.end_user)
        elif self.pool is not PoolKind.CATALOG:
            raise InvalidInput("end_user", "must be set where the pool has a wardrobe")
        if not 0 <= self.repeat_days <= MAX_REPEAT_DAYS:
            raise InvalidInput("repeat_days", f"must be 0 to {MAX_REPEAT_DAYS}, got {self.repeat_days}")


class PersonalOutfits:
    """The calls of `Outfits` for end users of the caller's tenant, and those on what end users think.

    Preferences decay at the begin of a day (UTC), so that a request has the same answer all day.
    """

    def __init__(
        self,
        outfits: Outfits,
        wardrobes: Wardrobes,
        tastes: Tastes,
        rules: PreferenceRules,
        clock: Callable[[], int] = now_us,
    ) -> None:
        self.rules = rules
        self._clock = clock
        self._outfits = outfits
        self._wardrobes = wardrobes
        self._tastes = tastes

    @classmethod
    def of(
        cls,
        catalog: Catalog,
        rules: OutfitRules,
        preference_rules: PreferenceRules,
        clock: Callable[[], int] = now_us,
        weights_of: OutfitWeightsOf = no_outfit_weights,
        learned: LearnedScores | None = None,
    ) -> PersonalOutfits:
        """Of the items and end users of a catalogue."""
        outfits = Outfits(catalog.item_samples, rules, weights_of, learned)
        return cls(outfits, catalog.wardrobes, catalog.tastes, preference_rules, clock)

    async def suggest(self, principal: Principal, whom: ForEndUser, options: SuggestOptions) -> list[Outfit]:
        """As `Outfits.suggest`; an end user gets outfits that they were not shown lately, and is shown them.

        There may be fewer than for nobody: further seeds are tried, and no more.
        """
        asked = await self._asked(principal, whom, options)
        if not (whom.end_user and whom.repeat_days):
            return await self._outfits.suggest(principal, asked)
        shown = await self._tastes.shown_lately(principal, whom.end_user, whom.repeat_days)
        fresh = await self._fresh(principal, asked, shown)
        await self._tastes.remember_shown(principal, whom.end_user, [each.item_ids for each in fresh])
        return fresh

    async def complete(
        self, principal: Principal, whom: ForEndUser, slot: Slot, options: SuggestOptions
    ) -> list[Outfit]:
        """As `Outfits.complete`."""
        return await self._outfits.complete(principal, slot, await self._asked(principal, whom, options))

    async def score(
        self, principal: Principal, whom: ForEndUser, item_ids: Sequence[str], occasion: Occasion
    ) -> JudgedOutfit:
        """As `Outfits.score`."""
        whom.check()
        adjustment_of = await self._adjustment_of(principal, whom.end_user)
        return await self._outfits.score(principal, item_ids, occasion, adjustment_of)

    # What end users think

    async def record(
        self,
        principal: Principal,
        end_user: str,
        kind: FeedbackKind,
        item_ids: Sequence[str],
        idempotency_key: str = "",
    ) -> str:
        """Feedback on an item, or on those of an outfit; returns its id.

        Raises:
            InvalidInput, NotFound, AlreadyExists: as `Tastes.record`.
        """
        check_end_user("end_user", end_user)
        ids = check_item_ids("item_ids", item_ids, MAX_SCORED)
        version, taxonomy = await self._outfits.version(), self._outfits.taxonomy(principal)
        pieces = await self._outfits.described(principal, "item_ids", ids)
        seen = {piece.item_id: appearance_of(piece, taxonomy) for piece in pieces}
        opinion = NewOpinion(kind, self.rules.weights[kind], seen, version, self.rules.half_life_us)
        return await self._tastes.record(principal, end_user, opinion, idempotency_key)

    async def preferences(self, principal: Principal, end_user: str) -> Preferences:
        """What the feedback has come to, as of today. Raises InvalidInput."""
        return self._today(await self._tastes.get(principal, end_user))

    async def export(self, principal: Principal, end_user: str) -> EndUserData:
        """All that is kept of an end user, as of today. Raises InvalidInput."""
        data = await self._tastes.export(principal, end_user)
        return replace(data, preferences=self._today(data.preferences))

    def _today(self, preferences: Preferences) -> Preferences:
        return preferences.at(self._clock() // _DAY_US * _DAY_US, self.rules.half_life_us)

    async def _asked(self, principal: Principal, whom: ForEndUser, options: SuggestOptions) -> SuggestOptions:
        """The options with the end user's pool and taste."""
        whom.check()
        if not whom.end_user:
            return options
        own: Sequence[str] | None = None
        if whom.pool is not PoolKind.CATALOG:
            own = await self._wardrobes.item_ids(principal, whom.end_user)
        return replace(
            options,
            item_ids=own,
            catalog_too=whom.pool is PoolKind.BOTH,
            adjustment_of=await self._adjustment_of(principal, whom.end_user, options.base_item_ids),
        )

    async def _adjustment_of(
        self, principal: Principal, end_user: str, given: Sequence[str] = ()
    ) -> AdjustmentOf | None:
        """The end user's taste as a term of scores, in which the items that are given do not count; None
        where nothing is known of it.
        """
        if not end_user:
            return None
        known = await self.preferences(principal, end_user)
        if not known.signals:
            return None
        if known.direction is not None and known.direction.version != await self._outfits.version():
            known = replace(known, direction=None)
        taste, share, taxonomy = Taste(known, self.rules), self.rules.share, self._outfits.taxonomy(principal)

        def adjustment_of(pieces: Sequence[Piece]) -> Adjust:
            found = taste.affinities([appearance_of(piece, taxonomy) for piece in pieces])
            affinities = {piece.item_id: each for piece, each in zip(pieces, found, strict=True)}
            return PreferenceTerm(affinities, share, given)

        return adjustment_of

    async def _fresh(
        self, principal: Principal, options: SuggestOptions, shown: frozenset[str]
    ) -> list[Outfit]:
        """Outfits whose hashes are not among those that were shown, best first.

        The more was shown, the further is the first seed, since the former ones give what was shown.
        """
        count, fresh = options.count or DEFAULT_OUTFITS, dict[str, Outfit]()
        for step in range(_SEEDS):
            seed = options.seed + len(shown) + step
            found = await self._outfits.suggest(principal, replace(options, seed=seed))
            for outfit in found:
                digest = outfit_digest(outfit.item_ids)
                if digest not in shown and len(fresh) < count:
                    fresh.setdefault(digest, outfit)
            if len(fresh) == count or not shown:
                break
        return sorted(fresh.values(), key=lambda outfit: -outfit.score.value)
