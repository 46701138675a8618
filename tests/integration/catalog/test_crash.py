"""kill -9 at random moments: nothing acknowledged is lost, nothing is there twice."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.integration.catalog.crash_child import BAD_EVERY, STEPS
from tests.integration.catalog.fake_analyzer import garments_in, photo

pytestmark = pytest.mark.embedded("make crashes does it on servers")

ROOT = Path(__file__).parents[3]
ROUNDS = int(os.environ.get("TEST_CRASH_ROUNDS", "4"))
PHOTOS_PER_ROUND = 25


def start(home: Path, *words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.integration.catalog.crash_child", str(home), *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def index_and_kill(home: Path, first: int, dice: random.Random) -> dict[int, str]:
    """Job id by seed, as acknowledged before the process was killed at one of its steps."""
    steps_left = dice.randrange(1, 2 * PHOTOS_PER_ROUND)
    acknowledged: dict[int, str] = {}
    with start(home, "index", first, first + PHOTOS_PER_ROUND) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        for line in child.stdout:
            word, *rest = line.split()
            if word == "ack":
                acknowledged[int(rest[0])] = rest[1]
            steps_left -= word != "ready"
            if steps_left <= 0 or word == "done":
                child.kill()
            elif word in STEPS:
                child.stdin.write("go on\n")
                child.stdin.flush()
    assert child.returncode == -9
    return acknowledged


def finish(home: Path) -> dict[str, Any]:
    with start(home, "finish") as child:
        output, _ = child.communicate()
    assert child.returncode == 0
    report: dict[str, Any] = json.loads(output.splitlines()[-1])
    return report


def test_kill_9_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    dice = random.Random(os.environ.get("TEST_CRASH_SEED", "armoire"))
    acknowledged: dict[int, str] = {}
    for _ in range(ROUNDS):
        # Half of a round's photos were sent before: as a client would that had no answer.
        first = max(0, max(acknowledged, default=0) - PHOTOS_PER_ROUND // 2)
        again = index_and_kill(tmp_path, first, dice)
        assert all(acknowledged.get(seed, job_id) == job_id for seed, job_id in again.items())
        acknowledged |= again
    report = finish(tmp_path)

    jobs = {job["id"]: job for job in report["jobs"]}
    assert len({job["seed"] for job in report["jobs"]}) == len(jobs), "a photo has two jobs"
    assert set(acknowledged.values()) <= set(jobs)
    items_of = Counter(name for name, _ in report["items"])
    for job in jobs.values():
        if job["seed"] % BAD_EVERY == 0:
            assert job["state"] == "failed"
            assert "image.content: is damaged" in job["error"]
            assert items_of[str(job["seed"])] == 0
        else:
            assert (job["state"], job["error"]) == ("complete", "")
            assert len(job["items"]) == items_of[str(job["seed"])] == garments_in(photo(job["seed"]))
    ids = [item_id for _, item_id in report["items"]]
    assert len(ids) == len(set(ids)) == len(report["vectors"])
    assert set(ids) == set(report["vectors"])
