"""How many files and connections this process may have open."""

from __future__ import annotations

import logging
import resource

from domain.errors import FailedPrecondition

LOG = logging.getLogger("armoire")
LEAST = 256
"""What stores, models and a few callers need."""


def raise_open_files(wanted: int) -> None:
    """Raise the limit of open files to `wanted` or as far as the system allows, and warn if that is less.

    Raises:
        FailedPrecondition: too few for a server.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    advice = "raise the limit, as with ulimit -n or LimitNOFILE"
    if soft < LEAST:
        raise FailedPrecondition(f"this process may open {soft} files, but needs {LEAST}: {advice}")
    if soft < wanted:
        LOG.warning(
            "this process may open %d files; for all connections it needs %d: %s", soft, wanted, advice
        )
