"""The configuration of logging."""

from __future__ import annotations

import logging


def configure_logging(level: str) -> None:
    """Write one line for each event of this application's loggers to stderr."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for name in ("armoire", "services"):
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.handlers = [handler]
        logger.propagate = False
