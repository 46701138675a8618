"""Graphs that another Armoire runs answer as those of this process do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from demo.server import ROOT, ServerProcess
from domain.errors import FailedPrecondition, Unavailable
from domain.taxonomy import Taxonomy
from domain.types import ImageAnalysis
from models.artifact import Artifact
from services.edge.bulk_streams import BulkOptions, BulkStreams
from services.edge.validation import RequestLimits
from services.host.inference_part import InferencePart
from services.inference.options import InferenceOptions
from services.inference.remote_sessions.address import RemoteAddress
from services.inference.repository.source_analyzer import SourceAnalyzer
from tests.polling import until

NAMES = {"detector": "detector", "image": "image_encoder", "text": "text_encoder"}
COSINE = 0.99999
OPTIONS = InferenceOptions(ROOT / "artifacts/demo-detector", ROOT / "artifacts/demo-embedder", threads=2)
TAXONOMY = Taxonomy.load(ROOT / "domain/taxonomy.toml")


@pytest.fixture(scope="module")
def model_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    home = tmp_path_factory.mktemp("models")
    environment = {"ARMOIRE_GRPC__SHARED_MEMORY": "true", "ARMOIRE_GRPC__SOCKET": str(home / "oip.sock")}
    with ServerProcess(home, "services.app:Inference", environment) as server:
        yield server


def side_px(artifact: Path) -> int:
    return Artifact.load(artifact).manifest.image.height


def remote(server: ServerProcess, transport: str) -> InferenceOptions:
    """All graphs at the server."""
    base = f"unix://{server.home}/oip.sock" if transport == "socket" else f"grpc://{server.address}"
    query = "?shared_memory=true" if transport == "shared memory" else ""
    addresses = {graph: RemoteAddress.parse(f"{base}/{name}{query}") for graph, name in NAMES.items()}
    return replace(OPTIONS, remote=addresses)


@asynccontextmanager
async def opened(options: InferenceOptions) -> AsyncIterator[tuple[InferencePart, SourceAnalyzer]]:
    part = InferencePart(options, RequestLimits(), lambda *_: None, BulkStreams(BulkOptions()))
    async with AsyncExitStack() as closing:
        yield part, await part.open(TAXONOMY, closing)


async def analyses(options: InferenceOptions, photos: list[Path]) -> tuple[list[ImageAnalysis], np.ndarray]:
    """Of the photos, all at the same time, and the embedding of a text."""
    async with opened(options) as (_, analyzer):
        found = await asyncio.gather(*(analyzer.analyze(photo.read_bytes()) for photo in photos))
        return found, await analyzer.embed_text("a red dress")


async def test_results_are_those_of_a_local_session(model_server: ServerProcess, samples: list[Path]) -> None:
    ours, our_text = await analyses(OPTIONS, samples[-3:])
    assert sum(len(each.items) for each in ours) > 3
    for transport in ("TCP", "socket", "shared memory"):
        theirs, their_text = await analyses(remote(model_server, transport), samples[-3:])
        for local, distant in zip(ours, theirs, strict=True):
            assert [item.box for item in distant.items] == [item.box for item in local.items]
            assert [item.label for item in distant.items] == [item.label for item in local.items]
            for one, other in zip(local.items, distant.items, strict=True):
                assert one.embedding is not None
                assert other.embedding is not None
                assert one.embedding @ other.embedding >= COSINE
        assert our_text @ their_text >= COSINE


async def test_a_server_of_another_model_is_refused_with_both_shapes(model_server: ServerProcess) -> None:
    address = RemoteAddress(model_server.address, "image_encoder")
    with pytest.raises(FailedPrecondition) as error:
        async with opened(replace(OPTIONS, remote={"detector": address})):
            pass
    embedder, detector = (
        f"images UINT8 [-1, {px}, {px}, 3]" for px in map(side_px, (OPTIONS.embedder, OPTIONS.detector))
    )
    assert f"takes {embedder}; the detector needs {detector}" in error.value.message


async def test_the_server_may_come_later_and_go_and_come_back(
    model_server: ServerProcess, samples: list[Path], caplog: pytest.LogCaptureFixture
) -> None:
    photo = samples[0].read_bytes()
    model_server.kill()
    async with AsyncExitStack() as closing:
        opening = asyncio.create_task(
            closing.enter_async_context(opened(remote(model_server, "shared memory")))
        )
        await asyncio.to_thread(until, lambda: "a model server cannot answer yet" in caplog.text)
        model_server.launch()
        part, analyzer = await opening
        expected = await analyzer.analyze(photo)
        assert part.ready
        model_server.kill()
        with pytest.raises(Unavailable):
            await analyzer.analyze(photo)
        assert not part.ready
        caplog.set_level(logging.INFO, "armoire.remote")
        await asyncio.to_thread(model_server.start)
        await asyncio.to_thread(until, lambda: part.ready)
        found = await analyzer.analyze(photo)
    assert "was checked again" in caplog.text
    assert [item.box for item in found.items] == [item.box for item in expected.items]
