"""Asks a running server all that Triton's clients can, over gRPC, HTTP, asyncio and a stream.

Run by `tests.servers.interop`: triton_client.py GRPC_ADDRESS HTTP_ADDRESS FOLDER
"""

from __future__ import annotations

import asyncio
import os
import queue
import sys
from pathlib import Path
from typing import Any

import numpy as np
import tritonclient.grpc
import tritonclient.grpc.aio
import tritonclient.http
import tritonclient.http.aio
import tritonclient.utils.shared_memory as shm
from expected import AT_START, MODELS, SECOND, Array, Expected, passed, refused, same
from tritonclient.utils import InferenceServerException


def tensor(kind: Any, name: str, array: Array, datatype: str, **options: bool) -> Any:
    given = kind.InferInput(name, list(array.shape), datatype)
    given.set_data_from_numpy(array, **options)
    return given


def photo_of(kind: Any, expected: Expected, **options: bool) -> list[Any]:
    return [tensor(kind, "image", np.array([[expected.photo]], object), "BYTES", **options)]


def check_inference(client: Any, kind: Any, expected: Expected) -> None:
    """Photos, texts and raw rows; the results are those of the server's own API."""
    found = client.infer("detect", photo_of(kind, expected), request_id="mine")
    same("id", found.get_response()["id"] if kind is tritonclient.http else found.get_response().id, "mine")
    expected.check_boxes(*(found.as_numpy(name) for name in ("count", "boxes", "labels")))
    embedded = client.infer("embed", photo_of(kind, expected), priority=2, timeout=60_000_000)
    expected.check_embedding("image", embedded.as_numpy("embedding"))
    text = tensor(kind, "text", np.array([expected.text.encode()], object), "BYTES")
    expected.check_embedding("text_vector", client.infer("embed_text", [text]).as_numpy("embedding"))
    wanted = [kind.InferRequestedOutput("count"), kind.InferRequestedOutput("embeddings")]
    analyzed = client.infer("analyze", photo_of(kind, expected), outputs=wanted)
    count = int(analyzed.as_numpy("count")[0, 0])
    expected.check_embedding("item_vectors", analyzed.as_numpy("embeddings")[0, :count])
    check_raw(client, kind, expected)


def check_raw(client: Any, kind: Any, expected: Expected) -> None:
    for model, name, datatype in (("image_encoder", "images", "UINT8"), ("text_encoder", "tokens", "INT64")):
        rows = expected.answers[f"{name}_inputs"]
        found = client.infer(model, [tensor(kind, name, rows, datatype)], model_version="1")
        expected.check_embedding(f"{name}_outputs", found.as_numpy("embeddings"))


def check_refusals(client: Any, kind: Any, expected: Expected) -> None:
    side_px = expected.detector_px
    wrong = tensor(kind, "images", np.zeros((1, 8, 8, 3), np.uint8), "UINT8")
    refused(
        lambda: client.infer("detector", [wrong]),
        InferenceServerException,
        f"inputs[images].shape: must be [N, {side_px}, {side_px}, 3] with N from 1 to 32, got [1, 8, 8, 3]",
    )
    refused(lambda: client.get_model_metadata("nothing"), InferenceServerException, "does not exist")
    refused(
        lambda: client.register_system_shared_memory("r", "/none-such", 8),
        InferenceServerException,
        "shared memory '/none-such' does not exist",
    )


def check_shared_memory(name: str, client: Any, kind: Any, expected: Expected) -> None:
    """Rows of pictures and their embeddings, both in one region."""
    rows, golden = expected.answers["images_inputs"], expected.answers["images_outputs"]
    size = rows.nbytes + golden.nbytes
    region = shm.create_shared_memory_region("pictures", f"/armoire-interop-{os.getpid()}", size)
    try:
        shm.set_shared_memory_region(region, [rows])
        client.register_system_shared_memory("pictures", f"/armoire-interop-{os.getpid()}", size)
        given = kind.InferInput("images", list(rows.shape), "UINT8")
        given.set_shared_memory("pictures", rows.nbytes)
        wanted = kind.InferRequestedOutput("embeddings")
        wanted.set_shared_memory("pictures", golden.nbytes, offset=rows.nbytes)
        client.infer("image_encoder", [given], outputs=[wanted])
        found = shm.get_contents_as_numpy(region, np.float32, golden.shape, offset=rows.nbytes)
        expected.check_embedding("images_outputs", found)
        client.unregister_system_shared_memory()
    finally:
        shm.destroy_shared_memory_region(region)
    passed(name, "system shared memory: register, infer, unregister")


def index(client: Any, kind: Any) -> list[tuple[str, str, str]]:
    """Name, state and reason of each line."""
    found = client.get_model_repository_index()
    if kind is tritonclient.http:
        return [(entry["name"], entry["state"], entry["reason"]) for entry in found]
    return [(entry.name, entry.state, entry.reason) for entry in found.models]


def check_repository(name: str, client: Any, kind: Any, expected: Expected) -> None:
    """A second version of the embedder is loaded, asked, and unloaded; the default answers all the time."""
    client.load_model(SECOND)
    same("ready", client.is_model_ready(SECOND), True)
    default, version = versions(client, kind, "embed")
    same("default", (default, client.is_model_ready("embed", version)), ("1", True))
    same("index", (SECOND, "UNAVAILABLE", "unloaded") in index(client, kind), False)
    for asked in ("", default, version):
        found = client.infer("embed", photo_of(kind, expected), model_version=asked)
        expected.check_embedding("image", found.as_numpy("embedding"))
        same("version", answered(found, kind) == version, asked == version)
    same("statistics", count(client, kind, "image_encoder", version), 1)
    passed(name, "load, metadata and index of two versions, inference and statistics by version")
    refused(
        lambda: client.unload_model(answered(client.infer("embed", photo_of(kind, expected)), kind)),
        InferenceServerException,
        "is 'default': point the alias to another model first",
    )
    refused(lambda: client.load_model("nothing"), InferenceServerException, "model 'nothing' does not exist")
    refused(
        lambda: client.load_model(SECOND, config="{}"),
        InferenceServerException,
        "parameters[config]: this server loads models as they are in its model store",
    )
    client.unload_model(SECOND)
    same("ready", (client.is_model_ready(SECOND), client.is_model_ready("embed", version)), (False, False))
    same("index", index(client, kind), AT_START)
    refused(
        lambda: client.infer("embed", photo_of(kind, expected), model_version=version),
        InferenceServerException,
        f"model version 'embed/{version}' does not exist",
    )
    passed(name, "unload; a default, an unknown model and another configuration are refused")


def versions(client: Any, kind: Any, model: str) -> list[str]:
    found = client.get_model_metadata(model)
    return list(found["versions"] if kind is tritonclient.http else found.versions)


def answered(result: Any, kind: Any) -> str:
    """The full version of the model that answered."""
    response = result.get_response()
    if kind is tritonclient.http:
        return str(response["parameters"]["model_version"])
    return str(response.parameters["model_version"].string_param)


def count(client: Any, kind: Any, model: str, version: str) -> int:
    found = client.get_inference_statistics(model, version)
    if kind is tritonclient.http:
        return int(found["model_stats"][0]["inference_count"])
    return int(found.model_stats[0].inference_count)


def check_grpc(address: str, expected: Expected) -> None:
    client, kind = tritonclient.grpc.InferenceServerClient(address), tritonclient.grpc
    same("live", (client.is_server_live(), client.is_server_ready()), (True, True))
    same("index", index(client, kind), AT_START)
    same("server", client.get_server_metadata().name, "armoire")
    for model in MODELS:
        same("ready", client.is_model_ready(model), True)
        same("metadata", client.get_model_metadata(model).name, model)
        same("config", client.get_model_config(model).config.max_batch_size > 0, True)
    same("unknown", client.is_model_ready("nothing"), False)
    passed("tritonclient.grpc", "live, ready, metadata, config, index")
    check_inference(client, kind, expected)
    client.infer("embed", photo_of(kind, expected), compression_algorithm="gzip")
    passed("tritonclient.grpc", "infer: BYTES and raw, outputs, priority, timeout, compression")
    stats = client.get_inference_statistics("image_encoder").model_stats[0]
    same("statistics", stats.inference_count > 0 < stats.inference_stats.compute_infer.ns, True)
    passed("tritonclient.grpc", "statistics")
    check_refusals(client, kind, expected)
    passed("tritonclient.grpc", "errors name the input and the limit")
    check_shared_memory("tritonclient.grpc", client, kind, expected)
    check_repository("tritonclient.grpc", client, kind, expected)
    check_stream(client, kind, expected)
    client.close()


def check_stream(client: Any, kind: Any, expected: Expected) -> None:
    """Ten photos, of which the fourth is none: the others are answered, in order."""
    answers: queue.Queue[tuple[Any, Any]] = queue.Queue()
    client.start_stream(lambda result, error: answers.put((result, error)))
    for index in range(10):
        photo = b"no photo" if index == 3 else expected.photo
        given = tensor(kind, "image", np.array([[photo]], object), "BYTES")
        client.async_stream_infer("embed", [given], request_id=str(index))
    for index in range(10):
        result, error = answers.get(timeout=120)
        if index == 3:
            same("code", str(error).startswith("[INVALID_ARGUMENT] inputs[image][0].content"), True)
        else:
            same("id", result.get_response().id, str(index))
            expected.check_embedding("image", result.as_numpy("embedding"))
    client.stop_stream()
    passed("tritonclient.grpc", "stream: 10 requests in order, the one bad alone fails, with its code")


def check_http(address: str, expected: Expected) -> None:
    client, kind = tritonclient.http.InferenceServerClient(address, network_timeout=120), tritonclient.http
    same("live", (client.is_server_live(), client.is_server_ready()), (True, True))
    same("index", index(client, kind), AT_START)
    same("server", client.get_server_metadata()["name"], "armoire")
    for model in MODELS:
        same("ready", client.is_model_ready(model), True)
        same("metadata", client.get_model_metadata(model)["name"], model)
        same("config", client.get_model_config(model)["max_batch_size"] > 0, True)
    same("unknown", client.is_model_ready("nothing"), False)
    passed("tritonclient.http", "live, ready, metadata, config, index")
    check_inference(client, kind, expected)
    in_json = tensor(kind, "text", np.array([expected.text], object), "BYTES", binary_data=False)
    wanted = [kind.InferRequestedOutput("embedding", binary_data=False)]
    found = client.infer("embed_text", [in_json], outputs=wanted).as_numpy("embedding")
    expected.check_embedding("text_vector", found)
    passed("tritonclient.http", "infer: BYTES and raw, JSON and binary, outputs, priority, timeout")
    stats = client.get_inference_statistics()["model_stats"]
    same("statistics", {entry["name"]: entry["inference_count"] for entry in stats}["embed"] > 0, True)
    passed("tritonclient.http", "statistics")
    check_refusals(client, kind, expected)
    passed("tritonclient.http", "errors name the input and the limit")
    check_shared_memory("tritonclient.http", client, kind, expected)
    check_repository("tritonclient.http", client, kind, expected)
    client.close()


async def check_aio(grpc_address: str, http_address: str, expected: Expected) -> None:
    for name, kind, address in (
        ("tritonclient.grpc.aio", tritonclient.grpc.aio, grpc_address),
        ("tritonclient.http.aio", tritonclient.http.aio, http_address),
    ):
        async with kind.InferenceServerClient(address) as client:
            same("ready", await client.is_model_ready("embed"), True)
            found = await asyncio.gather(*(client.infer("embed", photo_of(kind, expected)) for _ in range(8)))
            for each in found:
                expected.check_embedding("image", each.as_numpy("embedding"))
            await client.load_model(SECOND)
            same("ready", await client.is_model_ready(SECOND), True)
            await client.unload_model(SECOND)
            same("ready", await client.is_model_ready(SECOND), False)
            passed(name, "ready, 8 inferences at a time, load, unload")
    await check_aio_stream(grpc_address, expected)


async def check_aio_stream(address: str, expected: Expected) -> None:
    kind = tritonclient.grpc.aio

    async def requests() -> Any:
        for index in range(5):
            yield {"model_name": "embed", "inputs": photo_of(kind, expected), "request_id": str(index)}

    async with kind.InferenceServerClient(address) as client:
        ids = []
        async for result, error in client.stream_infer(requests()):
            same("error", error, None)
            ids.append(result.get_response().id)
        same("ids", ids, [str(index) for index in range(5)])
    passed("tritonclient.grpc.aio", "stream")


def main() -> None:
    grpc_address, http_address, folder = sys.argv[1:]
    expected = Expected(Path(folder))
    check_grpc(grpc_address, expected)
    check_http(http_address, expected)
    asyncio.run(check_aio(grpc_address, http_address, expected))


if __name__ == "__main__":
    main()
