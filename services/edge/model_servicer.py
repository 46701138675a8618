"""ModelService: which models a server holds, and which of them answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import grpc

from armoire.v1 import inference_pb2, models_pb2
from domain.errors import InvalidInput
from models.manifest import Task
from services.edge.conversion.models import (
    event_to_proto,
    graph_to_proto,
    requirement_from_proto,
    shadow_figures_to_proto,
)
from services.edge.hosted_service import HostedService
from services.edge.model_changes import ModelChanges
from services.inference.repository.hosted_model import HostedModel
from services.inference.repository.listing import hosted_graphs
from services.inference.repository.model_repository import changeable

MODELS = models_pb2.DESCRIPTOR.services_by_name["ModelService"]
Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any] | None"
DEFAULT_PAGE, MAX_PAGE = 50, 1000
_TASKS: dict[int, Task] = {
    inference_pb2.MODEL_TASK_DETECT: "detect",
    inference_pb2.MODEL_TASK_EMBED_IMAGE: "embed",
    inference_pb2.MODEL_TASK_EMBED_TEXT: "embed",
    inference_pb2.MODEL_TASK_CLASSIFY: "classify",
}


class ModelServicer:
    """Changes the models of this process, and tells their history."""

    def __init__(self, changes: ModelChanges) -> None:
        self._changes = changes

    async def LoadModel(
        self, request: models_pb2.LoadModelRequest, context: Context
    ) -> models_pb2.LoadModelResponse:
        _require_text("reference", request.reference)
        hosted = await self._changes.load(request.reference)
        return models_pb2.LoadModelResponse(models=self._graphs(hosted))

    async def UnloadModel(
        self, request: models_pb2.UnloadModelRequest, context: Context
    ) -> models_pb2.UnloadModelResponse:
        _require_text("version", request.version)
        await self._changes.unload(request.version)
        return models_pb2.UnloadModelResponse()

    async def SetModelAlias(
        self, request: models_pb2.SetModelAliasRequest, context: Context
    ) -> models_pb2.SetModelAliasResponse:
        _require_text("version", request.version)
        required = requirement_from_proto(request)
        hosted, previous = await self._changes.set_alias(request.alias, request.version, required)
        return models_pb2.SetModelAliasResponse(previous_version=previous, models=self._graphs(hosted))

    async def DeleteModelAlias(
        self, request: models_pb2.DeleteModelAliasRequest, context: Context
    ) -> models_pb2.DeleteModelAliasResponse:
        if request.task not in _TASKS:
            raise InvalidInput("task", f"must be one of {', '.join(map(_task_name, _TASKS))}")
        await self._changes.delete_alias(request.alias, _TASKS[request.task])
        return models_pb2.DeleteModelAliasResponse()

    async def GetShadowReport(
        self, request: models_pb2.GetShadowReportRequest, context: Context
    ) -> models_pb2.GetShadowReportResponse:
        shadow = self._changes.shadow
        return shadow_figures_to_proto(None if shadow is None else shadow.figures)

    async def ListModelEvents(
        self, request: models_pb2.ListModelEventsRequest, context: Context
    ) -> models_pb2.ListModelEventsResponse:
        size = request.page_size
        if not 0 <= size <= MAX_PAGE:
            raise InvalidInput(
                "page_size", f"must be from 1 to {MAX_PAGE}, or 0 for {DEFAULT_PAGE}, got {size}"
            )
        repository = self._changes.repository
        if repository is None:
            return models_pb2.ListModelEventsResponse()
        events, token = repository.events(size or DEFAULT_PAGE, request.page_token)
        return models_pb2.ListModelEventsResponse(
            events=[event_to_proto(event) for event in events], next_page_token=token
        )

    def _graphs(self, hosted: HostedModel) -> Sequence[inference_pb2.Model]:
        repository = changeable(self._changes.repository)
        return [graph_to_proto(graph) for graph in hosted_graphs(repository, hosted)]


def hosted_models(changes: ModelChanges) -> HostedService:
    """The service for the port."""
    return HostedService(MODELS, ModelServicer(changes))


def _require_text(field: str, text: str) -> None:
    if not text:
        raise InvalidInput(field, "must not be empty")


def _task_name(task: int) -> str:
    return inference_pb2.ModelTask.Name(task)
