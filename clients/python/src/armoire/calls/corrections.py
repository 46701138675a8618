"""Calls of corrections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from armoire.call import Call, call_of
from armoire.messages.corrections import (
    corrected_from_proto,
    correction_from_proto,
    queued_from_proto,
    said_to_proto,
)
from armoire.messages.types import box_to_proto
from armoire.v1 import corrections_pb2
from armoire.values.corrections import Corrected, Correction, Said
from armoire.values.types import Box, Page

Reason = Literal["not_a_garment", "duplicate", "bad_box"]
Target = Literal["image", "product"]


def correct_item(
    item_id: str, label: str, attributes: Mapping[str, Said], box: Box | None, etag: str, verify: bool = False
) -> Call[Corrected]:
    request = corrections_pb2.CorrectItemRequest(
        item_id=item_id,
        label=label,
        attributes=said_to_proto(attributes),
        box=None if box is None else box_to_proto(box),
        etag=etag,
        verify=verify,
    )
    reply = corrections_pb2.CorrectItemResponse
    return call_of("armoire.v1.CatalogService/CorrectItem", request, reply, queued_from_proto)


def add_item(image_id: str, box: Box, label: str, attributes: Mapping[str, Said]) -> Call[Corrected]:
    request = corrections_pb2.AddItemRequest(
        image_id=image_id, box=box_to_proto(box), label=label, attributes=said_to_proto(attributes)
    )
    reply = corrections_pb2.AddItemResponse
    return call_of("armoire.v1.CatalogService/AddItem", request, reply, queued_from_proto, repeatable=False)


def reject_item(item_id: str, reason: Reason, etag: str) -> Call[Corrected]:
    wire_reason = f"REJECT_REASON_{reason.upper()}"
    request = corrections_pb2.RejectItemRequest(item_id=item_id, reason=wire_reason, etag=etag)
    reply = corrections_pb2.RejectItemResponse
    return call_of("armoire.v1.CatalogService/RejectItem", request, reply, corrected_from_proto)


def restore_item(item_id: str, etag: str) -> Call[Corrected]:
    request = corrections_pb2.RestoreItemRequest(item_id=item_id, etag=etag)
    reply = corrections_pb2.RestoreItemResponse
    return call_of("armoire.v1.CatalogService/RestoreItem", request, reply, corrected_from_proto)


def set_primary_item(item_id: str, target: Target, etag: str) -> Call[Corrected]:
    wire_target = f"PRIMARY_TARGET_{target.upper()}"
    request = corrections_pb2.SetPrimaryItemRequest(item_id=item_id, target=wire_target, etag=etag)
    reply = corrections_pb2.SetPrimaryItemResponse
    return call_of("armoire.v1.CatalogService/SetPrimaryItem", request, reply, corrected_from_proto)


def verify_item(item_id: str, etag: str) -> Call[Corrected]:
    request = corrections_pb2.VerifyItemRequest(item_id=item_id, etag=etag)
    reply = corrections_pb2.VerifyItemResponse
    return call_of("armoire.v1.CatalogService/VerifyItem", request, reply, corrected_from_proto)


def undo_correction(correction_id: str) -> Call[Corrected]:
    request = corrections_pb2.UndoCorrectionRequest(correction_id=correction_id)
    reply = corrections_pb2.UndoCorrectionResponse
    method = "armoire.v1.CatalogService/UndoCorrection"
    return call_of(method, request, reply, queued_from_proto, repeatable=False)


def list_corrections(page_size: int, page_token: str, item_id: str, author: str) -> Call[Page[Correction]]:
    return call_of(
        "armoire.v1.CatalogService/ListCorrections",
        corrections_pb2.ListCorrectionsRequest(
            page_size=page_size, page_token=page_token, item_id=item_id, author=author
        ),
        corrections_pb2.ListCorrectionsResponse,
        lambda reply: Page(tuple(map(correction_from_proto, reply.corrections)), reply.next_page_token),
    )
