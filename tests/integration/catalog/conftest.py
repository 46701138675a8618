"""A catalogue on real stores and a fake analyzer."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from milvus_lite.server_manager import server_manager_instance
from pymilvus import MilvusClient
from pymilvus.client.types import LoadState

from services.background.backoff import Backoff
from services.catalog.catalog import Catalog
from services.catalog.indexing.workers import WorkerOptions
from services.catalog.options import CatalogOptions
from services.catalog.retention import RetentionOptions
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer

NAMES = ("TEST_POSTGRES_URL", "TEST_MILVUS_URI", "TEST_BLOB_URL")
"""Of the servers that --stack=servers uses."""
EVERY_ROW = 'id != ""'


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What looks into servers, or compares them with files, needs servers."""
    needs_servers = collection_path.name in ("test_same_hits.py", "test_erasure_on_servers.py")
    return True if needs_servers and config.getoption("--stack") != "servers" else None


@pytest.fixture
def analyzer() -> FakeAnalyzer:
    return FakeAnalyzer()


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> str:
    """ "embedded" or "servers"."""
    named: str = request.config.getoption("--stack")
    lacking = [name for name in NAMES if not os.environ.get(name)]
    if named == "servers" and lacking:
        pytest.skip(os.environ.get("TEST_STORES_MISSING") or f"needs {', '.join(lacking)}: make test-servers")
    return named


@pytest.fixture(autouse=True)
def _of_this_stack(request: pytest.FixtureRequest, stack: str) -> None:
    if stack == "servers" and (mark := request.node.get_closest_marker("embedded")):
        pytest.skip(f"of the embedded stores: {mark.args[0]}")


@pytest.fixture(scope="session")
def milvus_database() -> Iterator[str]:
    """The URI of a database of this process's own on the Milvus server.

    Tests share its collections, because a new one takes 2 s.
    """
    name, server = f"test_{uuid.uuid4().hex}", MilvusClient(os.environ["TEST_MILVUS_URI"])
    server.create_database(name)
    yield f"{os.environ['TEST_MILVUS_URI']}/{name}"
    server.close()


@pytest.fixture
def empty_milvus(milvus_database: str) -> Iterator[str]:
    """A database of which all collections are empty."""
    yield milvus_database
    client = MilvusClient(milvus_database)
    for collection in client.list_collections():
        if client.get_load_state(collection)["state"] is LoadState.Loaded:
            client.delete(collection, filter=EVERY_ROW)
        else:  # the test ended while it was made
            client.drop_collection(collection)
    client.close()


@pytest.fixture
def addresses(request: pytest.FixtureRequest, stack: str, tmp_path: Path) -> dict[str, str]:
    """Of empty stores: files, or what is on the servers."""
    if stack == "embedded":
        return {
            "database_url": f"sqlite:///{tmp_path / 'catalog.db'}",
            "blob_url": str(tmp_path / "blobs"),
            "milvus_uri": str(tmp_path / "milvus.db"),
        }
    return {
        "database_url": request.getfixturevalue("postgres_url"),
        "blob_url": f"{os.environ['TEST_BLOB_URL']}/{uuid.uuid4().hex}",
        "milvus_uri": request.getfixturevalue("empty_milvus"),
    }


@pytest.fixture
def options(addresses: dict[str, str]) -> CatalogOptions:
    """Retries are quick; nothing relies on a recheck; no rejected crops are kept."""
    return CatalogOptions(
        **addresses,
        workers=WorkerOptions(concurrency=2, max_failures=3, retry=Backoff(0.01, 0.05)),
        retry=Backoff(0.01, 30.0),
        recheck_s=3600.0,
        retention=RetentionOptions(rejected_crops_days=0.0),
    )


@pytest.fixture
def server_options(options: CatalogOptions, stack: str, tmp_path: Path) -> CatalogOptions:
    """With Milvus behind a port: Milvus Lite stands for a server where the stores are files."""
    if stack == "servers":
        return options
    uri = server_manager_instance.start_and_get_uri(str(tmp_path / "server.db")) or ""
    assert uri.startswith("http://")
    return replace(options, milvus_uri=uri)


@pytest.fixture
def build(options: CatalogOptions, analyzer: FakeAnalyzer) -> Callable[[], Catalog]:
    """Another catalogue on the same stores, not started."""
    return lambda: Catalog(options, analyzer, TAXONOMY)


@pytest.fixture
async def catalog(build: Callable[[], Catalog]) -> AsyncIterator[Catalog]:
    """Started and ready."""
    catalog = build()
    await catalog.start()
    await catalog.wait_until_ready()
    yield catalog
    await catalog.stop()
