"""Slot plans: which slots are filled beside those of a base."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from typing import TypeAlias

from domain.errors import FailedPrecondition, InvalidInput
from domain.garment_types import Season, Slot
from services.outfits.grammar import HALVES, crowding, lacking
from services.outfits.scorer import Occasion

SlotPlan: TypeAlias = tuple[Slot, ...]
"""Slots in the order in which they are filled."""

_CORES: tuple[SlotPlan, ...] = ((*HALVES, Slot.SHOES), (Slot.ONE_PIECE, Slot.SHOES))
PLANS = 8
"""Plans of a request, of which some may be the same; more where more outfits are asked for."""
_COLD_C, _MILD_C = 10.0, 18.0
_NAMES = {
    Slot.TOP: "a top",
    Slot.BOTTOM: "a bottom",
    Slot.ONE_PIECE: "a one-piece",
    Slot.LAYER: "a layer",
    Slot.OUTERWEAR: "outerwear",
}


def asked_plan(slots: Sequence[Slot], filled: Sequence[Slot], available: Collection[Slot]) -> SlotPlan:
    """The plan that fills the slots asked for beside those of the base.

    Raises:
        InvalidInput: together with the base they make no outfit.
        FailedPrecondition: no piece fills one of them.
    """
    together = [*filled, *slots]
    complaints = [*crowding(together), *(f"no piece fills the slot {slot}" for slot in lacking(together))]
    if complaints:
        raise InvalidInput("slots", f"must make an outfit with the base: {'; '.join(complaints)}")
    if missing := [slot for slot in dict.fromkeys(slots) if slot not in available]:
        raise impossible(missing)
    return tuple(slots)


def drawn_plans(
    filled: Sequence[Slot], available: Collection[Slot], occasion: Occasion, count: int, dice: random.Random
) -> list[SlotPlan]:
    """Plans that make an outfit of a base; `available` are slots that some piece fills.

    A plan may be there again: each time it is filled from other pieces of the shortlists.

    Raises:
        FailedPrecondition: no piece fills a slot that every outfit needs.
    """
    cores = [
        tuple(slot for slot in core if slot not in filled)
        for core in _CORES
        if not crowding([*filled, *(slot for slot in core if slot not in filled)])
    ]
    possible = [core for core in cores if set(core) <= set(available)]
    if not possible:
        raise impossible(min(([slot for slot in core if slot not in available] for core in cores), key=len))
    chances = _chances(occasion)
    optional = [slot for slot in chances if slot not in filled and slot in available]
    return [
        (*dice.choice(possible), *(slot for slot in optional if dice.random() < chances[slot]))
        for _ in range(max(PLANS, count))
    ]


def dispensable_slots(asked: Collection[Slot], occasion: Occasion) -> frozenset[Slot]:
    """Slots of drawn plans that may stay empty: what is worn in the cold may not, nor what is asked for."""
    return frozenset(
        slot for slot, chance in _chances(occasion).items() if chance < 1.0 and slot not in asked
    )


def weather_slots(occasion: Occasion) -> tuple[Slot, ...]:
    """What an outfit needs for the weather beside what every outfit needs."""
    return tuple(slot for slot, chance in _chances(occasion).items() if chance >= 1.0)


def impossible(missing: Sequence[Slot]) -> FailedPrecondition:
    """No piece fills these slots, which are needed."""
    words = " and ".join(_NAMES.get(slot, str(slot)) for slot in missing)
    slots = "that slot" if len(missing) == 1 else "those slots"
    return FailedPrecondition(
        f"there is no outfit without {words}: none of the items to choose from fills {slots}",
        reason="OUTFIT_IMPOSSIBLE",
        metadata={"missing": ",".join(missing)},
    )


def _chances(occasion: Occasion) -> dict[Slot, float]:
    """How often an optional slot is filled."""
    cold = occasion.season is Season.WINTER
    warm = occasion.season is Season.SUMMER
    if occasion.temperature_c is not None:
        cold, warm = occasion.temperature_c < _COLD_C, occasion.temperature_c > _MILD_C
    outer = 1.0 if cold else 0.0 if warm else 0.5
    return {
        Slot.LAYER: 0.1 if warm else 0.3,
        Slot.OUTERWEAR: outer,
        Slot.HOSIERY: 0.15,
        Slot.ACCESSORIES: 0.4,
    }
