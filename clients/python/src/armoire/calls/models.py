"""Calls on the models of a server."""

from __future__ import annotations

from dataclasses import asdict

from armoire.call import Call, call_of
from armoire.messages.inference import model_from_proto
from armoire.messages.models import model_event_from_proto, shadow_report_from_proto
from armoire.v1 import inference_pb2, models_pb2
from armoire.values.inference import Model, ModelTask
from armoire.values.models import AliasChange, ModelEvent, ShadowReport, ShadowRequirement
from armoire.values.types import Page


def list_models(include_stored: bool = False) -> Call[tuple[Model, ...]]:
    return call_of(
        "armoire.v1.InferenceService/ListModels",
        inference_pb2.ListModelsRequest(include_stored=include_stored),
        inference_pb2.ListModelsResponse,
        lambda reply: tuple(map(model_from_proto, reply.models)),
    )


def load_model(reference: str) -> Call[tuple[Model, ...]]:
    return call_of(
        "armoire.v1.ModelService/LoadModel",
        models_pb2.LoadModelRequest(reference=reference),
        models_pb2.LoadModelResponse,
        lambda reply: tuple(map(model_from_proto, reply.models)),
    )


def unload_model(version: str) -> Call[None]:
    return call_of(
        "armoire.v1.ModelService/UnloadModel",
        models_pb2.UnloadModelRequest(version=version),
        models_pb2.UnloadModelResponse,
        lambda _: None,
        repeatable=False,
    )


def set_model_alias(
    alias: str, version: str, required_shadow: ShadowRequirement | None = None
) -> Call[AliasChange]:
    required = None if required_shadow is None else models_pb2.ShadowRequirement(**asdict(required_shadow))
    return call_of(
        "armoire.v1.ModelService/SetModelAlias",
        models_pb2.SetModelAliasRequest(alias=alias, version=version, required_shadow=required),
        models_pb2.SetModelAliasResponse,
        lambda reply: AliasChange(tuple(map(model_from_proto, reply.models)), reply.previous_version),
        repeatable=False,
    )


def delete_model_alias(alias: str, task: ModelTask) -> Call[None]:
    return call_of(
        "armoire.v1.ModelService/DeleteModelAlias",
        models_pb2.DeleteModelAliasRequest(alias=alias, task=f"MODEL_TASK_{ModelTask(task).name}"),
        models_pb2.DeleteModelAliasResponse,
        lambda _: None,
        repeatable=False,
    )


def get_shadow_report() -> Call[ShadowReport]:
    return call_of(
        "armoire.v1.ModelService/GetShadowReport",
        models_pb2.GetShadowReportRequest(),
        models_pb2.GetShadowReportResponse,
        shadow_report_from_proto,
    )


def list_model_events(page_size: int = 0, page_token: str = "") -> Call[Page[ModelEvent]]:
    return call_of(
        "armoire.v1.ModelService/ListModelEvents",
        models_pb2.ListModelEventsRequest(page_size=page_size, page_token=page_token),
        models_pb2.ListModelEventsResponse,
        lambda reply: Page(tuple(map(model_event_from_proto, reply.events)), reply.next_page_token),
    )
