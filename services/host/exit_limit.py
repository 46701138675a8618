"""Ends a process that has not ended in time."""

from __future__ import annotations

import logging
import os
import threading

LOG = logging.getLogger("armoire")
CLOSING_S = 25.0
"""The most that a shutdown takes beyond the time that calls in flight have."""
END_S = 5.0
"""The most that a process takes to end once all its parts are closed."""


def exit_within(limit_s: float) -> None:
    """End this process with status 1 after `limit_s` if it still runs, and log which threads keep it."""
    timer = threading.Timer(limit_s, _exit, [limit_s])
    timer.daemon = True  # it does not keep the process itself
    timer.start()


def _exit(limit_s: float) -> None:
    LOG.warning("the shutdown is given up after %g s: still running %s", limit_s, _running())
    logging.shutdown()
    os._exit(1)


def _running() -> str:
    """The names of the threads that the interpreter waits for."""
    return ", ".join(thread.name for thread in threading.enumerate() if not thread.daemon)
