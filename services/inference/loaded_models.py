"""Models loaded from artifacts and checked against their golden outputs."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from domain.errors import ArtifactError
from domain.types import Embedder
from models.artifact import Artifact
from models.classifier import Classifier
from models.detector import Detector
from models.fact_cache import FactCache
from models.image_encoder import ImageEncoder
from models.machine import machine_facts
from models.manifest import GOLDEN_NAME, Task
from models.model import Model
from models.optimized_graph import discard, optimized_graph
from models.providers import BatchProfile, engine_folder, has_engine, require_installed
from models.session import OnnxSession, Session, share_arena
from models.text_encoder import TextEncoder
from services.inference.engine_build import building_logged
from services.inference.options import InferenceOptions
from services.inference.remote_sessions.contract import GraphContract
from services.inference.remote_sessions.session import CheckedSession, RemoteSession

LOG = logging.getLogger("armoire.inference")

M = TypeVar("M", bound=Model)


MODELS: dict[Task, tuple[type[Model], ...]] = {
    "detect": (Detector,),
    "embed": (ImageEncoder, TextEncoder),
    "classify": (Classifier,),
}
"""The models of an artifact by its task."""


@dataclass(frozen=True, slots=True, eq=False)
class LoadedModels:
    """The models of one server; `classifier` is None where none is served."""

    detector: Detector
    image_encoder: ImageEncoder
    text_encoder: TextEncoder
    classifier: Classifier | None = None

    @classmethod
    def open(cls, options: InferenceOptions) -> LoadedModels:
        """Open the models on several threads; onnxruntime opens graphs without Python's lock.

        TensorRT times kernels while it builds an engine, so engines are built one after the other.
        """
        detector, embedder, classifier = _load_artifacts(options, FactCache.below(options.cache_folder))
        if options.provider == "cpu":
            share_arena()
        artifacts = [artifact for artifact in (detector, embedder, classifier) if artifact is not None]
        pairs = [(artifact, options.references[artifact.manifest.task]) for artifact in artifacts]
        with _opener(pairs, options) as opener:
            at_once = 1 if options.provider == "tensorrt" else len(options.graphs)
            with ThreadPoolExecutor(at_once, thread_name_prefix="open") as threads:
                image = threads.submit(opener.open, ImageEncoder, embedder)
                text = threads.submit(opener.open, TextEncoder, embedder)
                boxes = threads.submit(opener.open, Detector, detector)
                labels = None if classifier is None else threads.submit(opener.open, Classifier, classifier)
            return cls(boxes.result(), image.result(), text.result(), labels.result() if labels else None)

    @classmethod
    def elsewhere(cls, options: InferenceOptions, session: Callable[[str], Session]) -> LoadedModels:
        """Models whose graphs another process has opened; `session` makes a session by graph name."""
        detector, embedder, classifier = _load_artifacts(options, FactCache.below(options.cache_folder))
        return cls(
            Detector(detector, session("detector")),
            ImageEncoder(embedder, session("image")),
            TextEncoder(embedder, session("text")),
            None if classifier is None else Classifier(classifier, session("classifier")),
        )

    @property
    def embedder(self) -> Embedder:
        image, text = self.image_encoder, self.text_encoder
        return Embedder(image.version, image.embedding_width, text.logit_scale)

    @property
    def by_graph(self) -> dict[str, Model]:
        """The models by the names of their graphs."""
        models = (self.detector, self.image_encoder, self.text_encoder, self.classifier)
        return {model.graph: model for model in models if model is not None}

    def close(self) -> None:
        """Leave the model servers that run graphs."""
        for model in self.by_graph.values():
            model.close()


def open_artifact(artifact: Artifact, reference: str, options: InferenceOptions) -> dict[str, Model]:
    """Open all models of an artifact and check their golden outputs; by the names of their graphs.

    Raises:
        ArtifactError: a graph cannot be read, or its outputs differ from the golden ones.
        FailedPrecondition: a model server has another model.
        Unavailable, Overloaded: a model server does not answer.
    """
    with _opener([(artifact, reference)], options) as opener:
        return {kind.graph: opener.open(kind, artifact) for kind in MODELS[artifact.manifest.task]}


def _load_artifacts(
    options: InferenceOptions, facts: FactCache
) -> tuple[Artifact, Artifact, Artifact | None]:
    """Load the artifacts (detector, embedder, classifier)."""
    classifier = options.classifier
    return (
        _load_artifact(options.detector, "detect", facts),
        _load_artifact(options.embedder, "embed", facts),
        None if classifier is None else _load_artifact(classifier, "classify", facts),
    )


def _load_artifact(folder: Path, task: str, facts: FactCache) -> Artifact:
    artifact = Artifact.load(folder, facts)
    if artifact.manifest.task != task:
        raise ArtifactError(
            f"{folder} holds a model for {artifact.manifest.task!r}; one for {task!r} is needed"
        )
    return artifact


def _caches(graphs: Iterable[Path], options: InferenceOptions) -> dict[Path, Path | None]:
    """The cache of each graph; None if its optimized version cannot be cached.

    Graphs are optimized one after the other, because each takes twice the memory of its weights meanwhile.
    """
    cache = options.cache_folder
    if cache is None or options.provider != "cpu":
        return dict.fromkeys(graphs, cache)
    return {graph: cache if optimized_graph(graph, cache) else None for graph in graphs}


@contextmanager
def _opener(artifacts: Iterable[tuple[Artifact, str]], options: InferenceOptions) -> Iterator[_Opener]:
    """Prepare to open the graphs of artifacts, which come with their references.

    Model servers are connected first, since they may have to be waited for, and left if the block fails.
    """
    with ExitStack() as undo:
        sessions, paths = dict[str, RemoteSession](), list[Path]()
        for artifact, reference in artifacts:
            remote = options.remote_graphs(artifact.manifest.task, reference)
            for graph, address in remote.items():
                contract = GraphContract.of(graph, artifact)
                sessions[graph] = RemoteSession.open(address, contract, options.remote_timeout_s)
                undo.callback(sessions[graph].close)
            graphs = (kind.graph for kind in MODELS[artifact.manifest.task])
            paths += [artifact.graph(graph) for graph in graphs if graph not in remote]
        facts = FactCache.below(options.cache_folder)
        yield _Opener(options, facts, _caches(paths, options), sessions)
        undo.pop_all()


@dataclass(frozen=True, slots=True, eq=False)
class _Opener:
    """Opens models and checks them; `sessions` are those of graphs that model servers run."""

    options: InferenceOptions
    facts: FactCache
    caches: dict[Path, Path | None]
    sessions: Mapping[str, RemoteSession]

    def open(self, kind: type[M], artifact: Artifact) -> M:
        """Open a model. An optimized graph that fails may be damaged, so it is optimized again once.

        If that fails, too, the graph of the artifact is used.
        """
        if kind.graph in self.sessions:
            return self._open_remote(kind, artifact, self.sessions[kind.graph])
        path = artifact.graph(kind.graph)
        cache = self.caches[path]
        if self.options.provider == "tensorrt":
            return self._open_engine(kind, artifact, cache)
        if cache is None or self.options.provider != "cpu":
            return self._open(kind, artifact, cache)
        for _ in range(2):
            try:
                return self._open(kind, artifact, cache)
            except Exception as error:  # the errors of onnxruntime have no public base class
                LOG.warning("the optimized version of %s fails and is removed: %s", path, error)
                discard(path, cache)
        return self._open(kind, artifact, None)

    def _open_engine(self, kind: type[M], artifact: Artifact, cache: Path | None) -> M:
        """Open a model in TensorRT. A cached engine that fails may be damaged, so it is built again."""
        require_installed("tensorrt")
        folder = engine_folder(artifact.graph(kind.graph), self._batches(kind, artifact), cache)
        if folder is not None and has_engine(folder):
            try:
                return self._open(kind, artifact, cache)
            except Exception as error:
                LOG.warning("the engine in %s fails and is built anew: %s", folder, error)
                shutil.rmtree(folder, ignore_errors=True)
        with building_logged(kind.graph, folder):
            return self._open(kind, artifact, cache)

    def _batches(self, kind: type[Model], artifact: Artifact) -> BatchProfile:
        return BatchProfile(kind.row_shape(artifact), self.options.batching[kind.graph].max_batch)

    def _open(self, kind: type[M], artifact: Artifact, cache: Path | None) -> M:
        session = partial(
            OnnxSession,
            provider=self.options.provider,
            intra_op_threads=self.options.intra_op_threads,
            exclusive_threads=self.options.exclusive_thread_count(),
            cache=cache,
            batches=self._batches(kind, artifact),
        )
        return self._verified(kind.load(artifact, session))

    def _open_remote(self, kind: type[M], artifact: Artifact, session: RemoteSession) -> M:
        """The model in a session that checks it again whenever its server may have another one."""
        check = kind(artifact, session).check if self.options.verify_golden else session.compare
        return self._verified(kind(artifact, CheckedSession(session, check)))

    def _verified(self, model: M) -> M:
        if self.options.verify_golden:
            _verify(model, self.facts if model.provider == "cpu" else FactCache())
        return model


def _verify(model: Model, facts: FactCache) -> None:
    """Compare golden outputs; only the first if all held before on this CPU with this onnxruntime.

    All are compared if the first differs, because the tolerance applies to all of them together.
    """
    key = ("golden", model.manifest.files[GOLDEN_NAME], *model_facts(model))
    known = facts.get(*key) == "held" and _first_holds(model)
    if not known:
        model.check()
        facts.put("held", *key)
    LOG.info("%s golden outputs hold for %s", "the first" if known else "all", model.version)


def _first_holds(model: Model) -> bool:
    try:
        model.check(1)
    except ArtifactError:
        return False
    return True


def model_facts(model: Model) -> tuple[str, ...]:
    """The facts on which outputs and speed of a model depend on a CPU."""
    return (type(model).__name__, str(model.version), *machine_facts())
