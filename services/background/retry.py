"""Retries of functions that fail."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeAlias, TypeVar

from services.background.backoff import Backoff

T = TypeVar("T")
OnFailure: TypeAlias = Callable[[Exception, float], None]
"""Called with the error of an attempt and the seconds until the next one."""


async def retry(
    attempt: Callable[[], Awaitable[T]],
    backoff: Backoff,
    on_failure: OnFailure,
    retryable: type[Exception] | tuple[type[Exception], ...] = Exception,
) -> T:
    """Await attempts until one returns; pause after each that raises one of `retryable`.

    A failure after more than the longest pause counts as the first failure again.
    """
    failures = 0
    while True:
        started_s = time.monotonic()
        try:
            return await attempt()
        except retryable as error:
            failures = 1 if time.monotonic() - started_s > backoff.max_s else failures + 1
            pause_s = backoff.pause_s(failures)
            on_failure(error, pause_s)
        await asyncio.sleep(pause_s)


async def repeat(step: Callable[[], Awaitable[None]], backoff: Backoff, on_failure: OnFailure) -> NoReturn:
    """Repeat the step of a loop for ever, each time with `retry`."""
    while True:
        await retry(step, backoff, on_failure)
