"""Messages of the models' history."""

from __future__ import annotations

from armoire.messages.enums import enum_reader
from armoire.messages.types import time_from_proto
from armoire.v1 import models_pb2
from armoire.values.models import ModelEvent, ModelEventKind, ShadowReport


def model_event_from_proto(event: models_pb2.ModelEvent) -> ModelEvent:
    return ModelEvent(
        kind=_kind_from_proto(event.kind),
        time=time_from_proto(event.time),
        version=event.version,
        alias=event.alias,
        previous_version=event.previous_version,
        reference=event.reference,
        message=event.message,
    )


def shadow_report_from_proto(reply: models_pb2.GetShadowReportResponse) -> ShadowReport:
    return ShadowReport(
        live_version=reply.live_version,
        candidate_version=reply.candidate_version,
        start_time=time_from_proto(reply.start_time),
        photos=reply.photos,
        dropped=reply.dropped,
        failed=reply.failed,
        garments=reply.garments,
        same_labels=reply.same_labels,
        neighbourhoods=reply.neighbourhoods,
        overlap=reply.overlap,
    )


_kind_from_proto = enum_reader(ModelEventKind, models_pb2.ModelEventKind.items(), "MODEL_EVENT_KIND_")
