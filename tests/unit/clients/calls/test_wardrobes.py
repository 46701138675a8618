"""Calls on end users, through both clients."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from armoire import (
    Feedback,
    FeedbackKind,
    InvalidInput,
    Money,
    NewWardrobeItem,
    Preference,
    WardrobeItem,
    WardrobeState,
)
from armoire.v1 import outfits_pb2, wardrobe_pb2

COAT = wardrobe_pb2.WardrobeItem(
    item_id="i1",
    state="WARDROBE_STATE_BOUGHT",
    price={"currency_code": "EUR", "units": 90},
    acquire_date="2026-11-30",
    note="warm",
    wear_count=3,
    last_wear_time={"seconds": 1_700_000_000},
    cost_per_wear={"currency_code": "EUR", "units": 30},
    create_time={"seconds": 1_600_000_000},
)
PREFERENCES = wardrobe_pb2.Preferences(
    signals=2,
    values=[wardrobe_pb2.Preference(facet="color", value="navy", score=0.5, weight=2.0)],
    liked_weight=2.0,
)


def test_a_wardrobe_is_filled_and_listed(client: Any, server: Any) -> None:
    server.say("AddWardrobeItems", wardrobe_pb2.AddWardrobeItemsResponse(items=[COAT]))
    new = NewWardrobeItem("i1", "bought", Money("90", "EUR"), date(2026, 11, 30), "warm")
    (added,) = client.wardrobes.add("ann", [new])
    assert added == WardrobeItem(
        "i1",
        WardrobeState.BOUGHT,
        Money("90", "EUR"),
        date(2026, 11, 30),
        "warm",
        3,
        datetime.fromtimestamp(1_700_000_000, UTC),
        Money("30", "EUR"),
        datetime.fromtimestamp(1_600_000_000, UTC),
    )
    (request,) = server.requests["AddWardrobeItems"]
    assert request.end_user == "ann"
    assert request.items[0] == wardrobe_pb2.WardrobeItemDraft(
        item_id="i1",
        state="WARDROBE_STATE_BOUGHT",
        price=COAT.price,
        acquire_date="2026-11-30",
        note="warm",
    )
    bare = wardrobe_pb2.WardrobeItem(item_id="i2", state=99)  # type: ignore[arg-type]
    first = wardrobe_pb2.ListWardrobeItemsResponse(items=[COAT], next_page_token="more")
    last = wardrobe_pb2.ListWardrobeItemsResponse(items=[bare])
    server.say("ListWardrobeItems", first, last)
    listed = list(client.wardrobes.iter("ann", states=["owned"], never_worn=True, page_size=1))
    assert [each.item_id for each in listed] == ["i1", "i2"]
    assert (listed[1].state, listed[1].price, listed[1].last_wear_time) == (WardrobeState.UNKNOWN, None, None)
    asked = server.requests["ListWardrobeItems"]
    assert [each.page_token for each in asked] == ["", "more"]
    assert (asked[0].states, asked[0].never_worn) == ([wardrobe_pb2.WARDROBE_STATE_OWNED], True)
    server.say("RemoveWardrobeItems", wardrobe_pb2.RemoveWardrobeItemsResponse(removed=1))
    assert client.wardrobes.remove("ann", ["i1"]) == 1


def test_feedback_has_a_key_of_its_own(client: Any, server: Any) -> None:
    server.say("RecordFeedback", *[wardrobe_pb2.RecordFeedbackResponse(feedback_id="f1")] * 3)
    for key in (None, None, "mine"):
        assert client.wardrobes.record_feedback("ann", FeedbackKind.WEAR, ["i1"], idempotency_key=key) == "f1"
    first, second, third = server.requests["RecordFeedback"]
    assert (first.kind, first.item_ids) == (wardrobe_pb2.FEEDBACK_KIND_WEAR, ["i1"])
    assert first.idempotency_key != second.idempotency_key
    assert third.idempotency_key == "mine"


def test_preferences_are_read_reset_and_exported(client: Any, server: Any) -> None:
    server.say("GetPreferences", wardrobe_pb2.GetPreferencesResponse(preferences=PREFERENCES))
    found = client.wardrobes.preferences("ann")
    assert found.values == (Preference("color", "navy", 0.5, 2.0),)
    assert (found.signals, found.liked_weight, found.disliked_weight) == (2, 2.0, 0.0)
    server.say("ResetPreferences", wardrobe_pb2.ResetPreferencesResponse())
    client.wardrobes.reset_preferences("ann")
    feedback = wardrobe_pb2.Feedback(id="f1", kind="FEEDBACK_KIND_LIKE", item_ids=["i1"])
    data = wardrobe_pb2.ExportEndUserDataResponse(
        end_user="ann", wardrobe=[COAT], feedback=[feedback], preferences=PREFERENCES, shown_outfits=["h"]
    )
    server.say("ExportEndUserData", data)
    exported = client.wardrobes.export("ann")
    assert exported.end_user == "ann"
    assert exported.wardrobe[0].item_id == "i1"
    assert exported.feedback == (Feedback("f1", FeedbackKind.LIKE, ("i1",), None),)
    assert (exported.preferences, exported.shown_outfits) == (found, ("h",))
    for method in ("GetPreferences", "ResetPreferences", "ExportEndUserData"):
        assert [request.end_user for request in server.requests[method]] == ["ann"]


def test_outfits_for_an_end_user(client: Any, server: Any) -> None:
    server.say("SuggestOutfits", outfits_pb2.SuggestOutfitsResponse())
    client.outfits.suggest(end_user="ann", pool="wardrobe", repeat_days=0)
    (request,) = server.requests["SuggestOutfits"]
    assert (request.end_user, request.pool) == ("ann", wardrobe_pb2.OUTFIT_POOL_WARDROBE)
    assert (request.repeat_days, request.HasField("repeat_days")) == (0, True)
    server.say("CompleteOutfit", outfits_pb2.CompleteOutfitResponse())
    client.outfits.complete(["i1"], "shoes", end_user="ann", pool="both")
    (complete,) = server.requests["CompleteOutfit"]
    assert (complete.end_user, complete.pool) == ("ann", wardrobe_pb2.OUTFIT_POOL_BOTH)
    server.say("ScoreOutfit", outfits_pb2.ScoreOutfitResponse())
    client.outfits.score(["i1"], end_user="ann")
    assert server.requests["ScoreOutfit"][0].end_user == "ann"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda client: client.wardrobes.add("ann", [NewWardrobeItem("i1", "lost")]),
            r"items\[0\].state: must be owned, wished or bought",
        ),
        (
            lambda client: client.wardrobes.list("ann", states=["lost"]),
            r"states\[0\]: must be owned, wished or bought",
        ),
        (
            lambda client: client.wardrobes.record_feedback("ann", "love", ["i1"]),
            "kind: must be like, dislike, wear or skip",
        ),
        (
            lambda client: client.outfits.suggest(end_user="ann", pool="shop"),
            "pool: must be catalog, wardrobe or both",
        ),
    ],
)
def test_words_that_are_none(client: Any, call: Any, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        call(client)
