"""A process that works on the jobs of catalogues elsewhere, on shared stores, until SIGTERM.

python -m tests.integration.catalog.worker_child DATABASE_URL MILVUS_URI BLOBS LEASE_S work|hold

With "hold" it tells of every photo that it has begun and goes no further.
"""

from __future__ import annotations

import asyncio
import signal
import sys

from services.catalog.catalog import Catalog
from services.catalog.indexing.workers import WorkerOptions
from services.catalog.options import CatalogOptions
from tests.integration.catalog.crash_child import TellingAnalyzer, tell
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer


async def work(database_url: str, milvus_uri: str, blobs: str, lease_s: str, mode: str) -> None:
    ending = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ending.set)
    options = CatalogOptions(
        database_url=database_url,
        milvus_uri=milvus_uri,
        blob_url=blobs,
        workers=WorkerOptions(concurrency=3, lease_s=float(lease_s)),
    )
    catalog = Catalog(options, TellingAnalyzer() if mode == "hold" else FakeAnalyzer(), TAXONOMY)
    await catalog.start()
    await catalog.wait_until_ready()
    tell("ready")
    await ending.wait()
    await catalog.stop()


if __name__ == "__main__":
    asyncio.run(work(*sys.argv[1:]))
