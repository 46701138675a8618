from __future__ import annotations

from contextvars import copy_context

import pytest

from domain.calls import CURRENT_CALL, Call
from domain.errors import InvalidInput, Unavailable
from services.background import log_throttle
from services.edge.failure_log import FailureLog


def lost() -> Unavailable:
    error = Unavailable("the inference server is away", reason="NO_INFERENCE")
    error.__cause__ = ConnectionResetError("peer is gone")
    return error


def test_unavailable_is_logged_with_its_cause_and_call(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        CURRENT_CALL.set(Call("abc-3"))
        FailureLog().status_of(lost())

    copy_context().run(fail)
    (line,) = caplog.records
    for part in ("abc-3", "NO_INFERENCE", "is away", "ConnectionResetError('peer is gone')"):
        assert part in line.getMessage()


def test_the_callers_own_errors_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    FailureLog().status_of(InvalidInput("text", "must not be empty"))
    assert caplog.records == []


def test_a_storm_takes_one_line_for_each_reason(caplog: pytest.LogCaptureFixture) -> None:
    failures = FailureLog(pause_s=60)
    for _ in range(20):
        failures.status_of(lost())
        failures.status_of(ZeroDivisionError("a"))
    assert [line.levelname for line in caplog.records] == ["WARNING", "ERROR"]


def test_the_next_line_counts_the_suppressed(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures, clock = FailureLog(pause_s=60), [0.0]
    monkeypatch.setattr(log_throttle.time, "monotonic", lambda: clock[0])
    for _ in range(4):
        failures.status_of(lost())
    clock[0] = 60.0
    for _ in range(2):
        failures.status_of(lost())
    assert ["3 more" in line.getMessage() for line in caplog.records] == [False, True]
