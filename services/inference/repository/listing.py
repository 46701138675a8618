"""The graphs of all models, loaded and stored, as they are listed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from domain.errors import ArtifactError
from domain.types import ModelVersion
from models.manifest import FILE_NAME, GRAPHS, Manifest
from models.model import RowFormat
from services.inference.repository.hosted_model import HostedModel, ModelState
from services.inference.repository.model_repository import ModelRepository
from services.inference.repository.model_store import StoredModel, failure_text
from services.inference.repository.pipeline_source import DEFAULT
from services.inference.run_statistics import GraphStatistics


@dataclass(frozen=True, slots=True)
class ListedGraph:
    """One graph of a model, as `ListModels` describes it. What only a loaded graph has is empty for others.

    Attributes:
        graph: "detector", "image", "text" or "classifier".
        version: the version that the model's answers carry.
        provider: the execution provider that runs the graph, if it is loaded.
        aliases: the aliases that point to the model.
        max_batch: the most rows of one batch, if the graph is loaded.
        reference: the tag or name that loads the model.
        memory_bytes: the estimate of `needed_bytes` for the whole model, if it is loaded.
        row: the format of one input row, if the graph is loaded.
        output_shape: the shape of one output row, which is float32, if the graph is loaded.
        statistics: what the graphs of its model have done, if it is loaded.
    """

    graph: str
    manifest: Manifest
    version: ModelVersion
    provider: str = ""
    state: ModelState = ModelState.READY
    aliases: Sequence[str] = (DEFAULT,)
    max_batch: int = 0
    reference: str = ""
    memory_bytes: int = 0
    row: RowFormat | None = None
    output_shape: tuple[int, ...] = ()
    statistics: GraphStatistics | None = None


@dataclass(frozen=True, slots=True)
class UnusableModel:
    """A stored model whose manifest does not hold, and the reason."""

    reference: str
    failure: str


def listed_graphs(repository: ModelRepository) -> list[ListedGraph]:
    """The graphs of the models that are loaded, being loaded or being unloaded."""
    hosted = [graph for model in repository.hosted for graph in hosted_graphs(repository, model)]
    loading = [
        graph
        for reference, artifact in repository.loading.items()
        for graph in _of_manifest(artifact.manifest, reference, ModelState.LOADING)
    ]
    return hosted + loading


def stored_graphs(repository: ModelRepository) -> Iterator[ListedGraph | UnusableModel]:
    """The graphs of the models that can be loaded and are not."""
    known = {model.reference for model in repository.hosted} | repository.loading.keys()
    versions = {model.manifest.version for model in repository.hosted}
    for stored in repository.stored():
        if stored.reference in known:
            continue
        try:
            manifest = _read_manifest(stored)
        except (ArtifactError, OSError) as error:
            yield UnusableModel(stored.reference, failure_text(error, stored.folder, stored.reference))
        else:
            if manifest.version not in versions:
                yield from _of_manifest(manifest, stored.reference, ModelState.STORED)


def hosted_graphs(repository: ModelRepository, hosted: HostedModel) -> Iterator[ListedGraph]:
    """The graphs of a loaded model."""
    for name, model in hosted.models.items():
        yield ListedGraph(
            name,
            model.manifest,
            hosted.version,
            model.provider,
            hosted.state,
            repository.aliases_of(hosted),
            hosted.runners[name].max_batch,
            hosted.reference,
            hosted.memory_bytes,
            model.row_format,
            hosted.output_shapes[name],
            hosted.statistics,
        )


def _of_manifest(manifest: Manifest, reference: str, state: ModelState) -> Iterator[ListedGraph]:
    for name in GRAPHS[manifest.task]:
        yield ListedGraph(name, manifest, manifest.version, "", state, (), 0, reference)


def _read_manifest(stored: StoredModel) -> Manifest:
    manifest = Manifest.from_json((stored.folder / FILE_NAME).read_bytes())
    manifest.check()
    return manifest
