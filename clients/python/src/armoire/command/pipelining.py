"""Several requests under way at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TypeVar

from armoire.errors import ArmoireError, PermissionDenied, Unavailable, Unimplemented

Input = TypeVar("Input")
T = TypeVar("T")


async def in_order(
    work: Callable[[Input], Awaitable[T]], inputs: Iterable[Input], concurrency: int
) -> AsyncIterator[tuple[Input, T | ArmoireError]]:
    """Each input with its result or its error, in the order of the inputs.

    Raises:
        ArmoireError: one that would meet every further input too.
    """
    under_way: deque[tuple[Input, asyncio.Task[T | ArmoireError]]] = deque()
    try:
        for each in inputs:
            under_way.append((each, asyncio.create_task(outcome_of(work(each)))))
            if len(under_way) >= concurrency:
                yield await _first(under_way)
        while under_way:
            yield await _first(under_way)
    finally:
        tasks = [task for _, task in under_way]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def outcome_of(work: Awaitable[T]) -> T | ArmoireError:
    """The result, or the error where it concerns this piece of work alone."""
    try:
        return await work
    except (Unavailable, PermissionDenied, Unimplemented):
        raise
    except ArmoireError as error:
        return error


async def _first(
    under_way: deque[tuple[Input, asyncio.Task[T | ArmoireError]]],
) -> tuple[Input, T | ArmoireError]:
    each, task = under_way[0]
    outcome = await task
    under_way.popleft()
    return each, outcome
