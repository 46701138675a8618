"""The Open Inference Protocol of a real server answers as its own API does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import httpx
import numpy as np
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

import armoire
from armoire.v1 import inference_pb2, inference_pb2_grpc
from demo.server import ROOT, ServerProcess
from models.artifact import Artifact
from models.text_encoder import TextEncoder
from services.edge.oip.servicer import OPEN_INFERENCE
from services.edge.oip.tensors import Tensor, raw_from_tensor
from services.oip.datatypes import BYTES
from services.oip.stubs import open_inference_pb2 as pb
from tests.open_inference import GrpcClient, as_bytes, raw_request

Array = np.ndarray[Any, Any]
MODELS = ["detector", "image_encoder", "text_encoder", "detect", "embed", "embed_text", "analyze"]
COSINE = 0.99999
SIDE_PX = Artifact.load(ROOT / "artifacts/demo-detector").manifest.image.height
"""Of the detector's input."""


@pytest.fixture
def oip(server: ServerProcess) -> Iterator[GrpcClient]:
    with grpc.insecure_channel(server.address) as channel:
        yield GrpcClient(channel)


@pytest.fixture
def http(server: ServerProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.http_url, timeout=300) as connected:
        yield connected


@pytest.fixture(scope="session")
def photos(samples: list[Path]) -> list[bytes]:
    return [path.read_bytes() for path in samples[:3]]


@pytest.fixture
def own(server: ServerProcess) -> Iterator[inference_pb2_grpc.InferenceServiceStub]:
    """The server's own API."""
    with grpc.insecure_channel(server.address) as channel:
        yield inference_pb2_grpc.InferenceServiceStub(channel)


def of_images(photos: list[bytes]) -> list[dict[str, Any]]:
    return [{"content": photo} for photo in photos]


def test_every_model_is_ready_and_described(oip: GrpcClient, http: httpx.Client) -> None:
    assert oip.call("ServerLive", pb.ServerLiveRequest()).live
    assert oip.call("ServerReady", pb.ServerReadyRequest()).ready
    index = oip.call("RepositoryIndex", pb.RepositoryIndexRequest(ready=True))
    assert [entry.name for entry in index.models] == MODELS
    for name in MODELS:
        assert oip.call("ModelReady", pb.ModelReadyRequest(name=name)).ready
        metadata = oip.call("ModelMetadata", pb.ModelMetadataRequest(name=name))
        shown = http.get(f"/v2/models/{name}").json()
        assert [list(each.shape) for each in metadata.outputs] == [each["shape"] for each in shown["outputs"]]
        config = oip.call("ModelConfig", pb.ModelConfigRequest(name=name)).config
        assert [each.name for each in config.output] == [each.name for each in metadata.outputs]
        assert all(
            list(each.dims) == list(other.shape)[1:]
            for each, other in zip(config.output, metadata.outputs, strict=True)
        )
        assert http.get(f"/v2/models/{name}/config").json()["max_batch_size"] == config.max_batch_size


def test_its_health_is_that_of_inference(server: ServerProcess) -> None:
    with grpc.insecure_channel(server.address) as channel:
        request = health_pb2.HealthCheckRequest(service=OPEN_INFERENCE.full_name)
        reply = health_pb2_grpc.HealthStub(channel).Check(request)
    assert reply.status == health_pb2.HealthCheckResponse.SERVING


def test_detect_finds_the_same_boxes(
    oip: GrpcClient, own: inference_pb2_grpc.InferenceServiceStub, photos: list[bytes]
) -> None:
    found = oip.infer("detect", as_bytes("image", photos))
    expected = own.Detect(inference_pb2.DetectRequest(images=of_images(photos)))
    for index, result in enumerate(expected.results):
        detections = result.detections.detections
        count = int(found["count"][index, 0])
        assert count == len(detections) > 0
        boxes = [(each.box.x1, each.box.y1, each.box.x2, each.box.y2) for each in detections]
        np.testing.assert_array_equal(found["boxes"][index, :count], np.float32(boxes))
        np.testing.assert_array_equal(
            found["scores"][index, :count], np.float32([each.score for each in detections])
        )
        labels = [each.label.encode() for each in detections]
        assert found["labels"][index, :count].tolist() == labels
        assert not found["scores"][index, count:].any()
        size = result.detections.image_width, result.detections.image_height
        assert tuple(found["image_size"][index]) == size


def test_embeddings_are_the_same(
    oip: GrpcClient, own: inference_pb2_grpc.InferenceServiceStub, photos: list[bytes]
) -> None:
    found = oip.infer("embed", as_bytes("image", photos))["embedding"]
    expected = own.EmbedImage(inference_pb2.EmbedImageRequest(images=of_images(photos)))
    vectors = [result.embeddings.embeddings[0].values for result in expected.results]
    assert cosines(found, vectors).min() >= COSINE
    texts = ["a red dress", "blue shoes"]
    found = oip.infer("embed_text", as_bytes("text", [text.encode() for text in texts]))["embedding"]
    answer = own.EmbedText(inference_pb2.EmbedTextRequest(texts=texts))
    assert cosines(found, [result.embedding.values for result in answer.results]).min() >= COSINE


def test_an_analysis_is_the_same(
    oip: GrpcClient, own: inference_pb2_grpc.InferenceServiceStub, photos: list[bytes]
) -> None:
    found = oip.infer("analyze", as_bytes("image", photos))
    request = inference_pb2.AnalyzeRequest(images=of_images(photos), include_embeddings=True)
    for index, result in enumerate(own.Analyze(request).results):
        items = result.analysis.items
        count = int(found["count"][index, 0])
        assert count == len(items) > 0
        boxes = [(each.box.x1, each.box.y1, each.box.x2, each.box.y2) for each in items]
        np.testing.assert_array_equal(found["boxes"][index, :count], np.float32(boxes))
        for place, item in enumerate(items):
            if item.accepted:
                ours = found["embeddings"][index, place][None]
                assert cosines(ours, [item.embedding.values])[0] >= COSINE
        shown = json.loads(found["analysis"][index, 0])
        assert [each["label"] for each in shown["items"]] == [each.label for each in items]


def cosines(found: Array, expected: Any) -> Array:
    """Of unit vectors."""
    return np.einsum("nd,nd->n", found.astype(np.float64), np.array(expected, np.float64))


def test_raw_tensors_run_on_the_graphs(oip: GrpcClient) -> None:
    """The golden inputs of the artifacts give their golden outputs."""
    detector = Artifact.load(ROOT / "artifacts/demo-detector").golden("detector").first(2)
    rows = oip.infer("detector", Tensor("images", detector.inputs))["rows"]
    confident = detector.outputs[:, :10]  # the best of each picture; the last ones may change places
    np.testing.assert_allclose(rows[:, :10, :4], confident[..., :4], atol=0.5)
    embedder = Artifact.load(ROOT / "artifacts/demo-embedder")
    for graph, model, name in (("image", "image_encoder", "images"), ("text", "text_encoder", "tokens")):
        golden = embedder.golden(graph)
        found = oip.infer(model, Tensor(name, golden.inputs))["embeddings"]
        assert cosines(found, golden.outputs).min() >= COSINE


def test_every_token_of_the_tokenizer_is_one_of_the_graph(oip: GrpcClient) -> None:
    metadata = oip.call("ModelMetadata", pb.ModelMetadataRequest(name="text_encoder"))
    length = metadata.inputs[0].shape[1]
    artifact = Artifact.load(ROOT / "artifacts/demo-embedder")

    class NoSession:
        provider = "cpu"

    largest = TextEncoder(artifact, NoSession()).row_format.largest  # type: ignore[arg-type]
    tokens = np.full((1, length), largest, np.int64)
    assert np.isfinite(oip.infer("text_encoder", Tensor("tokens", tokens))["embeddings"]).all()
    for value in (largest + 1, -1):
        with pytest.raises(grpc.RpcError) as error:
            oip.infer("text_encoder", Tensor("tokens", tokens * 0 + value))
        assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT
        assert error.value.details() == f"inputs[tokens]: must hold values from 0 to {largest}, got {value}"


def test_rest_and_grpc_give_the_same(oip: GrpcClient, http: httpx.Client, photos: list[bytes]) -> None:
    expected = oip.infer("embed", as_bytes("image", photos[:1]))["embedding"]
    raw = raw_from_tensor(as_bytes("image", photos[:1]))
    tensor = {
        "name": "image",
        "datatype": "BYTES",
        "shape": [1, 1],
        "parameters": {"binary_data_size": len(raw)},
    }
    head = json.dumps({"inputs": [tensor], "parameters": {"binary_data_output": True}}).encode()
    headers = {"inference-header-content-length": str(len(head))}
    reply = http.post("/v2/models/embed/infer", content=head + raw, headers=headers)
    assert reply.status_code == 200, reply.text
    length = int(reply.headers["inference-header-content-length"])
    found = np.frombuffer(reply.content[length:], "<f4")[None]
    assert cosines(found, expected)[0] >= COSINE
    tokens = {"name": "text", "datatype": "BYTES", "shape": [1], "data": ["a red dress"]}
    answer = http.post("/v2/models/embed_text/infer", json={"inputs": [tokens]}).json()
    by_grpc = oip.infer("embed_text", as_bytes("text", [b"a red dress"]))["embedding"]
    assert cosines(np.array([answer["outputs"][0]["data"]]), by_grpc)[0] >= COSINE


def test_callers_share_batches(oip: GrpcClient) -> None:
    """Statistics count every row once, whatever batches it was in."""
    golden = Artifact.load(ROOT / "artifacts/demo-embedder").golden("image").first(1)
    before = statistics(oip, "image_encoder")
    with ThreadPoolExecutor(16) as threads:
        for answer in [
            threads.submit(oip.infer, "image_encoder", Tensor("images", golden.inputs)) for _ in range(16)
        ]:
            assert answer.result()["embeddings"].shape == golden.outputs.shape
    after = statistics(oip, "image_encoder")
    assert after.inference_count - before.inference_count == 16
    assert after.inference_stats.success.count - before.inference_stats.success.count == 16
    rows = [
        sum(each.batch_size * each.compute_infer.count for each in s.batch_stats) for s in (before, after)
    ]
    assert rows[1] - rows[0] == 16
    assert after.execution_count - before.execution_count <= 16
    assert after.inference_stats.queue.ns >= before.inference_stats.queue.ns
    assert after.inference_stats.compute_infer.ns > before.inference_stats.compute_infer.ns
    assert after.last_inference >= before.last_inference > 0


def statistics(oip: GrpcClient, model: str) -> Any:
    (found,) = oip.call("ModelStatistics", pb.ModelStatisticsRequest(name=model)).model_stats
    return found


def test_a_graph_counts_the_runs_of_all_apis(
    oip: GrpcClient, client: armoire.Client, photos: list[bytes]
) -> None:
    before = statistics(oip, "detector").inference_count
    client.analyze(photos[0])
    oip.infer("detect", as_bytes("image", photos[:1]))
    assert statistics(oip, "detector").inference_count == before + 2


@pytest.mark.parametrize(
    ("model", "tensor", "told"),
    [
        ("detect", as_bytes("image", [b"no photo"]), "inputs[image][0].content: "),
        ("embed", as_bytes("image", [b""]), "inputs[image][0].content: "),
        ("embed_text", as_bytes("text", [b"\xff"]), "inputs[text][0]: must be UTF-8"),
        ("embed_text", as_bytes("text", [b"a", b" "]), "inputs[text][1]: must not be empty"),
        ("embed_text", as_bytes("text", [b"a" * 513]), "inputs[text][0]: must be at most 512 characters"),
        (
            "analyze",
            as_bytes("image", [b"x"] * 33),
            "inputs[image].shape: must be [N, 1] with N from 1 to 32",
        ),
        (
            "detector",
            Tensor("images", np.zeros((1, 8, 8, 3), np.uint8)),
            f"inputs[images].shape: must be [N, {SIDE_PX}, {SIDE_PX}, 3] with N from 1 to 32, got "
            "[1, 8, 8, 3]",
        ),
    ],
)
def test_bad_input_is_refused_with_its_name_and_limit(
    oip: GrpcClient, http: httpx.Client, model: str, tensor: Tensor, told: str
) -> None:
    with pytest.raises(grpc.RpcError) as error:
        oip.infer(model, tensor)
    assert error.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert error.value.details().startswith(told)
    raw = raw_from_tensor(tensor)
    given = {
        "name": tensor.name,
        "datatype": tensor.datatype.name,
        "shape": list(tensor.shape),
        "parameters": {"binary_data_size": len(raw)},
    }
    head = json.dumps({"inputs": [given]}).encode()
    headers = {"inference-header-content-length": str(len(head))}
    reply = http.post(f"/v2/models/{model}/infer", content=head + raw, headers=headers)
    assert (reply.status_code, reply.json()["error"]) == (400, error.value.details())


def test_a_timeout_that_passes_is_told(oip: GrpcClient, photos: list[bytes]) -> None:
    request = raw_request("analyze", as_bytes("image", photos[:1]))
    request.parameters["timeout"].int64_param = 1
    with pytest.raises(grpc.RpcError) as error:
        oip.call("ModelInfer", request)
    assert error.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED


def test_bytes_is_the_datatype_of_jobs(oip: GrpcClient) -> None:
    for name in MODELS[3:]:
        metadata = oip.call("ModelMetadata", pb.ModelMetadataRequest(name=name))
        assert (metadata.platform, metadata.inputs[0].datatype) == ("armoire", BYTES.name)
