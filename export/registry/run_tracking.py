"""Keeps the runs of recipes in MLflow while they train, where MLFLOW_TRACKING_URI says where it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import Unavailable
from export.registry.registry import URI_VARIABLE, ModelRegistry


@contextmanager
def tracked(folder: Path) -> Iterator[None]:
    """Keep a run with its report when the block ends; nothing is done where no address is set.

    Raises:
        Unavailable: before the block, where mlflow-skinny is not installed or MLflow does not answer.
    """
    if wanted := _registry():
        wanted.list()
    yield
    _keep(folder, has_ended=True)


def keep_epoch(folder: Path) -> None:
    """Keep what a run has written so far; nothing is done where no address is set."""
    _keep(folder, has_ended=False)


def _keep(folder: Path, *, has_ended: bool) -> None:
    """A server that is away does not end a training: what it lacks is sent with what comes next."""
    try:
        if registry := _registry():
            registry.track(folder, has_ended=has_ended)
    except Unavailable as error:
        sys.stderr.write(f"note: the run is not kept yet: {error}\n")


def _registry() -> ModelRegistry | None:
    uri = os.environ.get(URI_VARIABLE, "")
    return ModelRegistry.at(uri, Path()) if uri else None
