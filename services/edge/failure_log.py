"""Failures that are the server's own, in the log; a storm of them takes a line every few seconds."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field

import grpc
from google.rpc.status_pb2 import Status

from domain.calls import CURRENT_CALL
from domain.errors import ArmoireError
from services.edge.status import error_status

LOG = logging.getLogger("armoire.edge")
UNAVAILABLE: int = grpc.StatusCode.UNAVAILABLE.value[0]
INTERNAL: int = grpc.StatusCode.INTERNAL.value[0]


@dataclass(slots=True)
class _Kind:
    """Failures of one reason: when one was last logged, and how many were left out since."""

    logged_s: float
    left_out: int = 0


@dataclass(eq=False)
class FailureLog:
    """Logs UNAVAILABLE and INTERNAL outcomes with their cause and the id of the call.

    Attributes:
        pause_s: how long after a line further failures of that reason are only counted.
    """

    pause_s: float = 5.0
    _kinds: dict[str, _Kind] = field(default_factory=dict, init=False)

    def status_of(self, error: Exception) -> Status:
        """What the caller is told, logged where the fault is the server's."""
        status = error_status(error)
        if status.code in (UNAVAILABLE, INTERNAL):
            self._log(error, status.code)
        return status

    def _log(self, error: Exception, code: int) -> None:
        reason = error.reason if isinstance(error, ArmoireError) else type(error).__name__
        left_out = self._left_out(reason)
        if left_out is None:
            return
        request_id = CURRENT_CALL.get().request_id or "-"
        more = f"; {left_out} more of these were left out" if left_out else ""
        if code == INTERNAL:
            LOG.error("request %s failed%s", request_id, more, exc_info=error)
            return
        cause = f", because of {error.__cause__!r}" if error.__cause__ else ""
        LOG.warning("request %s: %s: %s%s%s", request_id, reason, error, cause, more)

    def _left_out(self, reason: str) -> int | None:
        """How many of this reason went unlogged before this one; None where this one is to be left out."""
        now_s = time.monotonic()
        kind = self._kinds.get(reason)
        if kind is not None and now_s - kind.logged_s < self.pause_s:
            kind.left_out += 1
            return None
        self._kinds[reason] = _Kind(now_s)
        return kind.left_out if kind else 0
