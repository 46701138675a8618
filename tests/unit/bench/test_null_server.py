"""A model that does nothing, behind the real server."""

from __future__ import annotations

import psutil
import pytest

from armoire import AsyncClient
from bench.endpoints import GrpcEndpoint
from bench.null_server import JPEG_BYTES, build_server, local_runners
from bench.overhead import kinds, null_server
from bench.process_tree import ProcessTree


async def test_a_photo_is_answered_undecoded() -> None:
    server = build_server(0, local_runners())
    await server.start()
    try:
        async with AsyncClient(server.address) as client:
            found = await client.detect(bytes(JPEG_BYTES))
        assert (found.image_width, found.image_height, found.detections) == (1, 1, ())
    finally:
        await server.stop()


def test_one_process_answers() -> None:
    with null_server() as (_, address):
        assert all(GrpcEndpoint(address, kind.make).answers(kind.name, b"") for kind in kinds())


@pytest.mark.parametrize("model", [2, "tcp", "shared"])
def test_edges_answer_for_the_process_with_the_model_and_end_with_it(model: int | str) -> None:
    with null_server(model) as (process, address):
        for kind in kinds():
            assert GrpcEndpoint(address, kind.make).answers(kind.name, b"")
        tree = ProcessTree(process.pid)
        assert len(tree.pss_by_process_mb()) == (3 if model == 2 else 2)
        assert 0 < tree.root_cpu_s() < tree.cpu_s()
    with pytest.raises(psutil.NoSuchProcess):
        tree.cpu_s()
