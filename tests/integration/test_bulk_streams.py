"""Bulk runs against a real server that is killed and started again in the middle."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import armoire
from armoire import BulkProgress, ImageAnalysis, InvalidInput
from demo.server import ROOT, ServerProcess

PHOTOS = 60
CORRUPT = {7, 23, 24, 51}
PATIENCE_S = 300.0


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server that the test may kill."""
    with ServerProcess(tmp_path / "home") as process:
        yield process


@pytest.fixture
def photos(samples: list[Path], tmp_path: Path) -> list[Path]:
    """Files of photos, some of them cut off."""
    paths = []
    for number in range(PHOTOS):
        content = samples[number % len(samples)].read_bytes() + number.to_bytes(2, "big")
        paths.append(tmp_path / f"{number}.jpg")
        paths[-1].write_bytes(content[:100] if number in CORRUPT else content)
    return paths


def restarting_at(
    server: ServerProcess, done: int
) -> tuple[threading.Thread, Callable[[BulkProgress], None]]:
    """What kills the server at so many photos, and the thread that starts it again.

    The run does not go on before the server is dead, so that the photos outside the window are unanswered.
    """

    def watch(progress: BulkProgress) -> None:
        if progress.done == done:
            server.kill()
            starting.start()

    starting = threading.Thread(target=server.start)
    return starting, watch


@pytest.mark.timeout(900)
def test_every_photo_is_answered_once_and_in_order_though_the_server_is_killed(
    own_server: ServerProcess, photos: list[Path]
) -> None:
    restarting, watch = restarting_at(own_server, PHOTOS // 3)
    seen: list[BulkProgress] = []

    def note(progress: BulkProgress) -> None:
        seen.append(progress)
        watch(progress)

    with armoire.Client(own_server.address) as client:
        run = client.analyze_many(photos, window=32, on_progress=note, timeout_s=PATIENCE_S)
        pairs = list(run)
        alone = client.analyze(photos[0])
    restarting.join()
    assert [photo for photo, _ in pairs] == photos
    for number, (_, outcome) in enumerate(pairs):
        if number in CORRUPT:
            assert isinstance(outcome, InvalidInput)
            assert outcome.field == "image.content"
        else:
            assert isinstance(outcome, ImageAnalysis)
    assert isinstance(pairs[0][1], ImageAnalysis)
    assert [item.label for item in pairs[0][1].items] == [item.label for item in alone.items]
    assert seen[-1].resumed >= 1
    assert (seen[-1].done, seen[-1].failed) == (PHOTOS, len(CORRUPT))


@pytest.mark.timeout(900)
def test_every_photo_is_indexed_once_though_the_server_is_killed(
    own_server: ServerProcess, photos: list[Path]
) -> None:
    restarting, watch = restarting_at(own_server, PHOTOS // 2)
    with armoire.Client(own_server.address) as client:
        run = client.index_many(photos, window=10, on_progress=watch, timeout_s=PATIENCE_S)
        outcomes = [outcome for _, outcome in run]
        restarting.join()
        jobs = [job for job in outcomes if isinstance(job, armoire.IndexingJob)]
        assert len(jobs) == PHOTOS - len(CORRUPT)
        for job in jobs:
            ended = client.wait_for_indexing_job(job.id, timeout_s=PATIENCE_S)
            assert ended.state is armoire.IndexingJobState.COMPLETE
    failed = {number for number, outcome in enumerate(outcomes) if isinstance(outcome, InvalidInput)}
    assert failed == CORRUPT
    with sqlite3.connect(own_server.home / "catalog.db") as database:
        assert database.execute("SELECT count(*) FROM job").fetchone() == (len(jobs),)
        assert database.execute("SELECT count(*) FROM image").fetchone() == (len(jobs),)


def test_the_examples_of_the_readme_run(
    server: ServerProcess,
    samples: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = (ROOT / "clients/python/README.md").read_text(encoding="utf-8")
    section = text.split("### Any number of photos")[1].split("\n### ")[0]
    (tmp_path / "photos").mkdir()
    for name, sample in zip(("front", "back"), samples, strict=False):
        (tmp_path / "photos" / f"{name}.jpg").write_bytes(sample.read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ARMOIRE_ADDRESS", server.address)
    names: dict[str, Any] = {}
    for example in re.findall(r"```python\n(.*?)```", section, re.DOTALL):
        exec(example, names)
    lines = capsys.readouterr().out.splitlines()
    assert len(names["vectors"]) == 2
    assert lines[-4:] == [
        "1 of 2, 0 failed, resumed 0 times",
        "2 of 2, 0 failed, resumed 0 times",
        *2 * ["COMPLETE"],
    ]
