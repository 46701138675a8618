"""Several edge processes before one device process, under one `bentoml serve`."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import httpx
import numpy as np
import psutil
import pytest

import armoire
from demo.server import ServerFailed, ServerProcess
from tests.integration.arrivals import decoded_photos
from tests.polling import until

PATIENCE_S = 300.0
"""More than anything here takes on the slowest of machines."""
PHOTOS = 16
"""Of a call that takes a while."""


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


def answer(server: ServerProcess, photo: Path) -> armoire.ImageAnalysis | None:
    """What a new connection is answered; None where the server is not there."""
    with armoire.Client(server.address, retries=armoire.RetryPolicy(max_attempts=1)) as client:
        try:
            return client.analyze(photo)
        except armoire.Unavailable:
            return None


def refusal(client: armoire.Client, photo: Path, reason: str) -> bool:
    """Whether a call is refused for this reason."""
    try:
        client.detect(photo)
    except armoire.Unavailable as error:
        return error.reason == reason
    return False


def can_bind(port: int) -> bool:
    with socket.socket() as listener:
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def test_answers_are_those_of_one_process(
    edges: ServerProcess, client: armoire.Client, samples: list[Path]
) -> None:
    until(lambda: len(processes_of(edges, "armoire-edges")) == 2)
    assert len(processes_of(edges, "armoire-device")) == 1
    with armoire.Client(edges.address) as ours:
        assert [replace(model, max_batch=0) for model in ours.models()] == [
            replace(model, max_batch=0)  # the device process has measured its own
            for model in client.models()
        ]
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
    assert edges.process is not None
    supervisor = psutil.Process(edges.process.pid)
    expected = until(lambda: answer(edges, samples[1]))
    with armoire.Client(edges.address, retries=armoire.RetryPolicy(max_attempts=1)) as client:
        supervisor.suspend()  # so that the device process stays away until both were seen
        try:
            device.send_signal(signal.SIGKILL)
            assert until(lambda: refusal(client, samples[1], "DEVICE_GONE"))
            until(lambda: not client.health().serving)
        finally:
            supervisor.resume()
        answered = until(lambda: answer(edges, samples[1]))
    assert [item.label for item in answered.items] == [item.label for item in expected.items]
    assert processes_of(edges, "armoire-device")[0].pid != device.pid


def test_calls_in_flight_are_answered_when_the_server_is_told_to_end(
    tmp_path: Path, samples: list[Path]
) -> None:
    answered: list[set[type]] = []
    refused: list[str] = []
    all_answered = threading.Barrier(4)

    def call_until_it_ends() -> None:
        with armoire.Client(server.address, retries=armoire.RetryPolicy(max_attempts=1)) as client:
            try:
                answers = client.analyze_batch([samples[0]] * PHOTOS, timeout_s=PATIENCE_S)
                answered.append(set(map(type, answers)))
                all_answered.wait(PATIENCE_S)
                while True:
                    client.analyze(samples[0])
            except armoire.ArmoireError as error:
                refused.append(error.reason)

    patient = {"ARMOIRE_GRPC__DRAIN_S": str(PATIENCE_S)}
    server = ServerProcess(tmp_path, "services.app:Edges", patient, stop_timeout_s=PATIENCE_S)
    with server:
        callers = [threading.Thread(target=call_until_it_ends) for _ in range(4)]
        for caller in callers:
            caller.start()
        until(lambda: decoded_photos(server) > 3 * PHOTOS)
        assert server.stop() == 0
        for caller in callers:
            caller.join()
    assert answered == [{armoire.ImageAnalysis}] * len(callers)
    assert len(refused) == len(callers)
    assert "DEVICE_GONE" not in refused


def test_a_device_that_cannot_start_leaves_nobody_waiting(tmp_path: Path) -> None:
    environment = {"ARMOIRE_MODELS__EMBEDDER": "artifacts/demo-detector"}
    server = ServerProcess(tmp_path, "services.app:Edges", environment)
    server.launch()
    assert server.process is not None
    assert server.process.wait(PATIENCE_S) != 0
    until(lambda: can_bind(server.http_port))  # which edges would hold open
    log = server.log_path.read_text()
    assert "one for 'embed' is needed" in log
    assert "Traceback" not in log


def test_a_server_that_is_still_starting_ends_when_told_to(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path, "services.app:Edges", stop_timeout_s=PATIENCE_S)
    server.launch()
    assert server.process is not None
    supervisor = psutil.Process(server.process.pid)
    until(lambda: sum(map(is_importing, supervisor.children(recursive=True))) == 3)
    assert server.stop() == 0


def is_importing(process: psutil.Process) -> bool:
    """Whether numpy, the first large import, is there; False for a process that has ended."""
    try:
        return "_multiarray_umath" in Path(f"/proc/{process.pid}/maps").read_text()
    except OSError:
        return False


def test_two_servers_do_not_share_a_port(edges: ServerProcess, tmp_path: Path) -> None:
    second = ServerProcess(tmp_path, "services.app:Edges", grpc_port=edges.grpc_port)
    second.launch()
    assert second.process is not None
    assert second.process.wait(PATIENCE_S) != 0
    assert f"port {edges.grpc_port} is in use by process" in second.log_path.read_text()


def test_edges_need_a_port_that_is_named(tmp_path: Path) -> None:
    environment = {"ARMOIRE_GRPC__PORT": "0"}
    with pytest.raises(ServerFailed, match="ARMOIRE_GRPC__PORT must not be 0"):
        ServerProcess(tmp_path, "services.app:Edges", environment).start()
