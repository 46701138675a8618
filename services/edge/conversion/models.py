"""Models and their history."""

from __future__ import annotations

from google.protobuf.timestamp_pb2 import Timestamp

from armoire.v1 import inference_pb2, models_pb2
from domain.clock import MICROSECONDS, datetime_from_us
from services.edge.conversion.types import time_to_proto
from services.inference.repository.hosted_model import ModelState
from services.inference.repository.journal import EventKind, ModelEvent
from services.inference.repository.listing import ListedGraph, UnusableModel
from services.shadow.figures import ShadowFigures
from services.shadow.requirement import ShadowRequirement

_TASKS = {
    "detector": inference_pb2.MODEL_TASK_DETECT,
    "image": inference_pb2.MODEL_TASK_EMBED_IMAGE,
    "text": inference_pb2.MODEL_TASK_EMBED_TEXT,
    "classifier": inference_pb2.MODEL_TASK_CLASSIFY,
}
_STATES: dict[ModelState, inference_pb2.ModelState] = {
    ModelState.READY: inference_pb2.MODEL_STATE_READY,
    ModelState.LOADING: inference_pb2.MODEL_STATE_LOADING,
    ModelState.UNLOADING: inference_pb2.MODEL_STATE_UNLOADING,
    ModelState.STORED: inference_pb2.MODEL_STATE_STORED,
}
_EVENTS: dict[EventKind, models_pb2.ModelEventKind] = {
    EventKind.LOADED: models_pb2.MODEL_EVENT_KIND_LOADED,
    EventKind.UNLOADED: models_pb2.MODEL_EVENT_KIND_UNLOADED,
    EventKind.ALIAS_SET: models_pb2.MODEL_EVENT_KIND_ALIAS_SET,
    EventKind.ALIAS_DELETED: models_pb2.MODEL_EVENT_KIND_ALIAS_DELETED,
    EventKind.LOAD_FAILED: models_pb2.MODEL_EVENT_KIND_LOAD_FAILED,
}


def graph_to_proto(listed: ListedGraph | UnusableModel) -> inference_pb2.Model:
    if isinstance(listed, UnusableModel):
        return inference_pb2.Model(
            reference=listed.reference, state=inference_pb2.MODEL_STATE_FAILED, failure=listed.failure
        )
    manifest = listed.manifest
    takes_text = listed.graph == "text"
    return inference_pb2.Model(
        name=manifest.name,
        version=listed.version.model_version,
        preprocess_version=listed.version.preprocess_version,
        task=_TASKS.get(listed.graph, inference_pb2.MODEL_TASK_UNSPECIFIED),
        labels=manifest.reported_labels,
        input_width=0 if takes_text else manifest.image.width,
        input_height=0 if takes_text else manifest.image.height,
        embedding_width=manifest.embedding_width,
        precision=manifest.precision,
        source=manifest.source,
        license=manifest.license,
        sha256=manifest.graph_sha256(listed.graph),
        parity=manifest.parity,
        provider=listed.provider,
        logit_scale=manifest.logit_scale,
        state=_STATES[listed.state],
        aliases=listed.aliases,
        max_batch=listed.max_batch,
        context_length=manifest.text.context_length if takes_text and manifest.text else 0,
        reference=listed.reference,
        memory_bytes=listed.memory_bytes,
    )


def event_to_proto(event: ModelEvent) -> models_pb2.ModelEvent:
    seconds, microseconds = divmod(event.time_us, MICROSECONDS)
    return models_pb2.ModelEvent(
        time=Timestamp(seconds=seconds, nanos=microseconds * 1000),
        kind=_EVENTS[event.kind],
        version=event.version,
        alias=event.alias,
        previous_version=event.previous_version,
        reference=event.reference,
        message=event.message,
    )


def requirement_from_proto(request: models_pb2.SetModelAliasRequest) -> ShadowRequirement | None:
    """None where nothing is required."""
    if not request.HasField("required_shadow"):
        return None
    required = request.required_shadow
    return ShadowRequirement(required.min_garments, required.min_label_agreement, required.min_overlap)


def shadow_figures_to_proto(figures: ShadowFigures | None) -> models_pb2.GetShadowReportResponse:
    if figures is None:
        return models_pb2.GetShadowReportResponse()
    return models_pb2.GetShadowReportResponse(
        live_version=figures.live.model_version,
        candidate_version=figures.candidate.model_version,
        start_time=time_to_proto(datetime_from_us(figures.since_us)),
        photos=figures.photos,
        dropped=figures.dropped,
        failed=figures.failed,
        garments=figures.garments,
        same_labels=figures.same_labels,
        neighbourhoods=figures.neighbourhoods,
        overlap=figures.overlap,
    )
