"""The end of a process whose threads do not end."""

from __future__ import annotations

import subprocess
import sys

from demo.server import ROOT

STUCK = """
import threading
from services.host.exit_limit import exit_within

threading.Thread(target=threading.Event().wait, name="stuck").start()
exit_within(0.01)
"""


def test_a_process_that_threads_keep_ends_and_names_them() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", STUCK], cwd=ROOT, timeout=300, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "the shutdown is given up after 0.01 s: still running" in ended.stderr
    assert "stuck" in ended.stderr


def test_a_process_that_ends_is_left_alone() -> None:
    code = "from services.host.exit_limit import exit_within; exit_within(3600)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=300, check=False).returncode == 0
