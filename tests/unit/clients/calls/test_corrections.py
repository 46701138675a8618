"""Corrections, through both clients."""

from __future__ import annotations

from typing import Any

from armoire import Box, CorrectionKind, FieldChange, Said
from armoire.v1 import corrections_pb2, items_pb2

CORRECTION = corrections_pb2.Correction(
    id="c1",
    item_id="item-1",
    kind=corrections_pb2.CORRECTION_KIND_CORRECT,
    author="user:7",
    changes=[corrections_pb2.FieldChange(field="label", before="skirt", after="dress")],
)


def test_an_item_is_corrected(client: Any, server: Any, item: items_pb2.Item) -> None:
    reply = corrections_pb2.CorrectItemResponse(item=item, correction=CORRECTION, job_id="job-1")
    server.say("CorrectItem", reply)
    attributes = {"pattern": Said(not_values=["striped"]), "style": Said(cleared=True)}
    corrected = client.correct_item(
        "item-1", label="dress", attributes=attributes, box=Box(1, 2, 3, 4), etag="e1"
    )
    assert (corrected.item.id, corrected.job_id) == (item.id, "job-1")
    assert corrected.correction.kind is CorrectionKind.CORRECT
    assert corrected.correction.changes == (FieldChange("label", "skirt", "dress"),)
    (request,) = server.requests["CorrectItem"]
    assert (request.label, request.box.y2, request.etag) == ("dress", 4, "e1")
    assert list(request.attributes["pattern"].not_values) == ["striped"]
    assert request.attributes["style"].cleared


def test_items_are_added_rejected_restored_verified_and_chosen(
    client: Any, server: Any, item: items_pb2.Item
) -> None:
    server.say("AddItem", corrections_pb2.AddItemResponse(item=item, job_id="job-2"))
    server.say("RejectItem", corrections_pb2.RejectItemResponse(item=item))
    server.say("RestoreItem", corrections_pb2.RestoreItemResponse(item=item, correction=CORRECTION))
    server.say("VerifyItem", corrections_pb2.VerifyItemResponse(item=item))
    server.say("SetPrimaryItem", corrections_pb2.SetPrimaryItemResponse(item=item))
    server.say("UndoCorrection", corrections_pb2.UndoCorrectionResponse(correction=CORRECTION))
    assert client.add_item("image-1", Box(1, 2, 3, 4), label="hat").job_id == "job-2"
    assert client.reject_item("item-1", "bad_box").correction is None
    assert client.restore_item("item-1").correction.author == "user:7"
    assert client.verify_item("item-1", etag="e1").item.id == item.id
    client.set_primary_item("item-1", "product")
    assert client.undo_correction("c1").item is None
    assert server.requests["RejectItem"][0].reason == items_pb2.REJECT_REASON_BAD_BOX
    assert server.requests["SetPrimaryItem"][0].target == corrections_pb2.PRIMARY_TARGET_PRODUCT


def test_the_history_comes_in_pages(client: Any, server: Any) -> None:
    reply = corrections_pb2.ListCorrectionsResponse(corrections=[CORRECTION])
    server.say("ListCorrections", reply)
    (found,) = client.iter_corrections(item_id="item-1", author="user:7")
    assert (found.id, found.item_id) == ("c1", "item-1")
    assert client.list_corrections().items == (found,)
    assert server.requests["ListCorrections"][0].author == "user:7"
