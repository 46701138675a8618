"""Turns of the event loop, which calls what is ready in the order of asking."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def at_once(*_: object) -> None:
    """Do nothing, where something may be awaited."""


async def turn() -> None:
    """Return once all that was ready has run."""
    passed = asyncio.Event()
    asyncio.get_running_loop().call_soon(passed.set)
    await passed.wait()


async def begun(work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
    """A task that has run up to where it first waits."""
    task = asyncio.create_task(work)
    await turn()
    return task


async def until(holds: Callable[[], object]) -> None:
    """Look at every turn until it holds; for what this process does and has no event for."""
    while not holds():
        await turn()
