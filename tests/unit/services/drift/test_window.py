"""The times of windows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain.errors import InvalidInput
from services.drift.window import Window

FIRST, SECOND = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)


def test_a_window_holds_its_beginning_and_not_its_end() -> None:
    window = Window(FIRST, SECOND)
    assert [window.holds(moment) for moment in (FIRST, SECOND, None)] == [True, False, False]
    assert Window().holds(FIRST)


def test_a_window_that_ends_first_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"--since.*must begin before it ends"):
        Window(SECOND, FIRST).check("--since")
    Window(FIRST).check("--since")
