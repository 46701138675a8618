from __future__ import annotations

import pytest

from services.background import log_throttle as reminder
from services.background.log_throttle import LogThrottle


def test_it_is_due_at_once_and_after_each_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(reminder.time, "monotonic", lambda: clock[0])
    held = LogThrottle(every_s=30)
    due: list[bool] = []
    for now_s in (100, 101, 129, 130, 131, 200):
        clock[0] = now_s
        due.append(held.due())
    assert due == [True, False, False, True, False, True]
    assert (held.unsaid(), held.unsaid()) == (3, 0)
