"""Calls on end users."""

from __future__ import annotations

from collections.abc import Sequence

from armoire.call import Call, call_of
from armoire.calls.keys import key_or_fresh
from armoire.messages.wardrobes import (
    draft_to_proto,
    end_user_data_from_proto,
    kind_to_proto,
    preferences_from_proto,
    state_to_proto,
    wardrobe_item_from_proto,
)
from armoire.v1 import wardrobe_pb2
from armoire.values.types import Page
from armoire.values.wardrobes import (
    EndUserData,
    FeedbackKind,
    NewWardrobeItem,
    Preferences,
    WardrobeItem,
    WardrobeState,
)


def add_wardrobe_items(end_user: str, items: Sequence[NewWardrobeItem]) -> Call[tuple[WardrobeItem, ...]]:
    """Raises InvalidInput where a state is none."""
    drafts = [draft_to_proto(item, f"items[{index}]") for index, item in enumerate(items)]
    return call_of(
        "armoire.v1.OutfitService/AddWardrobeItems",
        wardrobe_pb2.AddWardrobeItemsRequest(end_user=end_user, items=drafts),
        wardrobe_pb2.AddWardrobeItemsResponse,
        lambda reply: tuple(map(wardrobe_item_from_proto, reply.items)),
    )


def list_wardrobe_items(
    end_user: str,
    states: Sequence[WardrobeState | str],
    never_worn: bool,
    page_size: int,
    page_token: str,
) -> Call[Page[WardrobeItem]]:
    """Raises InvalidInput where a state is none."""
    return call_of(
        "armoire.v1.OutfitService/ListWardrobeItems",
        wardrobe_pb2.ListWardrobeItemsRequest(
            end_user=end_user,
            states=[state_to_proto(state, f"states[{index}]") for index, state in enumerate(states)],
            never_worn=never_worn,
            page_size=page_size,
            page_token=page_token,
        ),
        wardrobe_pb2.ListWardrobeItemsResponse,
        lambda reply: Page(tuple(map(wardrobe_item_from_proto, reply.items)), reply.next_page_token),
    )


def remove_wardrobe_items(end_user: str, item_ids: Sequence[str]) -> Call[int]:
    return call_of(
        "armoire.v1.OutfitService/RemoveWardrobeItems",
        wardrobe_pb2.RemoveWardrobeItemsRequest(end_user=end_user, item_ids=item_ids),
        wardrobe_pb2.RemoveWardrobeItemsResponse,
        lambda reply: reply.removed,
        repeatable=False,
    )


def record_feedback(
    end_user: str, kind: FeedbackKind | str, item_ids: Sequence[str], idempotency_key: str | None
) -> Call[str]:
    """Raises InvalidInput where the kind is none."""
    request = wardrobe_pb2.RecordFeedbackRequest(
        end_user=end_user,
        kind=kind_to_proto(kind),
        item_ids=item_ids,
        idempotency_key=key_or_fresh(idempotency_key),
    )
    return call_of(
        "armoire.v1.OutfitService/RecordFeedback",
        request,
        wardrobe_pb2.RecordFeedbackResponse,
        lambda reply: reply.feedback_id,
        repeatable=bool(request.idempotency_key),
    )


def get_preferences(end_user: str) -> Call[Preferences]:
    return call_of(
        "armoire.v1.OutfitService/GetPreferences",
        wardrobe_pb2.GetPreferencesRequest(end_user=end_user),
        wardrobe_pb2.GetPreferencesResponse,
        lambda reply: preferences_from_proto(reply.preferences),
    )


def reset_preferences(end_user: str) -> Call[None]:
    return call_of(
        "armoire.v1.OutfitService/ResetPreferences",
        wardrobe_pb2.ResetPreferencesRequest(end_user=end_user),
        wardrobe_pb2.ResetPreferencesResponse,
        lambda _: None,
    )


def export_end_user_data(end_user: str) -> Call[EndUserData]:
    return call_of(
        "armoire.v1.OutfitService/ExportEndUserData",
        wardrobe_pb2.ExportEndUserDataRequest(end_user=end_user),
        wardrobe_pb2.ExportEndUserDataResponse,
        end_user_data_from_proto,
    )
