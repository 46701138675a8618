"""End users: wardrobes, feedback and preferences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from armoire.v1 import wardrobe_pb2
from domain.errors import InvalidInput
from domain.preference_rules import FeedbackKind, PreferenceRules
from domain.preferences import Preferences
from services.catalog.records.feedback import Feedback
from services.catalog.records.wardrobe import WardrobeDraft, WardrobeEntry, WardrobeFilter, WardrobeState
from services.catalog.resources.tastes import EndUserData
from services.edge.conversion.products import money_from_proto, money_to_proto
from services.edge.conversion.types import time_to_proto
from services.outfits.personal_outfits import PoolKind

_STATES: dict[WardrobeState, wardrobe_pb2.WardrobeState] = {
    WardrobeState.OWNED: wardrobe_pb2.WARDROBE_STATE_OWNED,
    WardrobeState.WISHED: wardrobe_pb2.WARDROBE_STATE_WISHED,
    WardrobeState.BOUGHT: wardrobe_pb2.WARDROBE_STATE_BOUGHT,
}
_KINDS: dict[FeedbackKind, wardrobe_pb2.FeedbackKind] = {
    FeedbackKind.LIKE: wardrobe_pb2.FEEDBACK_KIND_LIKE,
    FeedbackKind.DISLIKE: wardrobe_pb2.FEEDBACK_KIND_DISLIKE,
    FeedbackKind.WEAR: wardrobe_pb2.FEEDBACK_KIND_WEAR,
    FeedbackKind.SKIP: wardrobe_pb2.FEEDBACK_KIND_SKIP,
}
_POOLS: dict[int, PoolKind] = {
    wardrobe_pb2.OUTFIT_POOL_UNSPECIFIED: PoolKind.CATALOG,
    wardrobe_pb2.OUTFIT_POOL_CATALOG: PoolKind.CATALOG,
    wardrobe_pb2.OUTFIT_POOL_WARDROBE: PoolKind.WARDROBE,
    wardrobe_pb2.OUTFIT_POOL_BOTH: PoolKind.BOTH,
}
_STATES_BACK: dict[int, WardrobeState] = {number: state for state, number in _STATES.items()}
_KINDS_BACK: dict[int, FeedbackKind] = {number: kind for kind, number in _KINDS.items()}


def drafts_from_proto(drafts: Iterable[wardrobe_pb2.WardrobeItemDraft]) -> list[WardrobeDraft]:
    """Raises InvalidInput for a state or a day that is none."""
    return [_draft_from_proto(f"items[{index}]", draft) for index, draft in enumerate(drafts)]


def wardrobe_filter_from_proto(request: wardrobe_pb2.ListWardrobeItemsRequest) -> WardrobeFilter:
    """Raises InvalidInput for a state that is none."""
    states = {_state_from_proto(f"states[{index}]", state) for index, state in enumerate(request.states)}
    return WardrobeFilter(tuple(sorted(states)), request.never_worn)


def kind_from_proto(kind: int) -> FeedbackKind:
    """Raises InvalidInput where it is none."""
    if kind not in _KINDS_BACK:
        raise InvalidInput("kind", f"must be one of {', '.join(f'FEEDBACK_KIND_{k.name}' for k in _KINDS)}")
    return _KINDS_BACK[kind]


def pool_from_proto(pool: int) -> PoolKind:
    """Raises InvalidInput where it is none."""
    if pool not in _POOLS:
        raise InvalidInput("pool", "must be OUTFIT_POOL_CATALOG, OUTFIT_POOL_WARDROBE or OUTFIT_POOL_BOTH")
    return _POOLS[pool]


def entry_to_proto(entry: WardrobeEntry) -> wardrobe_pb2.WardrobeItem:
    draft, cost = entry.draft, entry.cost_per_wear
    return wardrobe_pb2.WardrobeItem(
        item_id=draft.item_id,
        state=_STATES[draft.state],
        price=None if draft.price is None else money_to_proto(draft.price),
        acquire_date="" if draft.acquired is None else draft.acquired.isoformat(),
        note=draft.note,
        wear_count=entry.wear_count,
        last_wear_time=None if entry.last_worn is None else time_to_proto(entry.last_worn),
        cost_per_wear=None if cost is None else money_to_proto(cost),
        create_time=time_to_proto(entry.create_time),
    )


def preferences_to_proto(preferences: Preferences, rules: PreferenceRules) -> wardrobe_pb2.Preferences:
    """The values of which there is most feedback first."""
    values = [
        wardrobe_pb2.Preference(
            facet=facet.value, value=value, score=tally.mean(rules.prior), weight=tally.weight
        )
        for facet, tallies in preferences.tallies.items()
        for value, tally in tallies.items()
    ]
    values.sort(key=lambda each: (-each.weight, each.facet, each.value))
    direction = preferences.direction
    return wardrobe_pb2.Preferences(
        signals=preferences.signals,
        values=values,
        liked_weight=0.0 if direction is None else direction.liked_weight,
        disliked_weight=0.0 if direction is None else direction.disliked_weight,
    )


def end_user_data_to_proto(
    end_user: str, data: EndUserData, rules: PreferenceRules
) -> wardrobe_pb2.ExportEndUserDataResponse:
    return wardrobe_pb2.ExportEndUserDataResponse(
        end_user=end_user,
        wardrobe=map(entry_to_proto, data.wardrobe),
        feedback=map(_feedback_to_proto, data.feedback),
        preferences=preferences_to_proto(data.preferences, rules),
        shown_outfits=data.suggested,
    )


def _draft_from_proto(field: str, draft: wardrobe_pb2.WardrobeItemDraft) -> WardrobeDraft:
    state = WardrobeState.OWNED
    if draft.state:
        state = _state_from_proto(f"{field}.state", draft.state)
    price = money_from_proto(draft.price) if draft.HasField("price") else None
    acquired = _day(f"{field}.acquire_date", draft.acquire_date) if draft.acquire_date else None
    return WardrobeDraft(draft.item_id, state, price, acquired, draft.note)


def _state_from_proto(field: str, state: int) -> WardrobeState:
    if state not in _STATES_BACK:
        names = ", ".join(f"WARDROBE_STATE_{each.name}" for each in WardrobeState)
        raise InvalidInput(field, f"must be one of {names}")
    return _STATES_BACK[state]


def _day(field: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(field, "must be a day such as 2026-11-30") from None
    if day.isoformat() != text:
        raise InvalidInput(field, "must be a day such as 2026-11-30")
    return day


def _feedback_to_proto(feedback: Feedback) -> wardrobe_pb2.Feedback:
    return wardrobe_pb2.Feedback(
        id=feedback.id,
        kind=_KINDS[feedback.kind],
        item_ids=feedback.item_ids,
        create_time=time_to_proto(feedback.create_time),
    )
