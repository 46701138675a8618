"""A catalogue on real stores and a fake analyzer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from milvus_lite.server_manager import server_manager_instance

from services.background.backoff import Backoff
from services.catalog.catalog import Catalog, CatalogOptions
from services.catalog.indexing.workers import WorkerOptions
from services.catalog.retention import RetentionOptions
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer


@pytest.fixture
def analyzer() -> FakeAnalyzer:
    return FakeAnalyzer()


@pytest.fixture
def options(tmp_path: Path) -> CatalogOptions:
    """Retries are quick; nothing relies on a recheck; no rejected crops are kept."""
    return CatalogOptions(
        database_url=f"sqlite:///{tmp_path / 'catalog.db'}",
        blob_url=str(tmp_path / "blobs"),
        milvus_uri=str(tmp_path / "milvus.db"),
        workers=WorkerOptions(concurrency=2, max_failures=3, retry=Backoff(0.01, 0.05)),
        retry=Backoff(0.01, 30.0),
        recheck_s=3600.0,
        retention=RetentionOptions(rejected_crops_days=0.0),
    )


@pytest.fixture
def server_options(options: CatalogOptions, tmp_path: Path) -> CatalogOptions:
    """With Milvus behind a port: Milvus Lite, which stands for a server."""
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
