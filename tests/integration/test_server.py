"""One server as its callers see it: health, reflection, HTTP, metrics, draining, what it imports."""

from __future__ import annotations

import json
import selectors
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

import armoire
from demo.server import ROOT, ServerProcess
from services.edge.server import GrpcOptions
from tests.integration.arrivals import decoded_photos
from tests.polling import PAUSE_S, until

PATIENCE_S = 300.0
"""More than anything here takes on the slowest of machines."""
PHOTOS = 16
"""Of a call that takes a while."""
SERVICES = ("armoire.v1.InferenceService", "armoire.v1.CatalogService")

SEARCH = "/armoire.v1.CatalogService/Search"


def test_health_is_told_per_service(server: ServerProcess) -> None:
    with grpc.insecure_channel(server.address) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        for name in ("", *SERVICES):
            reply = stub.Check(health_pb2.HealthCheckRequest(service=name))
            assert reply.status == health_pb2.HealthCheckResponse.SERVING
        with pytest.raises(grpc.RpcError) as error:
            stub.Check(health_pb2.HealthCheckRequest(service="armoire.v1.Nothing"))
        assert error.value.code() is grpc.StatusCode.NOT_FOUND


def test_reflection_lists_every_service(server: ServerProcess) -> None:
    with grpc.insecure_channel(server.address) as channel:
        listed = set(ProtoReflectionDescriptorDatabase(channel).get_services())
    assert {*SERVICES, "grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection"} <= listed


def test_a_request_id_comes_back(server: ServerProcess) -> None:
    with grpc.insecure_channel(server.address) as channel:
        call = channel.unary_unary("/armoire.v1.InferenceService/ListModels")
        _, state = call.with_call(b"", metadata=(("x-request-id", "mine-42"),))
        assert ("x-request-id", "mine-42") in {(key, value) for key, value in state.trailing_metadata()}


def get(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=60) as reply:
        return reply.status, reply.read().decode()


def post(url: str, body: bytes, content_type: str) -> tuple[int, Any]:
    request = urllib.request.Request(url, body, {"content-type": content_type})
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.status, json.loads(reply.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def form(fields: dict[str, str], photo: bytes | None) -> tuple[bytes, str]:
    boundary = "armoire-test-boundary"
    parts = [
        f'--{boundary}\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    if photo is not None:
        head = f'--{boundary}\r\ncontent-disposition: form-data; name="image"; filename="p.jpg"\r\n\r\n'
        parts.append(head.encode() + photo + b"\r\n")
    return b"".join([*parts, f"--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"


def too_large_form() -> tuple[bytes, str]:
    """A byte too much."""
    empty, _ = form({}, b"")
    return form({}, bytes(GrpcOptions().max_message_bytes + 1 - len(empty)))


def test_ready_and_metrics(server: ServerProcess, client: armoire.Client, samples: list[Path]) -> None:
    client.analyze(samples[0])
    assert get(f"{server.http_url}/readyz")[0] == 200
    text = get(f"{server.http_url}/metrics")[1]
    assert 'armoire_call_seconds_count{method="/armoire.v1.InferenceService/Analyze",status="OK"}' in text
    assert 'armoire_batch_rows_count{model="detector",' in text


def test_the_root_lists_routes_and_loads_nothing_from_elsewhere(server: ServerProcess) -> None:
    status, text = get(f"{server.http_url}/")
    assert status == 200
    assert "POST /v1/analyze" in json.loads(text)["routes"]


def test_the_http_gateway_for_analyze_says_what_grpc_says(
    server: ServerProcess, client: armoire.Client, samples: list[Path]
) -> None:
    photo = samples[0]
    status, body = post(f"{server.http_url}/v1/analyze", *form({}, photo.read_bytes()))
    assert status == 200
    analysis = body["results"][0]["analysis"]
    expected = client.analyze(photo)
    assert [item["label"] for item in analysis["items"]] == [item.label for item in expected.items]
    assert analysis["items"][0]["box"]["x2"] == pytest.approx(expected.items[0].box.x2, abs=0.01)


def test_the_http_gateway_for_search_takes_forms_and_json(server: ServerProcess) -> None:
    status, from_form = post(
        f"{server.http_url}/v1/search", *form({"text": "a red dress", "top_k": "2"}, None)
    )
    assert status == 200
    status, from_json = post(
        f"{server.http_url}{SEARCH}", b'{"text": "a red dress", "topK": 2}', "application/json"
    )
    assert status == 200
    assert from_form["queries"] == from_json["queries"]


def test_a_photo_is_indexed_over_http(server: ServerProcess, samples: list[Path]) -> None:
    status, body = post(f"{server.http_url}/v1/index", *form({"image_name": "a"}, samples[1].read_bytes()))
    assert status == 202
    watched = json.dumps({"jobId": body["job"]["id"]}).encode()
    envelope = b"\0" + len(watched).to_bytes(4, "big") + watched
    url = f"{server.http_url}/armoire.v1.CatalogService/WatchIndexingJob"
    request = urllib.request.Request(url, envelope, {"content-type": "application/connect+json"})
    with urllib.request.urlopen(request, timeout=120) as reply:
        answer = reply.read()
    assert b"INDEXING_JOB_STATE_COMPLETE" in answer
    assert answer.endswith(b"{}")


@pytest.mark.parametrize(
    ("sent", "status", "field"),
    [
        (form({"text": "x", "top_k": "1000"}, None), 400, "top_k"),
        ((b"text=x", "text/plain"), 415, "content-type"),
        ((b"no parts here", "multipart/form-data; boundary=x"), 400, "body"),
        ((b"no boundary", "multipart/form-data"), 400, "body"),
        (too_large_form(), 429, "request"),
    ],
    ids=["value", "content-type", "parts", "boundary", "size"],
)
def test_http_names_the_bad_field(
    server: ServerProcess, sent: tuple[bytes, str], status: int, field: str
) -> None:
    answered, reply = post(f"{server.http_url}/v1/search", *sent)
    assert answered == status
    violations = [v for d in reply["details"] for v in d["debug"].get("fieldViolations", [])]
    assert violations[0]["field"] == field


def test_half_sent_bodies_lock_nobody_out(server: ServerProcess, client: armoire.Client) -> None:
    """As many as it takes until one is refused, or one that is slow is given up for it."""
    host, _, port = server.http_url.removeprefix("http://").partition(":")
    head = (
        f"POST {SEARCH} HTTP/1.1\r\nhost: localhost\r\n"
        "content-type: application/json\r\ncontent-length: 99\r\n\r\n{"
    )
    answers: list[bytes] = []
    with ExitStack() as sockets, selectors.DefaultSelector() as answered:
        while not any(answer.startswith((b"HTTP/1.1 429", b"HTTP/1.1 504")) for answer in answers):
            opened = sockets.enter_context(socket.create_connection((host, int(port))))
            opened.sendall(head.encode())
            answered.register(opened, selectors.EVENT_READ)
            for key, _ in answered.select(timeout=PAUSE_S):  # no more sockets than the server keeps up with
                answers.append(key.fileobj.recv(100))
                answered.unregister(key.fileobj)
        assert client.models()
        status, _ = post(f"{server.http_url}{SEARCH}", b'{"text": "dress"}', "application/json")
        assert status == 200


def test_bytes_that_are_no_message_are_an_invalid_request(server: ServerProcess) -> None:
    with grpc.insecure_channel(server.address) as channel, pytest.raises(grpc.RpcError) as error:
        channel.unary_unary("/armoire.v1.InferenceService/Analyze")(b"\xff\xff\xff")
    assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT


def test_sigterm_lets_calls_in_flight_finish(tmp_path: Path, samples: list[Path]) -> None:
    server = ServerProcess(
        tmp_path, environment={"ARMOIRE_GRPC__DRAIN_S": str(PATIENCE_S)}, stop_timeout_s=PATIENCE_S
    )

    def call() -> set[type]:
        with armoire.Client(server.address) as client:
            return set(map(type, client.analyze_batch([samples[0]] * PHOTOS, timeout_s=PATIENCE_S)))

    with server, ThreadPoolExecutor(4) as threads:
        calls = [threads.submit(call) for _ in range(4)]
        until(lambda: decoded_photos(server) > 3 * PHOTOS)
        assert server.stop() == 0
        assert [each.result() for each in calls] == [{armoire.ImageAnalysis}] * 4


def test_a_shutdown_waits_for_nobody_for_longer_than_the_setting(tmp_path: Path, samples: list[Path]) -> None:
    """A stream over each port that goes on for ever, a watch of health, and a call of many photos."""
    server = ServerProcess(tmp_path, environment={"ARMOIRE_GRPC__DRAIN_S": "5"}, stop_timeout_s=PATIENCE_S)
    head = (
        "POST /armoire.v1.InferenceService/AnalyzeStream HTTP/1.1\r\nhost: localhost\r\n"
        "content-type: application/connect+json\r\ntransfer-encoding: chunked\r\n\r\n"
    )

    def call() -> list[armoire.ImageAnalysis | armoire.ArmoireError]:
        with armoire.Client(server.address, retries=armoire.RetryPolicy(max_attempts=1)) as client:
            return client.analyze_batch([samples[0]] * 32, timeout_s=PATIENCE_S)

    with server, ThreadPoolExecutor(1) as thread, grpc.insecure_channel(server.address) as channel:
        watch = health_pb2_grpc.HealthStub(channel).Watch(health_pb2.HealthCheckRequest())
        assert next(watch).status == health_pb2.HealthCheckResponse.SERVING
        never = threading.Event()
        stream = channel.stream_stream("/armoire.v1.InferenceService/AnalyzeStream")(
            iter(never.wait, True)  # type: ignore[arg-type]
        )
        with socket.create_connection(("127.0.0.1", server.http_port)) as over_http:
            over_http.sendall(head.encode())
            called = thread.submit(call)
            until(lambda: decoded_photos(server) > 0)
            assert server.stop() == 0
        assert [reply.status for reply in watch] == [health_pb2.HealthCheckResponse.NOT_SERVING]
        with pytest.raises(grpc.RpcError, match="shutting down"):
            next(stream)
        never.set()
        with suppress(armoire.Unavailable):
            assert len(called.result()) == 32
    log = (tmp_path / "server.log").read_text()
    assert "shutting down: calls in flight have 5 s to finish" in log
    assert "Traceback" not in log


def test_a_home_in_use_is_refused_with_a_reason(server: ServerProcess) -> None:
    """The server that has the home keeps what it has counted."""
    with armoire.Client(server.address) as client:
        client.embed_texts(["a red dress"])
    until(lambda: calls_counted(server))
    second = ServerProcess(server.home)
    with pytest.raises(Exception, match="is in use by process"):
        second.start()
    assert calls_counted(server)


def calls_counted(server: ServerProcess) -> bool:
    """Whether the metrics of the server tell of a call of EmbedText."""
    counted = 'armoire_call_seconds_count{method="/armoire.v1.InferenceService/EmbedText"'
    return counted in get(f"{server.http_url}/metrics")[1]


def test_serving_imports_no_training_library() -> None:
    code = (
        "import sys, services.app, services.host.application, services.host.composition; "
        "print([m for m in ('torch', 'torchvision', 'ultralytics', 'open_clip', 'timm') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_running_server_has_mapped_no_training_library(server: ServerProcess) -> None:
    assert server.process is not None
    maps = Path(f"/proc/{server.process.pid}/maps")
    if not maps.exists():
        pytest.skip("needs /proc")
    text = "".join(path.read_text() for path in process_maps(server.process.pid))
    assert "onnxruntime" in text
    assert "libtorch" not in text


def test_numpy_s_own_threads_stay_out_of_the_models_way(server: ServerProcess) -> None:
    assert server.process is not None
    if not Path("/proc/self/environ").exists():
        pytest.skip("needs /proc")
    workers = [path.with_name("environ").read_text() for path in process_maps(server.process.pid)[1:]]
    assert any("OPENBLAS_NUM_THREADS=1\0" in environment for environment in workers)


def process_maps(pid: int) -> list[Path]:
    """The memory maps of a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    below = [path for child in children for path in process_maps(int(child))]
    return [Path(f"/proc/{pid}/maps"), *below]
