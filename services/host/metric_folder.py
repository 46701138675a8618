"""The folder in which the processes of one server keep their metrics.

BentoML gives every server of a home the same folder and empties it at the start. A second server that is
refused, because the first has the home, would take the metrics of the first with it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bentoml import serving
from bentoml._internal.configuration.containers import BentoMLContainer

PREFIX = "server-"


def separate_folders() -> None:
    """Let the supervisor that BentoML makes in this process take a folder of its own."""
    serving.ensure_prometheus_dir = _folder_of_home


def _folder_of_home() -> str:
    return str(own_folder(Path(BentoMLContainer.prometheus_multiproc_dir.get())))


def own_folder(parent: Path) -> Path:
    """A new folder below `parent`, this process's until it ends. Those of ended processes are removed."""
    parent.mkdir(parents=True, exist_ok=True)
    with _held(parent):  # so that nobody takes a folder for left over that is not locked yet
        for folder in parent.glob(f"{PREFIX}*"):
            _remove_unless_locked(folder)
        made = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        fcntl.flock(os.open(made, os.O_RDONLY), fcntl.LOCK_EX)  # open as long as the process
    return made


def _remove_unless_locked(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
    except BlockingIOError:
        return
    finally:
        os.close(handle)


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """The lock of a folder, within the block."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
