"""Answers inference calls: models, here or in the device process, and the pipelines around them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from domain.errors import ArtifactError, FailedPrecondition, NotFound
from domain.taxonomy import Taxonomy
from domain.types import ModelVersion
from models.artifact import Artifact
from services.inference.batching.batcher import BatchObserver
from services.inference.device_process.link import DeviceLink
from services.inference.loaded_models import LoadedModels
from services.inference.model_backend import ModelBackend
from services.inference.model_factory import (
    DeviceModelFactory,
    make_describer,
    measured_output_shape,
    warm_up_pipeline,
)
from services.inference.model_host import ModelHost, build_attribute_classifier
from services.inference.options import InferenceOptions
from services.inference.pipeline.describers import Describers
from services.inference.pipeline.photo import DecodeObserver, PhotoDecoder, observe_no_decode
from services.inference.pipeline.pipeline import Pipeline
from services.inference.pipeline.pixel_budget import PixelBudget
from services.inference.pipeline.threads import PixelThreads
from services.inference.repository.journal import ALIASES_NAME, Alias, Journal, SavedAliases
from services.inference.repository.listing import ListedGraph, UnusableModel, listed_graphs, stored_graphs
from services.inference.repository.memory import MemoryLimit, needed_bytes
from services.inference.repository.model_repository import ModelRepository
from services.inference.repository.model_store import ModelStore, NoStore
from services.inference.repository.pipeline_source import DEFAULT, FixedPipeline, PipelineSource
from services.inference.run_statistics import (
    GraphStatistics,
    MeasuredRunners,
    RequestObserver,
    measured,
    observe_no_request,
)


@dataclass(frozen=True, slots=True, eq=False)
class InferenceService:
    """Models and the pipelines around them; made by `load` or `connect` and ended by `close`.

    Attributes:
        source: gives each call its pipeline.
        repository: None if the models are those of the device process, which never change.
    """

    source: PipelineSource
    backend: ModelBackend
    threads: PixelThreads
    repository: ModelRepository | None = None
    fixed_graphs: tuple[ListedGraph, ...] = ()

    @classmethod
    async def load(
        cls,
        options: InferenceOptions,
        taxonomy: Taxonomy,
        observe: BatchObserver,
        store: ModelStore = NoStore(),
        observe_request: RequestObserver = observe_no_request,
        observe_decode: DecodeObserver = observe_no_decode,
    ) -> InferenceService:
        """Load the models into this process.

        Raises the same errors as `ModelHost.load`; FailedPrecondition also as `ItemClassifier.of`.
        """
        journal, statistics = Journal(options.journal_folder), GraphStatistics(observe_request)
        options = _with_saved_defaults(options, journal.saved(), store)
        host = await ModelHost.load(options, taxonomy, statistics.counting(observe))
        threads = _threads(options)
        photos = _photos(threads, options, observe_decode)
        describers = Describers(options.cache_folder)
        factory = DeviceModelFactory(
            host, options, taxonomy, observe, photos, threads, statistics, describers
        )
        repository = ModelRepository(factory, store, journal, MemoryLimit(options.max_model_bytes))
        try:
            await repository.start(await factory.started(options.references), options.configured)
        except BaseException:
            await host.close()
            raise
        statistics.clear()
        return cls(repository, host, threads, repository)

    @classmethod
    async def connect(
        cls,
        options: InferenceOptions,
        taxonomy: Taxonomy,
        link: DeviceLink,
        observe_request: RequestObserver = observe_no_request,
        observe_decode: DecodeObserver = observe_no_decode,
    ) -> InferenceService:
        """Use the models of the device process at the other end of an open link.

        Raises:
            ArtifactError: an artifact is damaged or for another task.
            FailedPrecondition: the device process runs other models; or as `ItemClassifier.of`.
        """
        _require_same_graphs(options, link)
        models = await asyncio.to_thread(LoadedModels.elsewhere, options, link.session)
        for about in link.graphs:
            version = ModelVersion(about.model_version, about.preprocess_version)
            if version != (ours := models.by_graph[about.name].version):
                raise FailedPrecondition(
                    f"the device process runs {version.model_version} as its {about.name} model, "
                    f"this process was given {ours.model_version}"
                )
        encoder = models.text_encoder
        attributes = await asyncio.to_thread(build_attribute_classifier, encoder, taxonomy, options)
        describer = make_describer(attributes, models, taxonomy, options)
        threads, statistics = _threads(options), GraphStatistics(observe_request)
        photos = _photos(threads, options, observe_decode)
        links = {name: link.runner(name) for name in options.graphs}
        counted = MeasuredRunners(measured(links, models.by_graph, statistics))
        describers = Describers(options.cache_folder)
        pipeline = Pipeline(models, counted, describer, photos, threads, options.pipeline, describers)
        await warm_up_pipeline(pipeline)
        graphs = await _fixed_graphs(models, pipeline, options, statistics)
        statistics.clear()
        return cls(FixedPipeline(pipeline), link, threads, fixed_graphs=graphs)

    @property
    def ready(self) -> bool:
        return self.backend.ready and (self.repository is None or self.repository.ready)

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline of the default models of the moment, for processes that never unload models."""
        with self.source.use() as pipeline:
            return pipeline

    def graphs_of(self, pipeline: Pipeline) -> dict[str, ListedGraph]:
        """The graphs that a pipeline uses, by name."""
        versions = pipeline.detector_version, pipeline.embedder_version, pipeline.classifier_version
        return {graph.graph: graph for graph in self.graphs() if graph.version in versions}

    def graphs(self) -> Sequence[ListedGraph]:
        """The graphs of the models that are loaded, being loaded or being unloaded."""
        return self.fixed_graphs if self.repository is None else listed_graphs(self.repository)

    def stored_graphs(self) -> Sequence[ListedGraph | UnusableModel]:
        """The graphs of the models that can be loaded and are not."""
        return () if self.repository is None else tuple(stored_graphs(self.repository))

    def pending_rows(self) -> Iterator[tuple[str, str, int]]:
        """The name and version of each model of this process, and its rows that no batch has taken."""
        for hosted in () if self.repository is None else self.repository.hosted:
            for name, runner in hosted.runners.items():
                yield name, hosted.version.model_version, runner.waiting_rows

    async def close(self) -> None:
        """Let running batches finish and refuse all others."""
        await self.backend.close()
        for hosted in () if self.repository is None else self.repository.hosted:
            for model in hosted.models.values():
                await asyncio.to_thread(model.close)
        self.threads.shutdown()


def _require_same_graphs(options: InferenceOptions, link: DeviceLink) -> None:
    device = {about.name for about in link.graphs}
    if device != (ours := set(options.graphs)):
        raise FailedPrecondition(
            f"the device process runs {', '.join(sorted(device))}, this process was given models for "
            f"{', '.join(sorted(ours))}"
        )


def _with_saved_defaults(
    options: InferenceOptions, saved: SavedAliases, store: ModelStore
) -> InferenceOptions:
    """Options with the default models of the last run, unless the settings have changed since.

    Raises:
        ArtifactError: the store no longer has such a model.
    """
    defaults = {alias.task: alias for alias in saved.in_force(options.configured) if alias.name == DEFAULT}
    folders = {task: _saved_folder(alias, store) for task, alias in defaults.items()}
    named = dict(options.named) | {task: alias.reference for task, alias in defaults.items()}
    return replace(
        options,
        detector=folders.get("detect", options.detector),
        embedder=folders.get("embed", options.embedder),
        classifier=folders.get("classify", options.classifier),
        named=named,
    )


def _saved_folder(alias: Alias, store: ModelStore) -> Path:
    """The folder of a default of the last run. Raises ArtifactError if it holds another model now."""
    try:
        folder = store.folder(alias.reference)
    except NotFound as error:
        raise ArtifactError(
            f"{alias.version}, to which the default was switched, is gone: there is no "
            f"{alias.reference!r}. Put it back, or remove models/{ALIASES_NAME} from the home folder to "
            "serve what the settings name"
        ) from error
    found = Artifact.load(folder).version.model_version
    if found != alias.version:
        raise ArtifactError(
            f"{alias.version}, to which the default was switched, is gone: {alias.reference!r} holds {found} "
            f"now. Put it back, or remove models/{ALIASES_NAME} from the home folder to serve what the "
            "settings name"
        )
    return folder


def _threads(options: InferenceOptions) -> PixelThreads:
    return PixelThreads(options.pixel_threads(), options.bulk_pixel_threads())


def _photos(threads: PixelThreads, options: InferenceOptions, observe: DecodeObserver) -> PhotoDecoder:
    budget = PixelBudget(options.max_pixels_in_flight)
    return PhotoDecoder(threads, budget, options.pipeline.decode, observe)


async def _fixed_graphs(
    models: LoadedModels, pipeline: Pipeline, options: InferenceOptions, statistics: GraphStatistics
) -> tuple[ListedGraph, ...]:
    """The graphs of the device process."""
    embedder = pipeline.embedder_version
    versions = {"detector": pipeline.detector_version, "image": embedder, "text": embedder}
    if pipeline.classifier_version is not None:
        versions["classifier"] = pipeline.classifier_version
    return tuple(
        [
            ListedGraph(
                name,
                model.manifest,
                versions[name],
                model.provider,
                max_batch=options.batching[name].max_batch,
                reference=options.references[model.manifest.task],
                memory_bytes=needed_bytes(model.artifact),
                row=model.row_format,
                output_shape=await measured_output_shape(pipeline.runners.runner(name), model),
                statistics=statistics,
            )
            for name, model in models.by_graph.items()
        ]
    )
