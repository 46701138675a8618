"""The models of one process: loaded, warmed up, switched and unloaded while calls go on."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Protocol

from domain.errors import ArmoireError, ArtifactError, FailedPrecondition, InvalidInput, NotFound
from models.artifact import Artifact
from models.manifest import Task
from services.inference.pipeline.pipeline import Pipeline
from services.inference.repository.hosted_model import HostedModel, ModelState
from services.inference.repository.journal import Alias, EventKind, Journal, ModelEvent, SavedAliases
from services.inference.repository.memory import MemoryLimit, needed_bytes
from services.inference.repository.model_store import ModelStore, StoredModel, failure_text
from services.inference.repository.pipeline_source import DEFAULT, ModelChoice

LOG = logging.getLogger("armoire.models")

_ALIAS = re.compile(r"[a-z][a-z0-9_-]{0,62}")


class ModelFactory(Protocol):
    """Opens models and puts pipelines around them."""

    async def open(self, artifact: Artifact, reference: str) -> HostedModel:
        """Open a model, check it and run batches of every allowed size.

        Raises:
            ArtifactError: a graph cannot be read, or its outputs differ from the golden ones.
        """
        ...

    def pipeline(self, models: Mapping[Task, HostedModel]) -> Pipeline:
        """A pipeline of a detector, an embedder and perhaps a classifier.

        Raises:
            FailedPrecondition: they do not go together, as `ItemClassifier.of` says.
        """
        ...

    async def warm_up(self, pipeline: Pipeline) -> None:
        """Analyse a first photo and embed a first text."""
        ...


class ModelRepository:
    """Loaded models by version, with aliases for each task.

    A call keeps the models that it began with: an alias that moves meanwhile does not concern it, and a model
    is closed only after its last call.
    """

    def __init__(
        self, factory: ModelFactory, store: ModelStore, journal: Journal, limit: MemoryLimit = MemoryLimit()
    ) -> None:
        self._factory = factory
        self._store = store
        self._journal = journal
        self._limit = limit
        self._hosted: dict[str, HostedModel] = {}
        self._loading: dict[str, Artifact] = {}
        self._aliases: dict[Task, dict[str, HostedModel]] = {"detect": {}, "embed": {}, "classify": {}}
        self._pipelines: dict[tuple[HostedModel, ...], Pipeline] = {}
        self._held: dict[str, Alias] = {}
        self._configured: Mapping[str, str] = {}
        self._changing = asyncio.Lock()

    # Calls

    @contextmanager
    def use(
        self,
        detector: ModelChoice = ModelChoice(),
        embedder: ModelChoice = ModelChoice(),
        classifier: ModelChoice = ModelChoice(),
    ) -> Iterator[Pipeline]:
        """See `PipelineSource`."""
        models = self._defaults()
        models["detect"] = self._resolve("detect", detector)
        models["embed"] = self._resolve("embed", embedder)
        if classifier.name is not None:
            models["classify"] = self._resolve("classify", classifier)
        with ExitStack() as uses:
            for hosted in models.values():
                uses.enter_context(hosted.used())
            yield self._pipeline(models)

    def _defaults(self) -> dict[Task, HostedModel]:
        """The default model of each task that has one."""
        return {task: aliases[DEFAULT] for task, aliases in self._aliases.items() if DEFAULT in aliases}

    def _pipeline(self, models: Mapping[Task, HostedModel]) -> Pipeline:
        key = tuple(models.values())
        if key not in self._pipelines:
            self._pipelines[key] = self._factory.pipeline(models)
        return self._pipelines[key]

    def _resolve(self, task: Task, choice: ModelChoice) -> HostedModel:
        aliases = self._aliases[task]
        if choice.name is None:
            return aliases[DEFAULT]
        hosted = self._hosted.get(choice.name) or aliases.get(choice.name)
        if hosted is None or hosted.manifest.task != task or hosted.state is not ModelState.READY:
            raise choice.not_served(self._ready_versions(task))
        return hosted

    def _ready_versions(self, task: Task) -> list[str]:
        ready = (model for model in self._hosted.values() if model.state is ModelState.READY)
        return [model.version.model_version for model in ready if model.manifest.task == task]

    # Changes

    async def start(self, first: Sequence[HostedModel], configured: Mapping[str, str]) -> None:
        """Serve the first models, one a task, and load what the other aliases of the last run point to.

        `configured` has the references that the settings name, by task.

        Raises:
            FailedPrecondition: the first models take more memory than models may.
        """
        self._configured = configured
        self._limit.require_total(sum(hosted.memory_bytes for hosted in first))
        saved = self._journal.saved()
        for hosted in first:
            self._add(hosted)
            self._aliases[hosted.manifest.task][DEFAULT] = hosted
        await self._factory.warm_up(self._pipeline(self._defaults()))
        for alias in saved.in_force(configured):
            await self._restore(alias)
        self._held = {held.version: held for held in saved.held}
        for held in saved.held:
            await self._restore_held(held)
        self._save()

    async def _restore(self, alias: Alias) -> None:
        try:
            hosted = await self._load(alias.reference)
        except ArmoireError as error:
            LOG.warning("the alias %r of the last run is dropped: %s", alias.name, error)
            return
        if hosted.version.model_version == alias.version:
            self._aliases[alias.task].setdefault(alias.name, hosted)
        else:
            LOG.warning(
                "the alias %r of the last run is dropped: %s is %s now, no longer %s",
                alias.name,
                alias.reference,
                hosted.version.model_version,
                alias.version,
            )

    async def _restore_held(self, held: Alias) -> None:
        """Load a model that the catalogue needed in the last run, unless it is loaded."""
        try:
            if held.version not in self._hosted:
                await self._load(held.reference)
        except ArmoireError as error:
            LOG.warning("%s, which the catalogue needs, cannot be loaded: %s", held.version, error)

    async def hold(self, versions: Sequence[str]) -> None:
        """Refuse to unload these embedders, and load them at the next start, until others are held.

        A version that is not loaded is held as soon as it is asked for again and is loaded then.
        """
        async with self._changing:
            held = {version: self._held_model(version) for version in versions}
            kept = {version: alias for version, alias in held.items() if alias is not None}
            if kept != self._held:
                self._held = kept
                self._save()

    def _held_model(self, version: str) -> Alias | None:
        hosted = self._hosted.get(version)
        return self._held.get(version) if hosted is None else Alias("embed", "", version, hosted.reference)

    async def load(self, reference: str) -> HostedModel:
        """Load a model that answers only calls that ask for it, until an alias points to it.

        Raises:
            NotFound: the store has no such model.
            ArtifactError: its hashes, its parity, its manifest or its golden outputs do not hold.
            FailedPrecondition: it does not fit into the memory, or does not go with the default models.
        """
        async with self._changing:
            return await self._load(reference)

    async def unload(self, name: str) -> ModelEvent:
        """Unload a model, named by its version or its reference, after its last call; returns the event.

        Raises:
            NotFound: no such model is loaded.
            FailedPrecondition: an alias points to it.
        """
        async with self._changing:
            hosted = self.loaded(name)
            version = hosted.version.model_version
            if names := self.aliases_of(hosted):
                raise FailedPrecondition(
                    f"{version} is {', '.join(map(repr, names))}: point the alias to another model first",
                    reason="MODEL_IN_USE",
                )
            if version in self._held:
                raise FailedPrecondition(
                    f"the catalogue needs {version}: swap to another collection and drop this one first",
                    reason="MODEL_IN_USE",
                )
            hosted.state = ModelState.UNLOADING
            try:
                await hosted.close()
            except BaseException:  # the caller did not wait for the last call
                hosted.state = ModelState.READY
                raise
            del self._hosted[version]
            self._forget(hosted)
            event = ModelEvent(EventKind.UNLOADED, version, reference=hosted.reference)
            self._journal.record(event)
            return event

    async def set_alias(self, name: str, model: str) -> tuple[HostedModel, str]:
        """Point an alias to a loaded model, named by its version or its reference.

        Returns that model, and the version that the alias pointed to before, or "".

        Raises:
            InvalidInput: the name is not one for an alias.
            NotFound: no such model is loaded.
        """
        if not _ALIAS.fullmatch(name):
            raise InvalidInput(
                "alias", f'must be 1 to 63 of a-z, 0-9, "-" and "_", the first a letter, got {name[:80]!r}'
            )
        async with self._changing:
            if name in self._hosted:
                raise InvalidInput("alias", f"must not be the version of a loaded model, got {name!r}")
            hosted = self.loaded(model)
            return hosted, self._point(name, hosted)

    async def delete_alias(self, name: str, task: Task) -> ModelEvent:
        """Remove an alias; returns the event, with the version that it pointed to.

        Raises:
            NotFound: the task has no such alias.
            FailedPrecondition: it is the default detector or embedder, which calls need.
        """
        async with self._changing:
            if name == DEFAULT and task != "classify":
                raise FailedPrecondition(
                    f"calls need a default for the task {task!r}: point it to another model instead",
                    reason="MODEL_IN_USE",
                )
            hosted = self._aliases[task].pop(name, None)
            if hosted is None:
                raise NotFound("alias", name)
            version = hosted.version.model_version
            event = ModelEvent(EventKind.ALIAS_DELETED, version, name)
            self._journal.record(event)
            self._save()
            return event

    async def _load(self, reference: str) -> HostedModel:
        """Load a model that is not loaded yet; a failure is an event, too."""
        folder, artifact = self._store.folder(reference), None
        try:
            artifact = await asyncio.to_thread(Artifact.load, folder)
            if known := self._hosted.get(artifact.version.model_version):
                return known
            hosted = await self._open(artifact, reference)
        except ArmoireError as error:
            if isinstance(error, ArtifactError):
                error = ArtifactError(failure_text(error, folder, reference))
            version = "" if artifact is None else artifact.version.model_version
            event = ModelEvent(EventKind.LOAD_FAILED, version, reference=reference, message=str(error))
            self._journal.record(event)
            raise error
        self._add(hosted)
        return hosted

    async def _open(self, artifact: Artifact, reference: str) -> HostedModel:
        """Open a model and warm it up together with the default models."""
        self._require_loadable(artifact)
        self._loading[reference] = artifact
        try:
            hosted = await self._factory.open(artifact, reference)
            try:
                await self._factory.warm_up(self._pipeline(self._defaults() | {hosted.manifest.task: hosted}))
            except BaseException:
                self._forget(hosted)
                await hosted.close()
                raise
            hosted.statistics.clear()
            return hosted
        finally:
            del self._loading[reference]

    def _forget(self, hosted: HostedModel) -> None:
        """Drop the pipelines of a model."""
        self._pipelines = {models: made for models, made in self._pipelines.items() if hosted not in models}

    def _require_loadable(self, artifact: Artifact) -> None:
        loaded = sum(hosted.memory_bytes for hosted in self._hosted.values())
        self._limit.require(artifact.version.model_version, needed_bytes(artifact), loaded)

    def _add(self, hosted: HostedModel) -> None:
        version = hosted.version.model_version
        self._hosted[version] = hosted
        self._journal.record(ModelEvent(EventKind.LOADED, version, reference=hosted.reference))
        LOG.info("%s is loaded from %s", version, hosted.reference)

    def _point(self, name: str, hosted: HostedModel) -> str:
        """Point an alias to a model; returns the version that it pointed to before, or ""."""
        aliases, version = self._aliases[hosted.manifest.task], hosted.version.model_version
        before = aliases.get(name)
        previous = "" if before is None else before.version.model_version
        aliases[name] = hosted
        self._journal.record(ModelEvent(EventKind.ALIAS_SET, version, name, previous, hosted.reference))
        self._save()
        LOG.info("the alias %r points to %s, before it was %s", name, version, previous or "new")
        return previous

    def _save(self) -> None:
        aliases = tuple(
            Alias(task, name, hosted.version.model_version, hosted.reference)
            for task, by_name in self._aliases.items()
            for name, hosted in by_name.items()
        )
        self._journal.save(SavedAliases(self._configured, aliases, tuple(self._held.values())))

    # What there is

    def loaded(self, name: str) -> HostedModel:
        """The model with this version, or the only one loaded from this reference.

        Raises:
            NotFound: there is none, or it is being unloaded.
            FailedPrecondition: several versions were loaded from this reference.
        """
        ready = {version: model for version, model in self._hosted.items() if model.state is ModelState.READY}
        if name in ready:
            return ready[name]
        versions = [version for version, model in ready.items() if model.reference == name]
        if len(versions) > 1:
            listed = ", ".join(versions)
            raise FailedPrecondition(
                f"{len(versions)} models are loaded from {name!r}; name one by its version: {listed}"
            )
        if not versions:
            raise NotFound("loaded model", name, f"the loaded versions are {', '.join(ready)}")
        return ready[versions[0]]

    @property
    def ready(self) -> bool:
        """Whether the default models answer."""
        return all(model.ready for hosted in self._defaults().values() for model in hosted.models.values())

    @property
    def hosted(self) -> Sequence[HostedModel]:
        """The models that are loaded or about to be unloaded."""
        return tuple(self._hosted.values())

    @property
    def loading(self) -> Mapping[str, Artifact]:
        """The models that are being opened, by reference."""
        return self._loading

    def aliased(self, task: Task, name: str) -> HostedModel | None:
        """The model that an alias points to."""
        return self._aliases[task].get(name)

    def aliases_of(self, hosted: HostedModel) -> list[str]:
        """The aliases that point to a model."""
        aliases = self._aliases[hosted.manifest.task]
        return sorted(name for name, pointed in aliases.items() if pointed is hosted)

    def stored(self) -> Sequence[StoredModel]:
        """The models that can be loaded."""
        return self._store.list()

    def events(self, size: int, token: str) -> tuple[Sequence[ModelEvent], str]:
        """A page of the history, newest first; see `Journal.events`."""
        return self._journal.events(size, token)


def changeable(repository: ModelRepository | None) -> ModelRepository:
    """The repository of this process.

    Raises:
        FailedPrecondition: it has none, as an edge, whose models belong to the device process.
    """
    if repository is None:
        raise FailedPrecondition(
            "the models of several edges are those of one device process, which loads them at its start",
            reason="MODELS_ARE_FIXED",
        )
    return repository
