"""The configuration of logging."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Literal

from domain.calls import CURRENT_CALL

MAX_CHARS = 8192
"""Longer messages and stacks are cut."""
DRIVERS = ("pymilvus.decorators", "milvus_lite.adapter.grpc.servicer")
"""Loggers that tell each failure with its stack, although it is raised, too, and told in one line."""


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


def silence_drivers() -> None:
    for name in DRIVERS:
        logging.getLogger(name).addFilter(_nothing)  # levels are reset when the driver is imported


def _nothing(_: logging.LogRecord) -> bool:
    return False
