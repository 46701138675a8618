"""What a catalogue that runs apart asks of its Inference, counted where it arrives."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message

from armoire.v1 import inference_pb2
from domain.taxonomy import Taxonomy
from domain.types import DEFAULT_PRINCIPAL, Box, Pixels
from imaging.decode import EncodedImage
from services.catalog.catalog import Catalog, CatalogOptions
from services.catalog.indexing.intake import IndexRequest
from services.catalog.records.jobs import JobState
from services.catalog.search.query import ImageQuery
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.hosted_service import HostedService
from services.edge.inference_servicer import InferenceLimits, InferenceServicer
from services.edge.server import GrpcOptions, GrpcServer
from services.inference.options import InferenceOptions
from services.inference.service import InferenceService
from services.remote.analyzer import RemoteAnalyzer

ROOT = Path(__file__).parents[2]
TAXONOMY = Taxonomy.load(ROOT / "domain/taxonomy.toml")

INFERENCE = inference_pb2.DESCRIPTOR.services_by_name["InferenceService"]


class CountedServicer(InferenceServicer):
    """Counts the requests of each method, and the bytes they came in."""

    requests: Counter[str]
    size_bytes: Counter[str]

    def _count(self, method: str, request: Message) -> None:
        self.requests[method] += 1
        self.size_bytes[method] += request.ByteSize()

    async def Detect(self, request: Any, context: Any) -> inference_pb2.DetectResponse:
        self._count("Detect", request)
        return await super().Detect(request, context)

    async def Analyze(self, request: Any, context: Any) -> inference_pb2.AnalyzeResponse:
        self._count("Analyze", request)
        return await super().Analyze(request, context)

    async def EmbedImage(self, request: Any, context: Any) -> inference_pb2.EmbedImageResponse:
        self._count("EmbedImage", request)
        return await super().EmbedImage(request, context)


@pytest.fixture
def decodes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The size in bytes of each picture that was decoded."""
    sizes: list[int] = []
    decode = EncodedImage.decode

    def counted(image: EncodedImage) -> Pixels:
        sizes.append(len(image.content))
        return decode(image)

    monkeypatch.setattr(EncodedImage, "decode", counted)
    return sizes


@pytest.fixture
async def servicer(tmp_path: Path) -> AsyncIterator[CountedServicer]:
    options = InferenceOptions(
        ROOT / "artifacts/demo-detector", ROOT / "artifacts/demo-embedder", cache_folder=tmp_path / "cache"
    )
    inference = await InferenceService.load(options, TAXONOMY, lambda *_: None)
    made = CountedServicer(inference, InferenceLimits())
    made.requests, made.size_bytes = Counter(), Counter()
    yield made
    await inference.close()


@pytest.fixture
async def catalog(servicer: CountedServicer, tmp_path: Path) -> AsyncIterator[Catalog]:
    """A catalogue whose analyzer calls that servicer over a channel."""
    hosted = HostedService(INFERENCE, servicer)
    server = GrpcServer(GrpcOptions("127.0.0.1:0", drain_s=1), [hosted], Calls(Admission(8)))
    await server.start()
    analyzer = RemoteAnalyzer(server.address)
    options = CatalogOptions(
        f"sqlite:///{tmp_path / 'catalog.db'}", str(tmp_path / "blobs"), str(tmp_path / "vectors.db")
    )
    made = Catalog(options, analyzer, TAXONOMY)
    await made.start()
    yield made
    await made.stop()
    await analyzer.close()
    await server.stop()


async def indexed(catalog: Catalog, request: IndexRequest) -> JobState:
    job = await catalog.images.index(DEFAULT_PRINCIPAL, request)
    async for seen in catalog.jobs.watch(DEFAULT_PRINCIPAL, job.id):
        job = seen
    return job.state


async def test_a_photo_is_sent_and_decoded_once(
    catalog: Catalog, servicer: CountedServicer, decodes: list[int], samples: list[Path]
) -> None:
    contents = [path.read_bytes() for path in samples[:5]]
    requests = [IndexRequest(content) for content in contents]
    requests[0] = IndexRequest(contents[0], boxes=(Box(20, 30, 150, 200),))
    for request in requests:
        assert await indexed(catalog, request) is JobState.COMPLETE
    assert servicer.requests == {"Analyze": len(contents)}
    sent = sum(map(len, contents))
    assert sent < servicer.size_bytes["Analyze"] < sent + 100 * len(contents)
    assert decodes == [len(content) for content in contents]


async def test_a_photo_to_search_by_is_sent_and_decoded_once(
    catalog: Catalog, servicer: CountedServicer, decodes: list[int], samples: list[Path]
) -> None:
    content = samples[0].read_bytes()
    found = await catalog.search(DEFAULT_PRINCIPAL, ImageQuery(content))
    assert found.queries
    assert (servicer.requests, decodes) == ({"Analyze": 1}, [len(content)])
