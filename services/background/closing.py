"""Closes parts of a process whose other end may not answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

CLOSE_S = 5.0
_LOG = logging.getLogger(__name__)


async def close_within(part: str, close: Callable[[], Awaitable[None]], limit_s: float = CLOSE_S) -> None:
    """Await `close()`; after `limit_s` it is cancelled and given up, with a line that names the part.

    Threads that it waits for go on. Raises what `close()` raises in time.
    """
    closing = asyncio.ensure_future(close())
    await asyncio.wait({closing}, timeout=limit_s)
    if closing.done():
        closing.result()
        return
    closing.cancel()
    _LOG.warning("closing %s is given up: it has taken %g s", part, limit_s)
