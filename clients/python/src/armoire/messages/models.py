"""Messages of the models' history."""

from __future__ import annotations

from armoire.messages.enums import enum_reader
from armoire.messages.types import time_from_proto
from armoire.v1 import models_pb2
from armoire.values.models import ModelEvent, ModelEventKind


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


_kind_from_proto = enum_reader(ModelEventKind, models_pb2.ModelEventKind.items(), "MODEL_EVENT_KIND_")
