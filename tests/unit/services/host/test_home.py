from __future__ import annotations

import os
from pathlib import Path

import pytest

from domain.errors import FailedPrecondition
from services.host.home import HomeLock


def test_a_home_is_held_by_one_and_free_after(tmp_path: Path) -> None:
    first, second = HomeLock(tmp_path / "home"), HomeLock(tmp_path / "home")
    first.acquire()
    with pytest.raises(FailedPrecondition, match=f"in use by process {os.getpid()}"):
        second.acquire()
    first.release()
    second.acquire()
    second.release()
