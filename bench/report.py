"""The result of a command as Markdown and as JSON."""

from __future__ import annotations

import json
import platform
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from services.inference.cores import cpu_count
from services.tuning.machine import cpu_model

PACKAGES = ("onnxruntime", "grpcio", "bentoml", "numpy", "opencv-python-headless")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text cells; `records` are the single measurements behind them."""

    name: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    records: Sequence[Mapping[str, Any]] = ()
    machine: str = field(default_factory=lambda: machine())
    command: str = field(default_factory=lambda: command())

    def markdown(self) -> str:
        lines = [f"{self.machine}", f"`{self.command}`", *self.notes]
        table = [self.headers, ["---"] * len(self.headers), *self.rows]
        return "\n".join([*(f"{line}  " for line in lines), "", *(f"| {' | '.join(row)} |" for row in table)])


def publish(table: Table, path: Path | None) -> None:
    """Print the Markdown; write the JSON to `path` if it is given."""
    print(table.markdown())
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(table), indent=1) + "\n", encoding="utf-8")


def log(text: str) -> None:
    """Write a line of progress to stderr; the result goes to stdout."""
    print(text, file=sys.stderr, flush=True)


def machine() -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{cpu_count()} cores, {cpu_model()}, {platform.machine()}, "
        f"Python {platform.python_version()}, {versions}."
    )


def command() -> str:
    return shlex.join(["python", "-m", "bench", *sys.argv[1:]])
