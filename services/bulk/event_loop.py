"""An event loop for callers that have none, such as the actors of Ray."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

R = TypeVar("R")


class EventLoop:
    """An event loop on a thread of its own, which lives as long as the process."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="bulk", daemon=True).start()

    def run(self, coroutine: Coroutine[Any, Any, R]) -> R:
        """Run a coroutine there and wait for its result. For any thread but that of the loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()
