"""All models of the protocol: the graphs of the inference service, and the whole jobs."""

from __future__ import annotations

from collections.abc import Callable

from services.edge.oip.data_plane import DataPlane
from services.edge.oip.graph_models import GraphModel, describe_graph
from services.edge.oip.job_models import job_models
from services.edge.oip.models import OipModel
from services.edge.oip.shared_memory import SharedMemory
from services.edge.validation import RequestLimits
from services.inference.service import InferenceService


def serve_models(
    service: InferenceService,
    limits: RequestLimits,
    max_detections: int,
    ready: Callable[[], bool],
    release: str,
    shared_memory: bool = False,
) -> DataPlane:
    """The models of a service that is open; `ready` says whether it answers."""
    graphs = {loaded.graph: loaded for loaded in service.graphs}
    models: list[OipModel] = [
        GraphModel(name, describe_graph(loaded, limits), service.backend.runner(name), service.statistics)
        for name, loaded in graphs.items()
    ]
    models += job_models(service.pipeline, graphs, limits, max_detections)
    by_name = {model.description.name: model for model in models}
    return DataPlane(by_name, ready, release, SharedMemory(shared_memory))
