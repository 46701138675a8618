"""Inference alone, and a Catalog that calls it over gRPC."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import numpy as np
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

import armoire
from demo.server import ServerProcess


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerProcess, ServerProcess]]:
    """(inference, catalogue)."""
    with ServerProcess(tmp_path_factory.mktemp("inference"), "services.app:Inference") as inference:
        environment = {"ARMOIRE_CATALOG__INFERENCE_ADDRESS": inference.address}
        home = tmp_path_factory.mktemp("catalog")
        with ServerProcess(home, "services.app:Catalog", environment) as catalog:
            yield inference, catalog


def test_a_photo_is_indexed_and_found_across_two_processes(
    split: tuple[ServerProcess, ServerProcess], samples: list[Path]
) -> None:
    _, catalog = split
    with armoire.Client(catalog.address) as client:
        for photo in samples[:4]:
            job = client.wait_for_indexing_job(client.index(photo).id)
            assert job.state is armoire.IndexingJobState.COMPLETE
        found = client.search(samples[2], top_k=1)
        assert found.queries[0].hits[0].item.image_name == samples[2].name


def test_both_ways_of_hosting_describe_a_photo_alike(
    split: tuple[ServerProcess, ServerProcess], client: armoire.Client, samples: list[Path]
) -> None:
    _, catalog = split
    with armoire.Client(catalog.address) as apart:
        for one in (apart, client):
            one.wait_for_indexing_job(one.index(samples[5], image_name="alike.jpg").id)
        ours, theirs = (
            [item for item in one.iter_items() if item.image_name == "alike.jpg"] for one in (client, apart)
        )
    assert [(item.label, item.colors) for item in ours] == [(item.label, item.colors) for item in theirs]
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.score == pytest.approx(other.score, abs=1e-4)


def test_errors_cross_the_process_boundary_with_their_field(
    split: tuple[ServerProcess, ServerProcess],
) -> None:
    _, catalog = split
    with armoire.Client(catalog.address) as client, pytest.raises(armoire.InvalidInput) as error:
        client.search(b"not a picture")
    assert error.value.violations[0].field == "image.content"


def test_a_catalogue_without_its_inference_is_not_serving(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as hanging_up:
        environment = {"ARMOIRE_CATALOG__INFERENCE_ADDRESS": f"127.0.0.1:{hanging_up.getsockname()[1]}"}
        catalog = ServerProcess(tmp_path, "services.app:Catalog", environment)
        catalog.launch()
        try:
            for _ in range(2):  # it comes again once the first attempt has failed
                hanging_up.accept()[0].close()
            with grpc.insecure_channel(catalog.address) as channel:
                request = health_pb2.HealthCheckRequest()
                health = health_pb2_grpc.HealthStub(channel).Check(request, wait_for_ready=True)
            assert health.status == health_pb2.HealthCheckResponse.NOT_SERVING
        finally:
            catalog.stop()


def test_the_inference_process_offers_no_catalogue(split: tuple[ServerProcess, ServerProcess]) -> None:
    inference, _ = split
    with armoire.Client(inference.address) as client:
        assert client.models()
        with pytest.raises(armoire.ArmoireError) as error:
            client.list_products()
    assert error.value.code == "UNIMPLEMENTED"
    assert "ListProducts of armoire.v1.CatalogService" in error.value.message


def test_a_photo_without_garments_is_described_as_a_whole_across_two_processes(
    split: tuple[ServerProcess, ServerProcess], encode: Callable[..., bytes]
) -> None:
    _, catalog = split
    blank = encode(np.full((200, 200, 3), 128, np.uint8))
    with armoire.Client(catalog.address) as client:
        (query,) = client.search(blank).queries
    assert query.whole_image
