"""The registry of models: MLflow's, in a file of this machine or on a server."""

from __future__ import annotations

import logging
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from domain.addresses import redact
from domain.errors import ArtifactError, NotFound, Unavailable
from export.registry.artifact_facts import Facts
from export.registry.reference import RegistryReference, check_name
from export.registry.training_runs import RunStatus, Tracked, TrainingRun, metric_name
from models.manifest import FILE_NAME

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

URI_VARIABLE = "MLFLOW_TRACKING_URI"
"""MLflow's own variable of where its server is."""
EXPERIMENT = "armoire"
"""The experiment of runs that only keep a registered model; a recipe's own runs are in the recipe's."""
_MOST_PARAMS, _MOST_METRICS = 100, 1000
"""What MLflow takes in one call."""
_SQLITE = "sqlite:///"
_KEPT = "model"
"""The folder of a run's artifacts that a version points to."""


@dataclass(frozen=True, slots=True)
class RegisteredVersion:
    """A version of a registered model.

    Attributes:
        aliases: names that point to it, by name.
        create_ms: when it was registered, milliseconds since 1970.
        tags: what is known of it, such as its task and when servers took it.
    """

    name: str
    version: str
    aliases: tuple[str, ...]
    create_ms: int
    tags: dict[str, str]

    def __str__(self) -> str:
        return f"mlflow:{self.name}/{self.version}"


class ModelRegistry:
    """Artifacts and checkpoints under names, with versions that never change and aliases that move.

    Source: MLflow, Model Registry; aliases take the place of its former stages.
    """

    def __init__(self, client: MlflowClient, uri: str) -> None:
        self._client = client
        self._uri = uri

    @classmethod
    def at(cls, uri: str, home: Path) -> Self:
        """The registry at an MLflow URI, such as http://mlflow:5000; without one, in files of `home`/mlflow.

        Where the URI is that of a file of SQLite, artifacts lie beside it.

        Raises:
            Unavailable: mlflow-skinny is not installed.
        """
        if not uri:
            uri = f"{_SQLITE}{home.resolve() / 'mlflow' / 'mlflow.db'}"
        place = Path(uri.removeprefix(_SQLITE)).resolve().parent if uri.startswith(_SQLITE) else None
        if place is not None:
            place.mkdir(parents=True, exist_ok=True)
        registry = cls(_client(uri), uri)
        if place is not None:
            registry._keep_files_in(place / "artifacts")
        return registry

    def register(self, path: Path, name: str, facts: Facts, run_id: str = "") -> RegisteredVersion:
        """Keep the folder of an artifact, or a checkpoint, as the next version of `name`.

        `run_id` names the training run that it came from; without one, a run is made for it.

        Raises:
            InvalidInput: the name may not be a model's.
            NotFound: there is no such run.
            Unavailable: the registry does not answer.
        """
        check_name("name", name)
        with self._translated("run", run_id):
            run_id = run_id or self._client.create_run(self._experiment(), run_name=name).info.run_id
            self._log(run_id, path, facts)
            self._require_model(name)
            made = self._client.create_model_version(
                name, f"runs:/{run_id}/{_KEPT}", run_id=run_id, tags=dict(facts.tags)
            )
            return _version(made)

    def track(self, folder: Path, status: RunStatus | None = None) -> str:
        """Keep the run of a recipe, or what is new of it since it was kept last; returns the run's id.

        Without a status, a run with the figures of its report has ended, and others stay as they are.

        Raises:
            InvalidInput: the folder is none of a run.
            NotFound: the run that it was kept as is gone.
            Unavailable: the registry does not answer.
        """
        run, known = TrainingRun.read(folder), Tracked.of(folder, self._uri)
        with self._translated("run", "" if known is None else known.run_id):
            if known is None:
                made = self._client.create_run(self._experiment(), tags=run.tags, run_name=run.name)
                known = Tracked(self._uri, made.info.run_id, 0)
                self._log_params(known.run_id, run)
            self._log_rows(known, run)
            for path in run.files:
                self._client.log_artifact(known.run_id, str(path))
            Tracked(self._uri, known.run_id, len(run.rows)).write(folder)
            if status is RunStatus.RUNNING:
                self._client.update_run(known.run_id, status)
            elif status is not None or run.figures:
                self._client.set_terminated(known.run_id, status or RunStatus.FINISHED)
            return known.run_id

    def end_broken(self, folder: Path, status: RunStatus) -> None:
        """Give a run that does not go on a status, if it is at this registry and was said to be running.

        Raises:
            NotFound: the run that it was kept as is gone.
            Unavailable: the registry does not answer.
        """
        known = Tracked.of(folder, self._uri)
        if known is None:
            return
        with self._translated("run", known.run_id):
            if self._client.get_run(known.run_id).info.status == RunStatus.RUNNING:
                self._client.set_terminated(known.run_id, status)

    def set_alias(self, version: RegisteredVersion, alias: str) -> None:
        """Let an alias of the model point to this version, wherever it pointed before.

        Raises:
            InvalidInput: no alias may have that name.
            Unavailable: the registry does not answer.
        """
        check_name("alias", alias)
        with self._translated("model", str(version)):
            self._client.set_registered_model_alias(version.name, alias, version.version)

    def set_tag(self, version: RegisteredVersion, key: str, value: str) -> None:
        """Note something about a version. Raises Unavailable."""
        with self._translated("model", str(version)):
            self._client.set_model_version_tag(version.name, version.version, key, value)

    def resolve(self, reference: RegistryReference) -> RegisteredVersion:
        """The version that a reference means at the moment.

        Raises:
            NotFound: there is no such model, version or alias.
            Unavailable: the registry does not answer.
        """
        with self._translated("model", str(reference)):
            if reference.alias:
                found = self._client.get_model_version_by_alias(reference.name, reference.alias)
            else:
                found = self._client.get_model_version(reference.name, reference.version)
            return _version(found)

    def list(self, name: str = "") -> Sequence[RegisteredVersion]:
        """All versions, of one model or of all, by name, newest first.

        Raises:
            Unavailable: the registry does not answer.
        """
        wanted = f"name='{check_name('name', name)}'" if name else ""
        found: list[Any] = []
        with self._translated("model", name):
            token = None
            while token != "":
                page = self._client.search_model_versions(wanted, page_token=token)
                found += page
                token = page.token or ""
        # A search does not tell aliases.
        aliases = {each.name: each.aliases for each in map(self._model, {one.name for one in found})}
        versions = [_version(each, aliases[each.name]) for each in found]
        return sorted(versions, key=lambda each: (each.name, -int(each.version)))

    def download(self, version: RegisteredVersion, folder: Path) -> Path:
        """Write what a version holds into `folder`, which is there wholly or not at all; returns the folder.

        Raises:
            Unavailable: the registry or its files do not answer.
        """
        if folder.exists():
            return folder
        folder.parent.mkdir(parents=True, exist_ok=True)
        with (
            self._translated("model", str(version)),
            tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as incoming,
        ):
            uri = self._client.get_model_version_download_uri(version.name, version.version)
            Path(_download(uri, incoming, self._uri)).rename(folder)
        return folder

    def checkpoint(self, version: RegisteredVersion, folder: Path) -> Path:
        """A checkpoint, downloaded into `folder`: its file, or the folder where it has several.

        Raises:
            ArtifactError: the version holds an artifact, which needs no export.
            Unavailable: the registry or its files do not answer.
        """
        entries = list(self.download(version, folder).iterdir())
        if any(path.name == FILE_NAME for path in entries):
            raise ArtifactError(f"{version} is an artifact already; an export takes a checkpoint")
        return entries[0] if len(entries) == 1 and entries[0].is_file() else folder

    def _log(self, run_id: str, path: Path, facts: Facts) -> None:
        for figure, value in facts.metrics.items():
            self._client.log_metric(run_id, figure, value)
        for key, text in facts.tags.items():
            self._client.set_tag(run_id, key, text)
        if path.is_dir():
            self._client.log_artifacts(run_id, str(path), _KEPT)
        else:
            self._client.log_artifact(run_id, str(path), _KEPT)

    def _log_params(self, run_id: str, run: TrainingRun) -> None:
        from mlflow.entities import Param

        params = [Param(key, value) for key, value in run.params.items()]
        for start in range(0, len(params), _MOST_PARAMS):
            self._client.log_batch(run_id, params=params[start : start + _MOST_PARAMS])

    def _log_rows(self, known: Tracked, run: TrainingRun) -> None:
        """The figures of the epochs since, and those of the report once there are some."""
        from mlflow.entities import Metric

        now_ms = int(time.time() * 1000)
        metrics = [
            Metric(metric_name(name), value, now_ms, int(row.get("epoch", row.get("step", index))))
            for index, row in enumerate(run.rows)
            if index >= known.rows
            for name, value in row.items()
        ]
        metrics += [Metric(name, value, now_ms, 0) for name, value in run.figures.items()]
        for start in range(0, len(metrics), _MOST_METRICS):
            self._client.log_batch(known.run_id, metrics=metrics[start : start + _MOST_METRICS])

    def _experiment(self) -> str:
        found = self._client.get_experiment_by_name(EXPERIMENT)
        return str(self._client.create_experiment(EXPERIMENT) if found is None else found.experiment_id)

    def _keep_files_in(self, folder: Path) -> None:
        """Make the experiment, whose files would be in the working folder else."""
        if self._client.get_experiment_by_name(EXPERIMENT) is None:
            self._client.create_experiment(EXPERIMENT, artifact_location=folder.as_uri())

    def _require_model(self, name: str) -> None:
        if not self._client.search_registered_models(f"name='{name}'"):
            self._client.create_registered_model(name)

    def _model(self, name: str) -> Any:
        return self._client.get_registered_model(name)

    @contextmanager
    def _translated(self, kind: str, name: str) -> Iterator[None]:
        from mlflow.exceptions import MlflowException

        try:
            yield
        except MlflowException as error:
            if _is_missing(error):
                raise NotFound(kind, name, "`list` shows what the registry has") from error
            raise Unavailable(f"the registry at {redact(self._uri)} does not answer: {error}") from error
        except OSError as error:
            raise Unavailable(f"files of the registry at {redact(self._uri)}: {error}") from error


def registered_checkpoint(reference: str, home: Path) -> Path:
    """The file or folder of a registered checkpoint, kept in the home's folder of downloads.

    The registry is at MLFLOW_TRACKING_URI, or in the home folder. Raises as `ModelRegistry.checkpoint`, and
    as `resolve` and `at`.
    """
    wanted = RegistryReference.parse(reference, "checkpoint")
    registry = ModelRegistry.at(os.environ.get(URI_VARIABLE, ""), home)
    version = registry.resolve(wanted)
    return registry.checkpoint(version, home / "mlflow/downloads" / f"{version.name}-v{version.version}")


def _is_missing(error: MlflowException) -> bool:
    """Whether a name, version or alias is not there; of a missing alias MLflow has another code."""
    text = str(error)
    return error.error_code == "RESOURCE_DOES_NOT_EXIST" or ("alias" in text and "not found" in text)


def _client(uri: str) -> MlflowClient:
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    os.environ.setdefault("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "2")  # of 7, which take minutes
    os.environ.setdefault("MLFLOW_LOGGING_LEVEL", "WARNING")
    logging.getLogger("alembic").setLevel(logging.WARNING)  # tells each migration of a new file
    try:
        from mlflow import MlflowClient
    except ImportError:
        raise Unavailable("mlflow-skinny is not installed: pip install --group registry") from None
    return MlflowClient(tracking_uri=uri, registry_uri=uri)


def _download(uri: str, folder: str, tracking_uri: str) -> str:
    from mlflow.artifacts import download_artifacts

    return str(download_artifacts(artifact_uri=uri, dst_path=folder, tracking_uri=tracking_uri))


def _version(found: Any, aliases: dict[str, str] | None = None) -> RegisteredVersion:
    """Aliases by name are those of all versions of the model; without them, the version's own are told."""
    version = str(found.version)
    if aliases is None:
        names = [str(name) for name in found.aliases]
    else:
        names = [name for name, target in aliases.items() if str(target) == version]
    return RegisteredVersion(
        found.name, version, tuple(sorted(names)), int(found.creation_timestamp), dict(found.tags)
    )
