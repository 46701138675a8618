"""Keeps the runs of recipes in MLflow while they train, where MLFLOW_TRACKING_URI says where it is."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import ArmoireError, Unavailable
from export.registry.registry import URI_VARIABLE, ModelRegistry
from export.registry.training_runs import RunStatus


@contextmanager
def tracked(folder: Path) -> Iterator[None]:
    """Keep a run with its report when the block ends; nothing is done where no address is set.

    A run that breaks off is marked: as failed by an error, as killed by an interrupt or SIGTERM, which then
    ends the block as an interrupt does.

    Raises:
        Unavailable: before the block, where mlflow-skinny is not installed or MLflow does not answer.
    """
    registry = _registry()
    if registry is None:
        yield
        return
    registry.list()
    with _unwound_by_sigterm():
        try:
            yield
        except BaseException as error:
            killed = isinstance(error, KeyboardInterrupt | SystemExit)
            _end_broken(folder, RunStatus.KILLED if killed else RunStatus.FAILED)
            raise
    _keep(folder, RunStatus.FINISHED)


def keep_epoch(folder: Path) -> None:
    """Keep what a run has written so far; nothing is done where no address is set."""
    _keep(folder, RunStatus.RUNNING)


def _keep(folder: Path, status: RunStatus) -> None:
    """A server that is away does not end a training: what it lacks is sent with what comes next."""
    try:
        if registry := _registry():
            registry.track(folder, status)
    except Unavailable as error:
        sys.stderr.write(f"note: the run is not kept yet: {error}\n")


def _end_broken(folder: Path, status: RunStatus) -> None:
    """The error that ended the run is the one that is told, whatever else fails."""
    try:
        if registry := _registry():
            registry.end_broken(folder, status)
    except ArmoireError as error:
        sys.stderr.write(f"note: the run is not marked as {status}: {error}\n")


@contextmanager
def _unwound_by_sigterm() -> Iterator[None]:
    """SIGTERM raises SystemExit, as long as the block runs in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _registry() -> ModelRegistry | None:
    uri = os.environ.get(URI_VARIABLE, "")
    return ModelRegistry.at(uri, Path()) if uri else None
