from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from services.background import retry as module
from services.background.backoff import Backoff
from services.background.retry import repeat, retry
from tests.unit.clock import Clock

BACKOFF = Backoff(0.001, 0.003)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """No attempt takes any time but what a test says."""
    clock = Clock()
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=clock))
    return clock


class Attempts:
    """Raises the given errors one by one, then returns how often it was awaited."""

    def __init__(self, *errors: Exception) -> None:
        self._errors = list(errors)
        self.made = 0

    async def __call__(self) -> int:
        self.made += 1
        if self._errors:
            raise self._errors.pop(0)
        return self.made


async def test_attempts_are_made_until_one_returns() -> None:
    failures: list[tuple[Exception, float]] = []
    errors = [ValueError(str(number)) for number in range(4)]
    made = await retry(Attempts(*errors), BACKOFF, lambda *failure: failures.append(failure))
    assert made == 5
    assert failures == list(zip(errors, [0.001, 0.002, 0.003, 0.003], strict=True))


async def test_an_error_that_is_not_retryable_is_raised() -> None:
    attempts = Attempts(ValueError(), KeyError("odd"))
    with pytest.raises(KeyError, match="odd"):
        await retry(attempts, BACKOFF, lambda *_: None, ValueError)
    assert attempts.made == 2


async def test_a_long_attempt_begins_a_new_row_of_failures(clock: Clock) -> None:
    lasting_s = [0.0, 0.0, 1.0, 0.0]
    pauses_s: list[float] = []

    async def attempt() -> None:
        if lasting_s:
            clock.advance(lasting_s.pop(0))
            raise ValueError

    await retry(attempt, BACKOFF, lambda _, pause_s: pauses_s.append(pause_s))
    assert pauses_s == [0.001, 0.002, 0.001, 0.002]


async def test_a_step_that_returns_ends_the_row_of_failures() -> None:
    outcomes: list[Exception | None] = [ValueError(), ValueError(), None, ValueError()]
    pauses_s: list[float] = []
    done = asyncio.Event()

    async def step() -> None:
        if not outcomes:
            done.set()
            await asyncio.Event().wait()
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome

    loop = asyncio.create_task(repeat(step, BACKOFF, lambda _, pause_s: pauses_s.append(pause_s)))
    await done.wait()
    loop.cancel()
    with pytest.raises(asyncio.CancelledError):
        await loop
    assert pauses_s == [0.001, 0.002, 0.001]
