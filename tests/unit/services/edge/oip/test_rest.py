"""The REST routes, with a small model."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.http.app import build_http_app
from services.edge.oip.data_plane import DataPlane
from services.edge.oip.inference import LARGE_BYTES
from services.edge.oip.shared_memory import SharedMemory
from tests.turns import begun
from tests.unit.services.edge.oip.doubling import Backend, doubling_plane

PLANE, MODEL = doubling_plane()
INFER = "/v2/models/doubling/infer"
LOAD = "/v2/repository/models/doubling/load"
TENSOR = {"name": "numbers", "datatype": "INT64", "shape": [1, 2]}


def client(plane: DataPlane | None = PLANE, **changes: Any) -> httpx.AsyncClient:
    app = build_http_app(lambda: Backend(plane, **changes))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://server")


async def test_infer_in_json() -> None:
    async with client() as http:
        body = {"id": "a", "inputs": [TENSOR | {"data": [1, 2]}]}
        reply = await http.post(INFER, json=body, headers={"x-request-id": "mine"})
    assert (reply.status_code, reply.headers["x-request-id"]) == (200, "mine")
    answer = reply.json()
    assert (answer["id"], answer["model_version"]) == ("a", "1")
    assert answer["outputs"][0] == {"name": "doubled", "datatype": "FP32", "shape": [1, 2], "data": [2, 4]}


@pytest.mark.parametrize(("verb", "path"), [("GET", INFER), ("POST", "/v2/health/live"), ("POST", "/v2")])
async def test_another_method_is_refused(verb: str, path: str) -> None:
    async with client() as http:
        reply = await http.request(verb, path)
    assert reply.status_code == 405
    assert verb not in reply.headers["allow"]
    assert reply.json()["error"].startswith("verb: must be ")
    assert reply.json()["details"][0]["debug"]["reason"] == "VERB_NOT_ALLOWED"


async def test_a_path_below_v2_that_is_none_is_refused_as_the_protocol_has_it() -> None:
    async with client() as http:
        reply = await http.get("/v2/nothing")
    assert (reply.status_code, reply.json()["code"]) == (404, "unimplemented")
    assert reply.json()["error"] == "method: this server does not offer /v2/nothing"


async def test_large_json_is_decoded_too() -> None:
    """On a thread."""
    async with client() as http:
        body = {"inputs": [TENSOR | {"data": [1, 2]}], "parameters": {"note": "x" * LARGE_BYTES}}
        reply = await http.post(INFER, json=body)
    assert reply.json()["outputs"][0]["data"] == [2, 4]


async def test_infer_in_binary() -> None:
    sized = TENSOR | {"parameters": {"binary_data_size": 16}}
    wanted = {"name": "doubled", "parameters": {"binary_data": True}}
    async with client() as http:
        head = http.build_request("POST", INFER, json={"inputs": [sized], "outputs": [wanted]}).content
        reply = await http.post(
            "/v2/models/doubling/versions/1/infer",
            content=head + np.array([1, 2], "<i8").tobytes(),
            headers={"inference-header-content-length": str(len(head))},
        )
    length = int(reply.headers["inference-header-content-length"])
    assert reply.headers["content-type"] == "application/octet-stream"
    assert np.frombuffer(reply.content[length:], "<f4").tolist() == [2, 4]


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/v2", {"name": "armoire", "version": "1.2.3"}),
        ("/v2/models/doubling", {"name": "doubling", "versions": ["1"]}),
        ("/v2/models/doubling/versions/1", {"name": "doubling"}),
        ("/v2/models/doubling/config", {"max_batch_size": 4}),
    ],
)
async def test_what_there_is(path: str, shown: dict[str, Any]) -> None:
    async with client() as http:
        reply = await http.get(path)
    assert reply.status_code == 200
    assert shown.items() <= reply.json().items()


async def test_statistics_of_one_model_and_of_all() -> None:
    async with client() as http:
        for path in ("/v2/models/stats", "/v2/models/doubling/stats", "/v2/models/doubling/versions/1/stats"):
            (found,) = (await http.get(path)).json()["model_stats"]
            assert found["name"] == "doubling"


@pytest.mark.parametrize(
    ("path", "ready", "status"),
    [
        ("/v2/health/live", False, 200),
        ("/v2/health/ready", True, 200),
        ("/v2/health/ready", False, 503),
        ("/v2/models/doubling/ready", True, 200),
        ("/v2/models/doubling/versions/1/ready", True, 200),
        ("/v2/models/doubling/versions/2/ready", True, 503),
        ("/v2/models/doubling/ready", False, 503),
        ("/v2/models/halving/ready", True, 503),
    ],
)
async def test_probes(path: str, ready: bool, status: int) -> None:
    async with client(replace(PLANE, models_ready=lambda: ready)) as http:
        reply = await http.get(path)
    assert reply.status_code == status
    assert reply.json() == {path.rpartition("/")[2]: status == 200}


async def test_the_index_of_models() -> None:
    async with client() as http:
        for body in (b"", b'{"ready":true}'):
            reply = await http.post("/v2/repository/index", content=body)
            assert reply.json() == [{"name": "doubling", "version": "1", "state": "READY", "reason": ""}]
        assert (await http.post("/v2/repository/index", content=b"{")).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "told"),
    [
        ("GET", "/v2/models/halving", b"", 404, "model 'halving' does not exist"),
        ("POST", INFER, b"{", 400, "body: is not JSON"),
        ("POST", INFER, b"{}", 400, "inputs: must be numbers alone for model doubling, got none"),
        ("POST", "/v2/models/halving/infer", b"{}", 404, "model 'halving' does not exist"),
        ("POST", "/v2/repository/models/doubling/load", b"", 400, "the models of several edges are those"),
        ("POST", "/v2/repository/models/a/b:1/unload", b"", 400, "the models of several edges are those"),
        ("POST", LOAD, b'{"parameters": {"config": "{}"}}', 501, "parameters[config]: this server loads"),
        ("POST", LOAD, b'{"parameters": []}', 400, "parameters: must be a JSON object"),
        ("POST", LOAD, b"[]", 400, "body: must be a JSON object"),
        ("POST", "/v2/repository/index", b'{"ready": 1}', 400, "ready: must be true or false, got 1"),
        ("POST", "/v2/systemsharedmemory/region/r/register", b"{}", 501, "reads no shared memory, unless"),
        ("POST", "/v2/cudasharedmemory/region/r/register", b"{}", 501, "reads no memory of devices"),
    ],
)
async def test_an_error_is_json_with_its_text(
    method: str, path: str, content: bytes, status: int, told: str
) -> None:
    async with client() as http:
        reply = await http.request(method, path, content=content)
    assert reply.status_code == status
    assert told in reply.json()["error"]
    assert "x-request-id" in reply.headers


async def test_a_body_that_is_too_large_is_refused() -> None:
    async with client(max_message_bytes=100) as http:
        reply = await http.post(INFER, content=b" " * 101)
    assert (reply.status_code, reply.json()["error"]) == (429, "request: must be at most 100 bytes")


async def test_compressed_bodies_are_refused() -> None:
    async with client() as http:
        reply = await http.post(INFER, content=b"x", headers={"content-encoding": "gzip"})
    assert reply.status_code == 501
    assert "takes no gzip bodies" in reply.json()["error"]


async def test_a_call_too_many_is_refused_with_a_retry_time() -> None:
    plane, model = doubling_plane()
    release = asyncio.Event()
    model.act = release.wait
    body = {"inputs": [TENSOR | {"data": [1, 2]}]}
    async with client(plane, calls=(calls := Calls(Admission(1)))) as http:
        with calls.admission.acquire():
            refused = await http.post(INFER, json=body)
            ready = await http.get("/v2/health/ready")
        running = await begun(http.post(INFER, json=body))
        release.set()
        assert (await running).status_code == 200
    assert refused.status_code == 429
    assert "the limit of 1 calls at a time is reached" in refused.json()["error"]
    assert int(refused.headers["retry-after"]) >= 1
    assert ready.status_code == 200


async def test_tensors_may_be_in_shared_memory(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(np.array([1, 2], "<i8").tobytes() + bytes(8))
    plane, _ = doubling_plane(SharedMemory(True, tmp_path))
    given = {"shared_memory_region": "r", "shared_memory_byte_size": 16}
    wanted = {"shared_memory_region": "r", "shared_memory_byte_size": 8, "shared_memory_offset": 16}
    base = "/v2/systemsharedmemory"
    async with client(plane) as http:
        region = {"key": "/key", "offset": 0, "byte_size": 24}
        assert (await http.post(f"{base}/region/r/register", json=region)).status_code == 200
        assert (await http.post(f"{base}/region/r/register", json=region)).status_code == 409
        for path in (f"{base}/status", f"{base}/region/r/status"):
            assert (await http.get(path)).json() == [{"name": "r", **region}]
        body = {
            "inputs": [TENSOR | {"parameters": given}],
            "outputs": [{"name": "doubled", "parameters": wanted}],
        }
        reply = await http.post(INFER, json=body)
        assert reply.json()["outputs"] == [
            {"name": "doubled", "datatype": "FP32", "shape": [1, 2], "parameters": wanted}
        ]
        await http.post(f"{base}/unregister")
        assert (await http.post(INFER, json=body)).status_code == 404
        wrong = await http.post(f"{base}/region/r/register", json={"key": "/key", "byte_size": "8"})
    assert np.frombuffer((tmp_path / "key").read_bytes()[16:], "<f4").tolist() == [2.0, 4.0]
    assert (wrong.status_code, wrong.json()["error"][:9]) == (400, "byte_size")


async def test_no_region_of_shared_memory_is_registered() -> None:
    async with client() as http:
        for kind in ("systemsharedmemory", "cudasharedmemory"):
            assert (await http.get(f"/v2/{kind}/status")).json() == []
            assert (await http.post(f"/v2/{kind}/unregister")).status_code == 200


async def test_a_server_without_models_says_so() -> None:
    async with client(None) as http:
        assert (await http.get("/v2/health/live")).status_code == 200
        assert (await http.get("/v2/health/ready")).status_code == 503
        reply = await http.get("/v2/models/doubling")
    assert (reply.status_code, reply.json()["code"]) == (404, "unimplemented")
    assert "does not offer /inference.GRPCInferenceService/ModelMetadata" in reply.json()["error"]
