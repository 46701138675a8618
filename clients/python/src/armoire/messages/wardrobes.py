"""Messages of end users."""

from __future__ import annotations

from datetime import date

from armoire.errors import FieldViolation, InvalidInput
from armoire.messages.enums import enum_reader
from armoire.messages.products import money_from_proto, money_to_proto
from armoire.messages.types import time_from_proto
from armoire.v1 import wardrobe_pb2
from armoire.values.wardrobes import (
    EndUserData,
    Feedback,
    FeedbackKind,
    NewWardrobeItem,
    OutfitPool,
    Preference,
    Preferences,
    WardrobeItem,
    WardrobeState,
)


def state_to_proto(state: WardrobeState | str, field: str = "state") -> str:
    """Raises InvalidInput where it is none."""
    known = WardrobeState(state)
    if known is WardrobeState.UNKNOWN:
        raise _invalid(field, f"must be owned, wished or bought, not {state!r}")
    return f"WARDROBE_STATE_{known.name}"


def kind_to_proto(kind: FeedbackKind | str) -> str:
    """Raises InvalidInput where it is none."""
    known = FeedbackKind(kind)
    if known is FeedbackKind.UNKNOWN:
        raise _invalid("kind", f"must be like, dislike, wear or skip, not {kind!r}")
    return f"FEEDBACK_KIND_{known.name}"


def pool_to_proto(pool: OutfitPool | str) -> str:
    """Raises InvalidInput where it is none."""
    known = OutfitPool(pool)
    if known is OutfitPool.UNKNOWN:
        raise _invalid("pool", f"must be catalog, wardrobe or both, not {pool!r}")
    return f"OUTFIT_POOL_{known.name}"


def draft_to_proto(new: NewWardrobeItem, field: str) -> wardrobe_pb2.WardrobeItemDraft:
    """Raises InvalidInput where the state is none."""
    return wardrobe_pb2.WardrobeItemDraft(
        item_id=new.item_id,
        state=state_to_proto(new.state, f"{field}.state"),
        price=money_to_proto(new.price) if new.price else None,
        acquire_date=new.acquired.isoformat() if new.acquired else "",
        note=new.note,
    )


def wardrobe_item_from_proto(item: wardrobe_pb2.WardrobeItem) -> WardrobeItem:
    return WardrobeItem(
        item_id=item.item_id,
        state=_state_from_proto(item.state),
        price=money_from_proto(item.price) if item.HasField("price") else None,
        acquired=date.fromisoformat(item.acquire_date) if item.acquire_date else None,
        note=item.note,
        wear_count=item.wear_count,
        last_wear_time=time_from_proto(item.last_wear_time),
        cost_per_wear=money_from_proto(item.cost_per_wear) if item.HasField("cost_per_wear") else None,
        create_time=time_from_proto(item.create_time),
    )


def preferences_from_proto(preferences: wardrobe_pb2.Preferences) -> Preferences:
    return Preferences(
        signals=preferences.signals,
        values=tuple(
            Preference(each.facet, each.value, each.score, each.weight) for each in preferences.values
        ),
        liked_weight=preferences.liked_weight,
        disliked_weight=preferences.disliked_weight,
    )


def end_user_data_from_proto(data: wardrobe_pb2.ExportEndUserDataResponse) -> EndUserData:
    return EndUserData(
        data.end_user,
        tuple(map(wardrobe_item_from_proto, data.wardrobe)),
        tuple(map(_feedback_from_proto, data.feedback)),
        preferences_from_proto(data.preferences),
        tuple(data.shown_outfits),
    )


def _feedback_from_proto(feedback: wardrobe_pb2.Feedback) -> Feedback:
    kind, created = _kind_from_proto(feedback.kind), time_from_proto(feedback.create_time)
    return Feedback(feedback.id, kind, tuple(feedback.item_ids), created)


_state_from_proto = enum_reader(WardrobeState, wardrobe_pb2.WardrobeState.items(), "WARDROBE_STATE_")
_kind_from_proto = enum_reader(FeedbackKind, wardrobe_pb2.FeedbackKind.items(), "FEEDBACK_KIND_")


def _invalid(field: str, description: str) -> InvalidInput:
    violations = (FieldViolation(field, description),)
    return InvalidInput(f"{field}: {description}", code="INVALID_ARGUMENT", violations=violations)
