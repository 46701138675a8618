"""A server whose photos a worker indexes: two processes on one PostgreSQL, one Milvus and one folder."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import armoire
from demo.server import ServerProcess
from tests import milvus
from tests.polling import until


@pytest.fixture
def stores(tmp_path: Path, postgres_url: str) -> Iterator[dict[str, str]]:
    """The settings of processes that share stores; Lite stands for a Milvus server."""
    with milvus.serving(tmp_path / "milvus.db") as (uri, _):
        yield {
            "ARMOIRE_CATALOG__DATABASE_URL": postgres_url,
            "ARMOIRE_CATALOG__BLOB_URL": str(tmp_path / "blobs"),
            "ARMOIRE_CATALOG__MILVUS_URI": uri,
        }


def answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


def test_a_worker_indexes_the_photos_of_a_server_and_takes_no_calls(
    tmp_path: Path, stores: dict[str, str], samples: list[Path]
) -> None:
    front = ServerProcess(tmp_path / "front", environment={**stores, "ARMOIRE_CATALOG__WORKERS": "0"})
    with front, armoire.Client(front.address) as client:
        settings = {**stores, "ARMOIRE_CATALOG__INFERENCE_ADDRESS": front.address}
        worker = ServerProcess(tmp_path / "worker", "services.app:Worker", settings)
        job = client.index(samples[0])
        worker.launch()
        try:
            ended = client.wait_for_indexing_job(job.id, timeout_s=180)
            assert ended.state is armoire.IndexingJobState.COMPLETE
            assert client.search(samples[0], top_k=1).queries[0].hits[0].item.id == ended.items[0].item_id
            assert until(lambda: answers(f"{worker.http_url}/readyz"))
            assert "armoire_jobs" in httpx.get(f"{worker.http_url}/metrics").text
            call = httpx.post(f"{worker.http_url}/armoire.v1.CatalogService/ListProducts", json={})
            assert call.status_code == 404
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", worker.grpc_port))
        finally:
            assert worker.stop() == 0
        assert "Traceback" not in worker.log_path.read_text()
