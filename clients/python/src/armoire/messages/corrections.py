"""Messages of corrections."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from armoire.messages.enums import enum_reader
from armoire.messages.items import item_from_proto
from armoire.messages.types import time_from_proto
from armoire.v1 import corrections_pb2
from armoire.values.corrections import Corrected, Correction, CorrectionKind, FieldChange, Said

_kind = enum_reader(CorrectionKind, corrections_pb2.CorrectionKind.items(), "CORRECTION_KIND_")

WithJob: TypeAlias = (
    corrections_pb2.CorrectItemResponse
    | corrections_pb2.AddItemResponse
    | corrections_pb2.UndoCorrectionResponse
)
WithoutJob: TypeAlias = (
    corrections_pb2.RejectItemResponse
    | corrections_pb2.RestoreItemResponse
    | corrections_pb2.SetPrimaryItemResponse
    | corrections_pb2.VerifyItemResponse
)


def said_to_proto(attributes: Mapping[str, Said]) -> dict[str, corrections_pb2.AttributeCorrection]:
    return {
        name: corrections_pb2.AttributeCorrection(
            values=said.values, not_values=said.not_values, cleared=said.cleared, reset=said.reset
        )
        for name, said in attributes.items()
    }


def correction_from_proto(correction: corrections_pb2.Correction) -> Correction:
    return Correction(
        id=correction.id,
        item_id=correction.item_id,
        kind=_kind(correction.kind),
        author=correction.author,
        end_user=correction.end_user,
        changes=tuple(FieldChange(each.field, each.before, each.after) for each in correction.changes),
        model_version=correction.model_version,
        preprocess_version=correction.preprocess_version,
        undone_correction_id=correction.undone_correction_id,
        create_time=time_from_proto(correction.create_time),
        review_reason=review_reason_from_proto(correction.review_reason),
        batch_id=correction.batch_id,
    )


def review_reason_from_proto(number: corrections_pb2.ReviewReason) -> str:
    """The reason's name in lower case, "" for none and "unknown" for one that this client does not know."""
    names = {value: name for name, value in corrections_pb2.ReviewReason.items()}
    return names.get(number, "unknown").removeprefix("REVIEW_REASON_").lower() if number else ""


def queued_from_proto(reply: WithJob) -> Corrected:
    """Of a call that may need a job."""
    return Corrected(
        item_from_proto(reply.item) if reply.HasField("item") else None,
        correction_from_proto(reply.correction) if reply.HasField("correction") else None,
        reply.job_id,
    )


def corrected_from_proto(reply: WithoutJob) -> Corrected:
    """Of a call that needs no job."""
    return Corrected(
        item_from_proto(reply.item) if reply.HasField("item") else None,
        correction_from_proto(reply.correction) if reply.HasField("correction") else None,
    )
