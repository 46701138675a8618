"""kill -9 in the middle of an erasure: the next process goes on with it, and nothing is left."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.catalog.erasure_child import NAME
from tests.integration.catalog.fake_analyzer import garments_in, photo
from tests.integration.catalog.test_erasure import files_with

ROOT = Path(__file__).parents[3]
KILLED_AT = ("rows-erased", "vectors-compacts")

pytestmark = pytest.mark.embedded("the files are searched")


def run(home: Path, mode: str, killed_at: str = "") -> str:
    """Its last line; it is killed at a step, if one is named, and goes on with all others."""
    command = [sys.executable, "-m", "tests.integration.catalog.erasure_child", str(home), mode]
    last = ""
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for line in child.stdout:
            last = line.strip()
            if last == f"step {killed_at}":
                child.kill()
                break
            if last.startswith("step"):
                child.stdin.write("go on\n")
                child.stdin.flush()
    assert child.returncode == (-9 if killed_at else 0)
    return last


def test_an_erasure_that_is_killed_goes_on_in_the_next_process(tmp_path: Path) -> None:
    run(tmp_path, "fill")
    needles = [NAME.encode(), photo(1), photo(2)]
    assert files_with(tmp_path, needles).keys() == set(needles)
    for step in KILLED_AT:
        assert run(tmp_path, "erase", step) == f"step {step}"
    left = garments_in(photo(11)) + garments_in(photo(12))
    assert run(tmp_path, "erase") == f"done succeeded {left}"
    assert files_with(tmp_path, needles) == {}
