from __future__ import annotations

import asyncio
import logging

import pytest

from services.background.task_supervisor import TaskSupervisor


class Loop:
    """Ends the first `ends` times, by an error or by a return; then runs until cancelled."""

    def __init__(self, ends: int, error: Exception | None = None) -> None:
        self.ends = ends
        self.error = error
        self.starts = 0
        self.running = asyncio.Event()

    async def __call__(self) -> None:
        self.starts += 1
        if self.starts <= self.ends:
            if self.error:
                raise self.error
            return
        self.running.set()
        await asyncio.Event().wait()


async def test_a_loop_that_ends_is_logged_and_started_again(caplog: pytest.LogCaptureFixture) -> None:
    broken, short, sound = Loop(3, ZeroDivisionError("odd")), Loop(1), Loop(0)
    crew = TaskSupervisor(
        {"worker": broken, "drainer": short, "sweeper": sound}, retry_s=0.001, retry_max_s=0.01
    )
    assert not crew.complete
    crew.start()
    for loop in (broken, short, sound):
        await loop.running.wait()
    assert (broken.starts, short.starts, sound.starts) == (4, 2, 1)
    assert crew.complete
    await crew.stop()
    assert not crew.complete
    told = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.args[0] for record in told].count("worker") == 3  # type: ignore[index]
    traced = [record for record in told if record.exc_info and record.exc_info[0] is ZeroDivisionError]
    assert len(traced) == 3


async def test_a_crew_is_incomplete_while_a_loop_is_down() -> None:
    down, sound = Loop(1, ZeroDivisionError()), Loop(0)
    crew = TaskSupervisor({"worker": down, "sweeper": sound}, retry_s=60, retry_max_s=60)
    crew.start()
    await sound.running.wait()
    assert down.starts == 1
    assert not crew.complete
    await crew.stop()


async def test_pauses_double_up_to_the_longest(caplog: pytest.LogCaptureFixture) -> None:
    loop = Loop(4, ZeroDivisionError())
    crew = TaskSupervisor({"worker": loop}, retry_s=0.001, retry_max_s=0.003)
    crew.start()
    await loop.running.wait()
    await crew.stop()
    assert [record.args[1] for record in caplog.records] == [0.001, 0.002, 0.003, 0.003]  # type: ignore[index]
