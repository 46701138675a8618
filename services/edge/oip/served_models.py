"""All models of the protocol: the graphs of the default models of the moment, and the whole jobs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import cast

from services.edge.oip.graph_models import GraphModel, describe_graph
from services.edge.oip.job_models import JobModel, job_models
from services.edge.oip.models import CodingTimes, OipModel
from services.edge.validation import RequestLimits
from services.inference.pipeline.pipeline import Pipeline
from services.inference.run_statistics import RunStatistics
from services.inference.service import InferenceService


class ServedModels:
    """The models around the pipeline of each moment. Their statistics go on when the default changes."""

    def __init__(self, service: InferenceService, limits: RequestLimits, max_detections: int) -> None:
        self._service = service
        self._limits = limits
        self._max_detections = max_detections
        self._runs: defaultdict[str, RunStatistics] = defaultdict(RunStatistics)
        self._coding: defaultdict[str, CodingTimes] = defaultdict(CodingTimes)

    @contextmanager
    def use(self) -> Iterator[Mapping[str, OipModel]]:
        """The models by name, which stay open inside the block."""
        with self._service.source.use() as pipeline:
            if self not in pipeline.derived:
                pipeline.derived[self] = self._around(pipeline)
            yield cast(Mapping[str, OipModel], pipeline.derived[self])

    def _around(self, pipeline: Pipeline) -> dict[str, OipModel]:
        graphs = self._service.graphs_of(pipeline)
        models: list[OipModel] = [
            GraphModel(
                name,
                about := describe_graph(graph, self._limits),
                pipeline.runners.runner(name),
                self._service.statistics,
                self._coding[about.name],
            )
            for name, graph in graphs.items()
        ]
        jobs = job_models(pipeline, graphs, self._limits, self._max_detections)
        models += map(self._counted, jobs)
        return {model.description.name: model for model in models}

    def _counted(self, job: JobModel) -> JobModel:
        name = job.description.name
        return replace(job, runs=self._runs[name], coding=self._coding[name])
