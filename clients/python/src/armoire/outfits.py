# Generated from async_outfits.py by "make client". Change that file.
"""The calls on outfits, which a client has as `outfits`."""

from __future__ import annotations

from collections.abc import Sequence

from armoire.caller import Caller
from armoire.calls.outfits import OutfitOptions, complete_outfit, score_outfit, suggest_outfits
from armoire.calls.search import Where
from armoire.values.outfits import Occasion, Outfit, OutfitCandidate, OutfitSlot, ScoredOutfit
from armoire.values.wardrobes import OutfitPool


class Outfits:
    """Puts the items of the catalogue together, and says how well they go together."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def suggest(
        self,
        count: int = 0,
        *,
        seed: int = 0,
        base: Sequence[str] = (),
        where: Where = (),
        occasion: Occasion = Occasion(),
        slots: Sequence[OutfitSlot | str] = (),
        diversity: float | None = None,
        include_crop_urls: bool = False,
        end_user: str = "",
        pool: OutfitPool | str | None = None,
        repeat_days: int | None = None,
        timeout_s: float | None = None,
    ) -> tuple[Outfit, ...]:
        """Outfits, best first: at most `count`, or 5.

        Args:
            seed: the same one has the same answer of the same catalogue, another one other outfits.
            base: the ids of items that each outfit has.
            where: which items the others are chosen from, as for `search`.
            slots: to fill beside those of the base, and no others; together they must make an outfit.
            diversity: how much outfits that differ count beside good ones, 0 to 1.
            end_user: for whom: their taste counts, as far as feedback tells it, if it is not empty.
            pool: what outfits are made of: the catalogue unless given, the end user's wardrobe, or both.
            repeat_days: what the end user was suggested in the last so many days is left out; 7 unless given.

        Raises:
            FailedPrecondition: OUTFIT_IMPOSSIBLE, where the items lack a part that every outfit needs.
        """
        shown = include_crop_urls, end_user, pool, repeat_days
        options = OutfitOptions(count, seed, base, where, occasion, diversity, *shown)
        return self._caller.run(suggest_outfits(options, slots), timeout_s)

    def complete(
        self,
        base: Sequence[str],
        slot: OutfitSlot | str,
        count: int = 0,
        *,
        seed: int = 0,
        where: Where = (),
        occasion: Occasion = Occasion(),
        diversity: float | None = None,
        include_crop_urls: bool = False,
        end_user: str = "",
        pool: OutfitPool | str | None = None,
        timeout_s: float | None = None,
    ) -> tuple[OutfitCandidate, ...]:
        """Items for one slot beside those of the base, best first; the arguments are those of `suggest`."""
        shown = include_crop_urls, end_user, pool
        options = OutfitOptions(count, seed, base, where, occasion, diversity, *shown)
        return self._caller.run(complete_outfit(options, slot), timeout_s)

    def score(
        self,
        item_ids: Sequence[str],
        *,
        occasion: Occasion = Occasion(),
        include_crop_urls: bool = False,
        end_user: str = "",
        timeout_s: float | None = None,
    ) -> ScoredOutfit:
        """How well these items go together, for an end user where named, and whether they are an outfit."""
        call = score_outfit(item_ids, occasion, end_user, include_crop_urls)
        return self._caller.run(call, timeout_s)
