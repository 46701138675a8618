from __future__ import annotations

import logging

import pytest

from domain.errors import Unavailable
from services.background import log_throttle
from services.background.log_throttle import LogThrottle


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The one reading of the clock, for the test to change."""
    reading = [100.0]
    monkeypatch.setattr(log_throttle.time, "monotonic", lambda: reading[0])
    return reading


def test_a_line_is_admitted_at_once_and_after_each_pause(clock: list[float]) -> None:
    throttle = LogThrottle(pause_s=30)
    admitted: list[int | None] = []
    for now_s in (100, 101, 129, 130, 131, 200):
        clock[0] = now_s
        admitted.append(throttle.admit())
    assert admitted == [0, None, None, 2, None, 1]


def test_each_key_is_counted_apart(clock: list[float]) -> None:
    throttle = LogThrottle(pause_s=30)
    assert [throttle.admit(key) for key in ("a", "b", "a", "a", "b")] == [0, 0, None, None, None]
    clock[0] += 30
    assert [throttle.admit("a"), throttle.admit("b"), throttle.admit("c")] == [2, 1, 0]


def test_a_failure_that_lasts_is_one_line_in_each_pause(
    clock: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    throttle, log = LogThrottle(pause_s=30), logging.getLogger("test")
    full = Unavailable("the disk of postgresql://user:S3cret@host is full", reason="DATABASE_FULL")
    for number in range(100):
        throttle.warn(log, "job %d is not stored", number, error=full)
    clock[0] += 30
    throttle.warn(log, "job %d is not stored", 100, error=full)
    of_disk = "the disk of postgresql://***@host is full (DATABASE_FULL)"
    assert [record.getMessage() for record in caplog.records] == [
        f"job 0 is not stored: {of_disk}",
        f"job 100 is not stored: {of_disk}; 99 more such lines since the last one",
    ]
    assert "Traceback" not in caplog.text


def test_an_error_without_a_meaning_is_told_with_its_stack(caplog: pytest.LogCaptureFixture) -> None:
    try:
        raise ZeroDivisionError
    except ZeroDivisionError as error:
        LogThrottle().warn(logging.getLogger("test"), "the step failed", error=error)
    assert "the step failed" in caplog.text
    assert "Traceback" in caplog.text
