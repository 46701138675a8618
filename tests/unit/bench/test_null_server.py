"""A model that does nothing, behind the real server."""

from __future__ import annotations

from armoire import AsyncClient
from bench.null_server import build_server


async def test_a_photo_is_answered_undecoded() -> None:
    server = build_server(0)
    await server.start()
    try:
        async with AsyncClient(server.address) as client:
            found = await client.detect(b"no picture at all")
        assert (found.image_width, found.image_height, found.detections) == (1, 1, ())
    finally:
        await server.stop()
