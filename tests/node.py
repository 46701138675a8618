"""Node, for the tests of clients in JavaScript."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

PACKAGES = Path(__file__).parents[1] / "node_modules"


def node_command(*arguments: str) -> list[str]:
    """The command line of a program. Skips the test where there is no node, or none of the packages."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs node, which is not on the PATH")
    if not (PACKAGES / "@armoire/client").exists():
        pytest.skip("needs packages from npm: make setup-dev")
    return [node, *arguments]
