"""A `Setting` in terms of the server's settings: read from them, applied to them, written as variables."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from models.artifact import Artifact
from services.host.composition import inference_options, resolve_artifact
from services.inference.cores import cpu_count
from services.inference.options import InferenceOptions
from services.tuning.setting import Setting
from settings import DELIMITER, PREFIX, Settings

GROUPS = {
    "provider": "models",
    "slots": "models",
    "intra_op_threads": "models",
    "exclusive_threads": "models",
    "detector_max_batch": "batching",
    "embedder_max_batch": "batching",
}
"""The group of the settings tree that holds each field of a `Setting`."""


def with_models(settings: Settings, detector: str | None, embedder: str | None) -> Settings:
    """Replace the models that are given.

    Raises:
        SystemExit: a model does not exist.
    """
    given = {"detector": detector, "embedder": embedder}
    settings = replaced(settings, models={name: value for name, value in given.items() if value})
    for reference in (settings.models.detector, settings.models.embedder):
        resolve_artifact(reference)
    return settings


def replaced(settings: Settings, **groups: dict[str, object]) -> Settings:
    """Copy the settings with other values, which are not validated, in groups of the tree."""
    changed = {name: getattr(settings, name).model_copy(update=values) for name, values in groups.items()}
    return settings.model_copy(update=changed)


def options_of(settings: Settings, setting: Setting) -> InferenceOptions:
    """The options that the server would have with `setting`."""
    values: dict[str, dict[str, object]] = {"models": {}, "batching": {}}
    for name, value in asdict(setting).items():
        values[GROUPS[name]][name] = value
    return inference_options(replaced(settings, **values))


def setting_of(settings: Settings) -> Setting:
    """The setting that the server runs with; automatic values are resolved as the server resolves them."""
    models, batching = settings.models, settings.batching
    return Setting(
        models.provider,
        models.slots or (cpu_count() if models.provider == "cpu" else 2),
        models.intra_op_threads,
        models.exclusive_threads or cpu_count(),
        batching.detector_max_batch,
        batching.embedder_max_batch,
    ).canonical


def settings_lines(chosen: Setting, settings: Settings) -> Iterator[str]:
    """NAME=value for everything that differs from the defaults or from the present settings."""
    defaults = Settings.model_construct()
    for name in ("detector", "embedder"):
        if (reference := getattr(settings.models, name)) != getattr(defaults.models, name):
            yield _line("models", name, absolute(reference))
    automatic = setting_of(replaced(defaults, models={"provider": chosen.provider}))
    default = asdict(automatic) | {"provider": defaults.models.provider}
    present = asdict(setting_of(settings))
    for name, value in asdict(chosen).items():
        if not value == default[name] == present[name]:
            yield _line(GROUPS[name], name, str(value))


def _line(group: str, name: str, value: str) -> str:
    return f"{PREFIX}{group}{DELIMITER}{name}".upper() + f"={shlex.quote(value)}"


def quoted(lines: Sequence[str]) -> list[str]:
    """Names of the variables whose values needed quotes for a shell."""
    pairs = [line.split("=", 1) for line in lines]
    return [name for name, value in pairs if shlex.split(value) != [value]]


def absolute(reference: str) -> str:
    """A folder as absolute path, valid wherever the server is started; a tag as it is."""
    folder = Path(reference)
    return str(folder.resolve()) if (folder / "manifest.json").is_file() else reference


def version_of(reference: str) -> str:
    version = Artifact.load(resolve_artifact(reference)).version
    return f"{version.model_version}, preprocessing {version.preprocess_version}"
