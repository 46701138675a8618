from __future__ import annotations

import asyncio
import logging

import pytest

from services.background.backoff import Backoff
from services.background.task_supervisor import TaskSupervisor

QUICK = Backoff(0.001, 60.0)


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
    supervisor = TaskSupervisor({"worker": broken, "drainer": short, "sweeper": sound}, QUICK)
    assert not supervisor.all_running
    supervisor.start()
    for loop in (broken, short, sound):
        await loop.running.wait()
    assert (broken.starts, short.starts, sound.starts) == (4, 2, 1)
    assert supervisor.all_running
    await supervisor.stop()
    assert not supervisor.all_running
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.args for record in errors if record.args and record.args[0] == "worker"] == [  # type: ignore[index]
        ("worker", 0.001),
        ("worker", 0.002),
        ("worker", 0.004),
    ]
    traced = [record for record in errors if record.exc_info and record.exc_info[0] is ZeroDivisionError]
    assert len(traced) == 3


async def test_a_loop_that_waits_to_start_again_is_not_running() -> None:
    down, sound = Loop(1, ZeroDivisionError()), Loop(0)
    supervisor = TaskSupervisor({"worker": down, "sweeper": sound}, Backoff(60, 60))
    supervisor.start()
    await sound.running.wait()
    assert down.starts == 1
    assert not supervisor.all_running
    await supervisor.stop()
