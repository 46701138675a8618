"""Runs the tests of the TypeScript client that Node's own test runner has."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.node import node_command


def test_what_is_not_generated() -> None:
    line = node_command("--test", str(Path(__file__).parent / "client.test.mjs"))
    done = subprocess.run(line, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
