"""Corrections: what people say of items."""

from __future__ import annotations

from collections.abc import Mapping

from armoire.v1 import corrections_pb2
from domain.errors import InvalidInput
from services.catalog.records.answers import Answer
from services.catalog.records.corrections import Correction, CorrectionFilter, CorrectionKind
from services.catalog.records.review_queue import ReviewReason
from services.edge.conversion.times import moment_us
from services.edge.conversion.types import time_to_proto

_KINDS: dict[CorrectionKind, corrections_pb2.CorrectionKind] = {
    CorrectionKind.CORRECT: corrections_pb2.CORRECTION_KIND_CORRECT,
    CorrectionKind.ADD: corrections_pb2.CORRECTION_KIND_ADD,
    CorrectionKind.REJECT: corrections_pb2.CORRECTION_KIND_REJECT,
    CorrectionKind.RESTORE: corrections_pb2.CORRECTION_KIND_RESTORE,
    CorrectionKind.SET_PRIMARY: corrections_pb2.CORRECTION_KIND_SET_PRIMARY,
    CorrectionKind.VERIFY: corrections_pb2.CORRECTION_KIND_VERIFY,
    CorrectionKind.UNDO: corrections_pb2.CORRECTION_KIND_UNDO,
}
_REASONS: dict[ReviewReason, corrections_pb2.ReviewReason] = {
    ReviewReason.UNCERTAIN: corrections_pb2.REVIEW_REASON_UNCERTAIN,
    ReviewReason.AUDIT: corrections_pb2.REVIEW_REASON_AUDIT,
    ReviewReason.DISAGREEMENT: corrections_pb2.REVIEW_REASON_DISAGREEMENT,
    ReviewReason.SIMILAR: corrections_pb2.REVIEW_REASON_SIMILAR,
}


def answers_from_proto(
    attributes: Mapping[str, corrections_pb2.AttributeCorrection],
) -> dict[str, Answer]:
    """By the attribute's name."""
    return {
        name: Answer(tuple(said.values), tuple(said.not_values), said.cleared, said.reset)
        for name, said in attributes.items()
    }


def is_of_product(target: corrections_pb2.PrimaryTarget) -> bool:
    """Whether the target is the product, not the photo. Raises InvalidInput where it is neither."""
    if target not in (corrections_pb2.PRIMARY_TARGET_IMAGE, corrections_pb2.PRIMARY_TARGET_PRODUCT):
        raise InvalidInput("target", "must be PRIMARY_TARGET_IMAGE or PRIMARY_TARGET_PRODUCT")
    return target == corrections_pb2.PRIMARY_TARGET_PRODUCT


def correction_filter_from_proto(request: corrections_pb2.ListCorrectionsRequest) -> CorrectionFilter:
    """Raises InvalidInput for a time out of range."""
    return CorrectionFilter(
        item_id=request.item_id,
        author=request.author,
        created_from_us=moment_us("created_from", request),
        created_before_us=moment_us("created_before", request),
    )


def correction_to_proto(correction: Correction) -> corrections_pb2.Correction:
    return corrections_pb2.Correction(
        id=correction.id,
        item_id=correction.item_id,
        kind=_KINDS[correction.kind],
        author=correction.author,
        end_user=correction.end_user,
        changes=[
            corrections_pb2.FieldChange(
                field=change.field, before=change.shown_before, after=change.shown_after
            )
            for change in correction.changes
        ],
        model_version=correction.version.model_version,
        preprocess_version=correction.version.preprocess_version,
        undone_correction_id=correction.undone_id,
        create_time=time_to_proto(correction.create_time),
        review_reason=review_reason_to_proto(correction.review_reason),
        batch_id=correction.batch_id,
    )


def review_reason_to_proto(reason: str) -> corrections_pb2.ReviewReason:
    """Unspecified where there is none."""
    return _REASONS[ReviewReason(reason)] if reason else corrections_pb2.REVIEW_REASON_UNSPECIFIED
