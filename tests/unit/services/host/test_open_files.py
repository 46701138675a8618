"""Limits of open files, each in a process of its own, because a limit that was lowered stays."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import logging, resource, sys
from domain.errors import FailedPrecondition
from services.host.open_files import raise_open_files
logging.basicConfig(format="%(message)s")
soft, hard, wanted = map(int, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
try:
    raise_open_files(wanted)
except FailedPrecondition as error:
    print(error)
print(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
"""


def limited(soft: int, hard: int, wanted: int) -> tuple[list[str], str]:
    """What is printed, and what is logged."""
    command = [sys.executable, "-c", PROGRAM, *map(str, (soft, hard, wanted))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.splitlines(), done.stderr


@pytest.mark.parametrize(("soft", "after"), [(64, "500"), (500, "500"), (900, "900")])
def test_the_limit_is_raised_without_a_word_where_that_is_allowed(soft: int, after: str) -> None:
    assert limited(soft, 1000, 500) == ([after], "")


def test_a_limit_that_cannot_be_raised_enough_is_told() -> None:
    printed, logged = limited(64, 300, 500)
    assert printed == ["300"]
    assert logged.startswith("this process may open 300 files; for all connections it needs 500")


def test_too_few_files_are_refused() -> None:
    printed, _ = limited(64, 64, 500)
    assert printed[0].startswith("this process may open 64 files, but needs 256: raise the limit")
