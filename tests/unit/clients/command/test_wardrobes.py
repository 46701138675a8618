from __future__ import annotations

import json
from typing import Any

import pytest

from armoire.v1 import outfits_pb2, wardrobe_pb2
from tests.unit.clients.calls.test_wardrobes import COAT, PREFERENCES
from tests.unit.clients.command.outcomes import documents

USER = ("--user", "ann")
DOCUMENT = {
    "item_id": "i1",
    "state": "bought",
    "price": {"amount": "90", "currency": "EUR"},
    "acquired": "2026-11-30",
    "note": "warm",
    "wear_count": 3,
    "last_wear_time": "2023-11-14T22:13:20+00:00",
    "cost_per_wear": {"amount": "30", "currency": "EUR"},
    "create_time": "2020-09-13T12:26:40+00:00",
}


def test_feedback(armoire: Any, server: Any) -> None:
    server.say("RecordFeedback", wardrobe_pb2.RecordFeedbackResponse(feedback_id="f1"))
    status, out, _ = armoire("outfit", "feedback", "wear", "i1", "i2", *USER, "--key", "k")
    assert (status, out.strip()) == (0, "f1")
    (request,) = server.requests["RecordFeedback"]
    assert (request.end_user, request.item_ids, request.idempotency_key) == ("ann", ["i1", "i2"], "k")
    assert request.kind == wardrobe_pb2.FEEDBACK_KIND_WEAR


def test_a_wardrobe(armoire: Any, server: Any) -> None:
    server.say("AddWardrobeItems", wardrobe_pb2.AddWardrobeItemsResponse(items=[COAT]))
    said = ("--state", "bought", "--price", "90 EUR", "--acquired", "2026-11-30", "--note", "warm")
    status, out, _ = armoire("outfit", "wardrobe", "add", "i1", "i2", *said, *USER, "--json")
    assert (status, documents(out)) == (0, [DOCUMENT])
    (request,) = server.requests["AddWardrobeItems"]
    assert [each.item_id for each in request.items] == ["i1", "i2"]
    assert request.items[1].price.units == 90

    server.say("ListWardrobeItems", wardrobe_pb2.ListWardrobeItemsResponse(items=[COAT]))
    status, out, _ = armoire("outfit", "wardrobe", "list", "--state", "bought", "--never-worn", *USER)
    headers, row = out.strip().splitlines()
    assert headers.split("  ")[0] == "item"
    assert row.split()[:6] == ["i1", "bought", "90.00", "EUR", "3", "2023-11-14"]
    (listed,) = server.requests["ListWardrobeItems"]
    assert (listed.states, listed.never_worn) == ([wardrobe_pb2.WARDROBE_STATE_BOUGHT], True)

    server.say("RemoveWardrobeItems", wardrobe_pb2.RemoveWardrobeItemsResponse(removed=2))
    status, out, _ = armoire("outfit", "wardrobe", "remove", "i1", "i2", *USER)
    assert (status, out.strip()) == (0, "2 items removed")


def test_preferences(armoire: Any, server: Any) -> None:
    server.say("GetPreferences", wardrobe_pb2.GetPreferencesResponse(preferences=PREFERENCES))
    status, out, _ = armoire("outfit", "preferences", "show", *USER, "--json")
    assert (status, documents(out)) == (
        0,
        [{"facet": "color", "value": "navy", "score": 0.5, "weight": 2.0}],
    )
    data = wardrobe_pb2.ExportEndUserDataResponse(
        end_user="ann", wardrobe=[COAT], preferences=PREFERENCES, shown_outfits=["h"]
    )
    server.say("ExportEndUserData", data)
    status, out, _ = armoire("outfit", "preferences", "export", *USER)
    exported = json.loads(out)
    assert (status, exported["end_user"], exported["wardrobe"]) == (0, "ann", [DOCUMENT])
    assert exported["preferences"]["values"][0]["value"] == "navy"
    assert (exported["feedback"], exported["shown_outfits"]) == ([], ["h"])


def test_what_cannot_be_undone_wants_a_yes(armoire: Any, server: Any) -> None:
    for command in ("reset", "erase"):
        status, _, err = armoire("outfit", "preferences", command, *USER)
        assert status == 2
        assert "add --yes" in err
    server.say("ResetPreferences", wardrobe_pb2.ResetPreferencesResponse())
    status, out, _ = armoire("outfit", "preferences", "reset", *USER, "--yes")
    assert (status, out.strip()) == (0, "reset")


def test_outfits_for_a_user(armoire: Any, server: Any) -> None:
    server.say("SuggestOutfits", outfits_pb2.SuggestOutfitsResponse())
    status, out, err = armoire("outfit", "suggest", *USER, "--pool", "wardrobe", "--repeat-days", "0")
    assert (out, "were suggested lately" in err) == ("", True)
    (request,) = server.requests["SuggestOutfits"]
    assert (status, request.end_user, request.repeat_days) == (0, "ann", 0)
    assert request.pool == wardrobe_pb2.OUTFIT_POOL_WARDROBE


@pytest.mark.parametrize(
    ("option", "text", "said"),
    [("--price", "cheap", "price"), ("--acquired", "30.11.2026", "must be a day such as 2026-11-30")],
)
def test_values_that_are_none(armoire: Any, option: str, text: str, said: str) -> None:
    status, _, err = armoire("outfit", "wardrobe", "add", "i1", *USER, option, text)
    assert status == 2
    assert said in err
