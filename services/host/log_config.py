"""The configuration of logging."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from typing import Literal

from domain.calls import CURRENT_CALL
from domain.errors import FailedPrecondition
from services.background.log_throttle import LogThrottle

_LOG = logging.getLogger(__name__)
AUDIT, LOG_TARGET = "armoire.audit", "log"
MAX_CHARS = 8192
"""Longer messages and stacks are cut."""
DRIVERS = (
    "pymilvus.decorators",
    "pymilvus.client.connection_manager",
    "pymilvus.client.iterator.query_iterator",
    "milvus_lite.adapter.grpc.servicer",
)
"""Loggers that tell each failure, most with its stack, although it is raised, too, and told in one line."""


class JsonFormatter(logging.Formatter):
    """One JSON object a line; a line of a call has its request id, and its trace id if it is traced."""

    def format(self, record: logging.LogRecord) -> str:
        call = CURRENT_CALL.get()
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage()[:MAX_CHARS],
        }
        if call.request_id:
            line["request_id"] = call.request_id
        if call.trace is not None:
            line["trace_id"] = call.trace.trace_id
        if (audit := getattr(record, "audit", None)) is not None:
            line |= {"message": "audit record", "audit": audit}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)[-MAX_CHARS:]
        return json.dumps(line, ensure_ascii=False)


def configure_logging(level: str, format: Literal["text", "json"] = "text") -> None:
    """Write one line for each event of this application's loggers to stderr; as JSON, BentoML's, too."""
    handler = logging.StreamHandler()
    text = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonFormatter() if format == "json" else text)
    for name in ("armoire", "services"):
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.handlers = [handler]
        logger.propagate = False
    if format == "json":
        logging.getLogger("bentoml").handlers = [handler]
    silence_drivers()


def configure_audit_lines(target: str) -> None:
    """Write a line of JSON for each audit record to a file, to the log for "log", or nowhere for "".

    Raises:
        FailedPrecondition: the file cannot be written.
    """
    logger = logging.getLogger(AUDIT)
    logger.setLevel(logging.INFO if target else logging.CRITICAL)
    logger.handlers, logger.propagate = [], target == LOG_TARGET
    if target in ("", LOG_TARGET):
        return
    try:
        handler = AuditFile(target)
    except OSError as error:
        raise FailedPrecondition(f"ARMOIRE_AUDIT__LINES: {error}") from error
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.addHandler(handler)


class AuditFile(WatchedFileHandler):
    """Appends lines to a file; where somebody moves it away, a new one is begun."""

    def __init__(self, path: str) -> None:
        self._throttle = LogThrottle()
        super().__init__(path, encoding="utf-8")

    def emit(self, record: logging.LogRecord) -> None:
        """Where the file cannot be opened again, the library would let the call fail."""
        try:
            super().emit(record)
        except OSError:
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (the library's name)
        """The record is in the database, so a line that cannot be written fails no call."""
        error = sys.exception()
        self._throttle.warn(_LOG, "audit records cannot be written to %s: %s", self.baseFilename, error)


def silence_drivers() -> None:
    for name in DRIVERS:
        logging.getLogger(name).addFilter(_nothing)  # levels are reset when the driver is imported


def _nothing(_: logging.LogRecord) -> bool:
    return False
