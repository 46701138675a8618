"""Parts whose closing does not end."""

from __future__ import annotations

import asyncio
import logging

import pytest

from services.background.closing import close_within


async def test_a_part_that_does_not_close_is_named_and_given_up(caplog: pytest.LogCaptureFixture) -> None:
    given_up = asyncio.Event()

    async def close() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            given_up.set()

    with caplog.at_level(logging.WARNING):
        await close_within("the store", close, 0.01)
    await given_up.wait()
    assert caplog.messages == ["closing the store is given up: it has taken 0.01 s"]


async def test_a_part_that_hears_no_cancellation_is_given_up() -> None:
    let_go, ended = asyncio.Event(), asyncio.Event()

    async def close() -> None:
        while not let_go.is_set():
            try:
                await let_go.wait()
            except asyncio.CancelledError:
                continue
        ended.set()

    await close_within("the store", close, 0.01)
    assert not ended.is_set()
    let_go.set()
    await ended.wait()


async def test_a_failure_to_close_comes_out() -> None:
    async def close() -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        await close_within("the store", close)
