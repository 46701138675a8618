"""Logs failures of the server itself, at most one line every few seconds for each reason."""

from __future__ import annotations

import logging

import grpc
from google.rpc.status_pb2 import Status

from domain.calls import CURRENT_CALL
from domain.errors import ArmoireError
from services.background.log_throttle import LogThrottle
from services.edge.status import error_status

LOG = logging.getLogger("armoire.edge")
UNAVAILABLE: int = grpc.StatusCode.UNAVAILABLE.value[0]
INTERNAL: int = grpc.StatusCode.INTERNAL.value[0]


class FailureLog:
    """Logs UNAVAILABLE and INTERNAL outcomes with their cause and the id of the call.

    Within `pause_s` after a line, further failures of the same reason are only counted.
    """

    def __init__(self, pause_s: float = 5.0) -> None:
        self._throttle = LogThrottle(pause_s)

    def status_of(self, error: Exception) -> Status:
        """The status for the caller. UNAVAILABLE and INTERNAL errors are logged."""
        status = error_status(error)
        if status.code in (UNAVAILABLE, INTERNAL):
            self._log(error, status.code)
        return status

    def _log(self, error: Exception, code: int) -> None:
        reason = error.reason if isinstance(error, ArmoireError) else type(error).__name__
        suppressed = self._throttle.admit(reason)
        if suppressed is None:
            return
        request_id = CURRENT_CALL.get().request_id or "-"
        more = f"; {suppressed} more of these were suppressed" if suppressed else ""
        if code == INTERNAL:
            LOG.error("request %s failed%s", request_id, more, exc_info=error)
            return
        cause = f", because of {error.__cause__!r}" if error.__cause__ else ""
        LOG.warning("request %s: %s: %s%s%s", request_id, reason, error, cause, more)
