"""Several edge processes before one device process, under one `bentoml serve`."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import httpx
import numpy as np
import psutil
import pytest

import armoire
from demo.server import ServerProcess

T = TypeVar("T")


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("edges"), "services.app:Edges") as server:
        yield server


def processes_of(server: ServerProcess, service: str) -> list[psutil.Process]:
    assert server.process is not None
    children = psutil.Process(server.process.pid).children(recursive=True)
    return [child for child in children if service in command_of(child)]


def command_of(process: psutil.Process) -> list[str]:
    """Empty where it has ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def until(holds: Callable[[], T | None]) -> T:
    """What `holds` gives as soon as that is something."""
    deadline = time.monotonic() + 60
    while not (found := holds()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found


def answer(server: ServerProcess, photo: Path) -> armoire.ImageAnalysis | None:
    """What a new connection is answered; None where the server is not there."""
    with armoire.Client(server.address, retries=armoire.RetryPolicy(max_attempts=1)) as client:
        try:
            return client.analyze(photo)
        except armoire.Unavailable:
            return None


def refusal(client: armoire.Client, photo: Path) -> armoire.Unavailable | None:
    try:
        client.detect(photo)
    except armoire.Unavailable as error:
        return error
    return None


def test_answers_are_those_of_one_process(
    edges: ServerProcess, client: armoire.Client, samples: list[Path]
) -> None:
    assert len(processes_of(edges, "armoire-edges")) == 2
    assert len(processes_of(edges, "armoire-device")) == 1
    with armoire.Client(edges.address) as ours:
        assert ours.models() == client.models()
        for photo in samples[:3]:
            mine, theirs = (each.analyze(photo, include_embeddings=True) for each in (ours, client))
            assert [(item.label, item.box, item.colors) for item in mine.items] == [
                (item.label, item.box, item.colors) for item in theirs.items
            ]
            for one, other in zip(mine.items, theirs.items, strict=True):
                assert one.embedding is not None
                assert other.embedding is not None
                np.testing.assert_allclose(one.embedding.values, other.embedding.values, atol=1e-6)
        np.testing.assert_allclose(
            ours.embed_text("a red dress").values, client.embed_text("a red dress").values, atol=1e-6
        )


def test_many_callers_each_get_their_own_answer(edges: ServerProcess, samples: list[Path]) -> None:
    photos = [photo.read_bytes() for photo in samples[:6]]
    with armoire.Client(edges.address) as client:
        alone = [client.embed_image(photo).embeddings[0].values for photo in photos]

    def call(number: int) -> float:
        with armoire.Client(edges.address) as client:
            vector = client.embed_image(photos[number % 6]).embeddings[0].values
        return float(np.abs(np.asarray(vector) - alone[number % 6]).max())

    with ThreadPoolExecutor(12) as threads:
        assert max(threads.map(call, range(60))) < 1e-5


def test_batches_of_the_device_are_in_the_metrics(edges: ServerProcess, samples: list[Path]) -> None:
    assert answer(edges, samples[0])
    text = httpx.get(f"{edges.http_url}/metrics").text
    assert 'armoire_batch_rows_count{model="detector"' in text
    assert "armoire_call_seconds_count{" in text


def test_an_edge_that_is_killed_is_replaced_and_the_others_go_on(
    edges: ServerProcess, samples: list[Path]
) -> None:
    before = processes_of(edges, "armoire-edges")
    before[0].send_signal(signal.SIGKILL)
    assert until(lambda: answer(edges, samples[0]))
    until(lambda: len(processes_of(edges, "armoire-edges")) == 2)
    assert before[1] in processes_of(edges, "armoire-edges")


def test_a_device_process_that_is_killed_is_waited_for(edges: ServerProcess, samples: list[Path]) -> None:
    (device,) = processes_of(edges, "armoire-device")
    with armoire.Client(edges.address, retries=armoire.RetryPolicy(max_attempts=1)) as client:
        expected = client.analyze(samples[1])
        device.send_signal(signal.SIGKILL)
        assert until(lambda: refusal(client, samples[1])).reason == "DEVICE_GONE"
        until(lambda: not client.health().serving)
        answered = until(lambda: answer(edges, samples[1]))
    assert [item.label for item in answered.items] == [item.label for item in expected.items]
    assert processes_of(edges, "armoire-device")[0].pid != device.pid
