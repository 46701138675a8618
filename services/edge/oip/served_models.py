"""All models of the protocol: the graphs of every loaded version, and the whole jobs that they do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeAlias, cast

from domain.errors import NotFound
from models.manifest import Task
from services.edge.oip.graph_models import GraphModel, describe_graph
from services.edge.oip.job_models import JobModel, job_models
from services.edge.oip.models import (
    VERSION,
    CodingTimes,
    IndexEntry,
    IndexState,
    ModelDescription,
    OipModel,
)
from services.edge.validation import RequestLimits
from services.inference.pipeline.pipeline import Pipeline
from services.inference.repository.hosted_model import ModelState
from services.inference.repository.listing import ListedGraph
from services.inference.repository.pipeline_source import DEFAULT, ModelChoice
from services.inference.run_statistics import RunStatistics
from services.inference.service import InferenceService

Counted: TypeAlias = tuple[str, ...]
"""A name, and the full versions of the models in it."""

_TASKS: Mapping[str, tuple[Task, ...]] = {
    "detector": ("detect",),
    "image_encoder": ("embed",),
    "text_encoder": ("embed",),
    "classifier": ("classify",),
    "detect": ("detect",),
    "embed": ("embed",),
    "embed_text": ("embed",),
    "analyze": ("detect", "embed", "classify"),
}
"""The names of the protocol, and the tasks of the models whose versions they have."""
_ROLES: Mapping[Task, str] = {"detect": "detector", "embed": "embedder", "classify": "classifier"}


class ServedModels:
    """The models around the pipeline that each request asks for."""

    def __init__(self, service: InferenceService, limits: RequestLimits, max_detections: int) -> None:
        self._service = service
        self._limits = limits
        self._max_detections = max_detections
        self._runs: defaultdict[Counted, RunStatistics] = defaultdict(RunStatistics)
        self._coding: defaultdict[Counted, CodingTimes] = defaultdict(CodingTimes)

    @contextmanager
    def use(self, name: str, version: str = "") -> Iterator[OipModel]:
        """See `Served`. Where a job has several models, those without this version are the defaults."""
        with self._service.source.use(**self._choices(name, version)) as pipeline:
            if self not in pipeline.derived:
                pipeline.derived[self] = self._around(pipeline)
            models = cast(Mapping[str, OipModel], pipeline.derived[self])
            if name not in models:
                raise NotFound("model", name)
            yield models[name]

    def entries(self) -> Sequence[IndexEntry]:
        """See `Served`."""
        graphs = [graph for graph in self._service.graphs() if graph.state is not ModelState.LOADING]
        graphs.sort(key=lambda graph: DEFAULT not in graph.aliases)
        return [
            entry
            for name, tasks in _TASKS.items()
            for entry in _entries(name, [graph for graph in graphs if graph.manifest.task in tasks])
        ]

    def _choices(self, name: str, version: str) -> dict[str, ModelChoice]:
        """The models to ask the source for; the others are the defaults."""
        if name not in _TASKS:
            raise NotFound("model", name)
        if version in ("", VERSION):
            return {}
        tasks = {graph.manifest.task for graph in self._service.graphs() if _answers_to(version, graph)}
        choices = {_ROLES[task]: ModelChoice(name=version) for task in _TASKS[name] if task in tasks}
        if not choices:
            raise NotFound("model version", f"{name}/{version}")
        return choices

    def _around(self, pipeline: Pipeline) -> dict[str, OipModel]:
        graphs = self._service.graphs_of(pipeline)
        models: list[OipModel] = [self._graph(pipeline, graph) for graph in graphs.values()]
        jobs = job_models(pipeline, graphs, self._limits, self._max_detections)
        models += map(self._counted, jobs)
        return {model.description.name: model for model in models}

    def _graph(self, pipeline: Pipeline, graph: ListedGraph) -> GraphModel:
        about = describe_graph(graph, self._limits)
        assert graph.statistics is not None, "it is loaded"
        runner = pipeline.runners.runner(graph.graph)
        return GraphModel(graph.graph, about, runner, graph.statistics, self._coding[_counted(about)])

    def _counted(self, job: JobModel) -> JobModel:
        key = _counted(job.description)
        return replace(job, runs=self._runs[key], coding=self._coding[key])


def _counted(about: ModelDescription) -> Counted:
    return (about.name, *about.versions.values())


def _answers_to(version: str, graph: ListedGraph) -> bool:
    return graph.state is ModelState.READY and version in (graph.version.model_version, *graph.aliases)


def _entries(name: str, graphs: Sequence[ListedGraph]) -> Iterator[IndexEntry]:
    """One for each version of loaded models, of which the default comes first."""
    states: dict[str, ModelState] = {}
    for graph in graphs:
        version = VERSION if DEFAULT in graph.aliases else graph.version.model_version
        states.setdefault(version, graph.state)
    for version, state in states.items():
        yield IndexEntry(name, version, IndexState(state.value))
