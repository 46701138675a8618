"""Asks a running server what KServe's clients can, over gRPC and REST.

It is a process of its own, because KServe's messages have the names of Triton's.
Run by `tests.servers.interop`: kserve_client.py GRPC_ADDRESS HTTP_ADDRESS FOLDER
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
from expected import Expected, passed, same
from kserve import InferenceGRPCClient, InferenceRESTClient, InferInput, InferRequest, RESTConfig


def request(model: str, name: str, datatype: str, data: Any) -> InferRequest:
    given = InferInput(name, list(np.shape(data)), datatype)
    given.set_data_from_numpy(data)
    return InferRequest(model, [given])


def outputs(response: Any) -> dict[str, Any]:
    return {output.name: output.as_numpy() for output in response.outputs}


async def check(name: str, infer: Callable[[InferRequest], Awaitable[Any]], expected: Expected) -> None:
    photo = np.array([[expected.photo]], object)
    found = outputs(await infer(request("detect", "image", "BYTES", photo)))
    expected.check_boxes(found["count"], found["boxes"], found["labels"])
    embedded = outputs(await infer(request("embed", "image", "BYTES", photo)))
    expected.check_embedding("image", embedded["embedding"])
    rows = expected.answers["images_inputs"][:1]
    raw = outputs(await infer(request("image_encoder", "images", "UINT8", rows)))
    same("shape", raw["embeddings"].shape, (1, expected.answers["images_outputs"].shape[1]))
    passed(name, "infer: BYTES and raw")


async def check_grpc(address: str, expected: Expected) -> None:
    client = InferenceGRPCClient(address)
    same("live", (await client.is_server_live(), await client.is_server_ready()), (True, True))
    same("ready", await client.is_model_ready("embed"), True)
    passed("kserve gRPC", "live, ready")
    await check("kserve gRPC", client.infer, expected)
    await client.close()


async def check_rest(address: str, expected: Expected) -> None:
    client, base = InferenceRESTClient(RESTConfig(protocol="v2")), f"http://{address}"
    same("live", (await client.is_server_live(base), await client.is_server_ready(base)), (True, True))
    same("ready", await client.is_model_ready(base, "embed"), True)
    passed("kserve REST", "live, ready")
    await check("kserve REST", lambda given: client.infer(base, given, given.model_name), expected)
    await client.close()


async def main() -> None:
    grpc_address, http_address, folder = sys.argv[1:]
    expected = Expected(Path(folder))
    await check_grpc(grpc_address, expected)
    await check_rest(http_address, expected)


if __name__ == "__main__":
    asyncio.run(main())
