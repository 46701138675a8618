"""What a catalogue that runs apart asks of its Inference, counted where it arrives."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message

from armoire.v1 import inference_pb2
from domain.errors import Unavailable
from domain.taxonomy import Attribute, Taxonomy
from domain.tenant_taxonomy import TenantTaxonomy
from domain.types import DEFAULT_PRINCIPAL, Box, Pixels, Principal
from imaging.decode import EncodedImage
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.options import CatalogOptions
from services.catalog.records.jobs import JobState
from services.catalog.search.query import ImageQuery
from services.edge.admission import Admission
from services.edge.calls import Calls
from services.edge.hosted_service import HostedService
from services.edge.inference_servicer import InferenceLimits, InferenceServicer
from services.edge.server import GrpcOptions, GrpcServer
from services.edge.taxonomies import Taxonomies
from services.inference.options import InferenceOptions
from services.inference.service import InferenceService
from services.remote.analyzer import RemoteAnalyzer

ROOT = Path(__file__).parents[2]
TAXONOMY = Taxonomy.load(ROOT / "domain/taxonomy.toml")
OWN = TenantTaxonomy(attributes=(Attribute("pattern", ("uni", "gestreift"), ()),)).over(TAXONOMY)

INFERENCE = inference_pb2.DESCRIPTOR.services_by_name["InferenceService"]


class SharedTaxonomies:
    """What the database of tenants tells an Inference, which is called with the key of one tenant for all."""

    def __init__(self) -> None:
        self.known = {OWN.version: OWN}

    async def of_version(self, _principal: Principal, version: str) -> Taxonomy | None:
        return self.known.get(version)


class CountedServicer(InferenceServicer):
    """Counts the requests of each method, and the bytes they came in."""

    shared: SharedTaxonomies
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
    shared = SharedTaxonomies()
    made = CountedServicer(
        inference, InferenceLimits(), taxonomies=Taxonomies(lambda _tenant: OWN, shared.of_version)
    )
    made.shared = shared
    made.requests, made.size_bytes = Counter(), Counter()
    yield made
    await inference.close()


@pytest.fixture
async def catalog(servicer: CountedServicer, tmp_path: Path) -> AsyncIterator[Catalog]:
    """A catalogue whose analyzer calls that servicer over a channel."""
    hosted = HostedService(INFERENCE, servicer)
    server = GrpcServer(GrpcOptions("127.0.0.1:0", drain_s=1), [hosted], Calls(Admission(8)))
    await server.start()
    analyzer = RemoteAnalyzer(server.address, vocabulary_version=TAXONOMY.version)
    options = CatalogOptions(
        f"sqlite:///{tmp_path / 'catalog.db'}",
        str(tmp_path / "blobs"),
        str(tmp_path / "vectors.db"),
        thumbnails=False,  # they are decoded once more
    )
    made = Catalog(
        options, analyzer, TAXONOMY, taxonomy_of=lambda tenant: OWN if tenant == "own" else TAXONOMY
    )
    await made.start()
    yield made
    await made.stop()
    await analyzer.close()
    await server.stop()


async def indexed(
    catalog: Catalog, request: IndexRequest, principal: Principal = DEFAULT_PRINCIPAL
) -> JobState:
    job = await catalog.images.index(principal, request)
    async for seen in catalog.jobs.watch(principal, job.id):
        job = seen
    return job.state


async def test_a_photo_is_sent_once_and_decoded_once_on_each_side(
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
    # The catalogue decodes it for its hash, of which Inference knows nothing.
    assert sorted(decodes) == sorted(2 * [len(content) for content in contents])


async def test_a_photo_to_search_by_is_sent_once_and_decoded_once_on_each_side(
    catalog: Catalog, servicer: CountedServicer, decodes: list[int], samples: list[Path]
) -> None:
    content = samples[0].read_bytes()
    found = await catalog.search(DEFAULT_PRINCIPAL, ImageQuery(content))
    assert found.queries
    assert (servicer.requests, decodes) == ({"Analyze": 1}, 2 * [len(content)])


async def test_the_words_of_a_tenant_reach_inference_by_their_version(
    catalog: Catalog, samples: list[Path]
) -> None:
    tenants = {"own": OWN, "plain": TAXONOMY}
    for tenant, taxonomy in tenants.items():
        principal = Principal(tenant)
        assert await indexed(catalog, IndexRequest(samples[0].read_bytes()), principal) is JobState.COMPLETE
        items = (await catalog.items.list(principal)).entries
        (counted,) = (await catalog.reindexing.versions(principal)).counted
        assert (counted.versions.vocabulary, counted.stale) == (taxonomy.version, False)
        words = {item.attributes["pattern"].value for item in items}
        assert words <= set(taxonomy.attribute("pattern").values)
        assert (await catalog.search(principal, ImageQuery(samples[0].read_bytes()))).queries


async def test_words_that_inference_does_not_know_can_be_tried_again(
    catalog: Catalog, servicer: CountedServicer, samples: list[Path]
) -> None:
    servicer.shared.known.clear()
    with pytest.raises(Unavailable) as refused:
        await catalog.search(Principal("own"), ImageQuery(samples[0].read_bytes()))
    assert refused.value.reason == "VOCABULARY_NOT_SHARED"
    assert (await catalog.search(Principal("plain"), ImageQuery(samples[0].read_bytes()))).queries
