"""The configuration of logging."""

from __future__ import annotations

import logging

DRIVERS = ("pymilvus.decorators", "milvus_lite.adapter.grpc.servicer")
"""Loggers that tell each failure with its stack, although it is raised, too, and told in one line."""


def configure_logging(level: str) -> None:
    """Write one line for each event of this application's loggers to stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for name in ("armoire", "services"):
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.handlers = [handler]
        logger.propagate = False
    silence_drivers()


def silence_drivers() -> None:
    for name in DRIVERS:
        logging.getLogger(name).addFilter(_nothing)  # levels are reset when the driver is imported


def _nothing(_: logging.LogRecord) -> bool:
    return False
