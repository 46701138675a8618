"""BentoML's supervisor, the parent of a worker: neither outlives the other.

BentoML stays up when its only worker cannot start, and answers nothing itself; and a worker whose
supervisor was killed goes on holding its ports and its home.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

from domain.errors import ArmoireError

LOG = logging.getLogger("armoire")
PR_SET_PDEATHSIG = 1
"""Source: prctl(2)."""


def die_with_it() -> None:
    """Ask Linux to send this process SIGTERM, hence a drain, when its supervisor ends."""
    if sys.platform == "linux" and _is_supervised():
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@contextmanager
def told_of_failure() -> Iterator[None]:
    """Where this worker cannot start, say why in one line and end the server with a status that is not 0."""
    try:
        yield
    except (Exception, SystemExit) as error:
        foreseen = isinstance(error, ArmoireError | OSError | SystemExit)
        LOG.critical("cannot start: %s", error, exc_info=None if foreseen else error)
        if _is_supervised():
            os.kill(os.getppid(), signal.SIGKILL)  # on SIGTERM it would end with status 0
            os._exit(1)
        raise


def _is_supervised() -> bool:
    """Whether the parent is BentoML's supervisor rather than a shell, a test or init."""
    try:
        command = psutil.Process(os.getppid()).cmdline()
    except psutil.Error:
        return False
    return any("bentoml" in part for part in command[:4]) and "serve" in command
