"""Runs of recipes in MLflow: what they were made from and with, their figures by epoch, reports and curves.

A recipe writes its folder and knows nothing of MLflow; this reads the folder, during a run or after it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from domain.atomic_file import atomic_file
from domain.errors import InvalidInput

METRICS, FIGURES, TRACKED = "metrics.json", "figures.json", "tracked.json"
FILES = ("report.md", "curves.svg", "curves.png", "metrics.csv", FIGURES)
"""What is kept of a run beside its figures; its weights are kept by `register`."""
_NO_NAME = re.compile(r"[^\w\-. :/]")
_MAX_TEXT = 500


class RunStatus(StrEnum):
    """MLflow's words for how a run stands: `KILLED` is a run that was interrupted."""

    RUNNING = "RUNNING"
    FINISHED = "FINISHED"
    FAILED = "FAILED"
    KILLED = "KILLED"


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """What a recipe has written.

    Attributes:
        params: the values of all keys.
        tags: the hashes and counts of the data, the commit, versions of libraries.
        rows: the figures of each epoch so far.
        figures: those of the report, by split and figure; empty until the run has ended.
    """

    name: str
    params: dict[str, str]
    tags: dict[str, str]
    rows: tuple[Mapping[str, float], ...]
    figures: dict[str, float]
    files: tuple[Path, ...]

    @classmethod
    def read(cls, folder: Path) -> TrainingRun:
        """Raises InvalidInput where the folder is none of a run, or of one that has not begun to train."""
        path = folder / METRICS
        if not path.is_file():
            raise InvalidInput("path", f"must be the folder of a run, with {METRICS}: {folder}")
        content = json.loads(path.read_text(encoding="utf-8"))
        groups = content["facts"]
        params = groups["params"] if isinstance(groups.get("params"), Mapping) else groups
        tags = {
            f"{group}.{key}": str(value)
            for group, facts in groups.items()
            if group != "params" and isinstance(facts, Mapping)
            for key, value in facts.items()
        }
        commit = tags.get("made with.commit", "")
        figures = folder / FIGURES
        measured = json.loads(figures.read_text(encoding="utf-8")) if figures.is_file() else {}
        return cls(
            folder.resolve().name,
            {
                _name(key): str(value)[:_MAX_TEXT]
                for key, value in params.items()
                if not isinstance(value, Mapping)
            },
            {_name(key): value[:_MAX_TEXT] for key, value in tags.items()}
            | ({"mlflow.source.git.commit": commit} if commit else {}),
            tuple(content["rows"]),
            dict(_flat(measured)),
            tuple(folder / name for name in FILES if (folder / name).is_file()),
        )


@dataclass(frozen=True, slots=True)
class Tracked:
    """How far a run is in MLflow: at which registry, as which run, up to which of its rows."""

    uri: str
    run_id: str
    rows: int

    @classmethod
    def of(cls, folder: Path, uri: str) -> Tracked | None:
        """None where the run is not at this registry yet."""
        path = folder / TRACKED
        if not path.is_file():
            return None
        found = cls(**json.loads(path.read_text(encoding="utf-8")))
        return found if found.uri == uri else None

    def write(self, folder: Path) -> None:
        with atomic_file(folder / TRACKED) as file:
            file.write(json.dumps(asdict(self)).encode())


def metric_name(text: str) -> str:
    """A figure's name as MLflow takes it."""
    return _name(text)


def _flat(values: Any, prefix: str = "") -> Iterator[tuple[str, float]]:
    """Numbers by their path; of lists of figures, those with a name."""
    if isinstance(values, bool) or values is None:
        return
    if isinstance(values, int | float):
        yield _name(prefix.strip("/")), float(values)
    elif isinstance(values, Mapping):
        for key, value in values.items():
            yield from _flat(value, f"{prefix}/{key}")
    elif isinstance(values, list):
        for value in values:
            named = isinstance(value, Mapping) and isinstance(value.get("head"), str)
            if named:
                yield from _flat(value, f"{prefix}/{value['head']}")


def _name(text: str) -> str:
    return " ".join(_NO_NAME.sub(" ", text).split())
