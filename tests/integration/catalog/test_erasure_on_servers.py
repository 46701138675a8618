"""An erased tenant is in no row of PostgreSQL, no collection of Milvus and no object of S3."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import numpy as np
import pytest
from pymilvus import MilvusClient

from services.access.administration import Administration
from services.access.erasure import AccessErasure
from services.access.sql.access_database import access_database
from services.catalog.blobs.store import BlobStore, part_key
from services.catalog.catalog import Catalog
from services.catalog.operations.erasure import ErasureOptions
from services.catalog.options import CatalogOptions
from services.catalog.records.operations import OperationState
from tests import postgres
from tests.integration.catalog.erasures import (
    ACME,
    OPERATOR,
    SECRETS,
    SHOP,
    Server,
    belongings,
    ended,
    fill_both,
    kept,
)
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer

NAME = b"acme"
ROWS_AT_A_TIME = 1000


@pytest.fixture
async def server(options: CatalogOptions, analyzer: FakeAnalyzer, tmp_path: Path) -> AsyncIterator[Server]:
    """The catalogue, and the keys in the same database."""
    database = access_database(options.database_url)
    await database.open()
    administration = Administration(database)
    access = AccessErasure(administration)
    erasure = ErasureOptions(access, (access,), (access,), settle_s=0.0)
    catalog = Catalog(options, analyzer, TAXONOMY, erasure=erasure)
    await catalog.start()
    await catalog.wait_until_ready()
    yield Server(catalog, administration, tmp_path)
    await catalog.stop()
    await administration.close()
    await database.close()


async def test_nothing_of_an_erased_tenant_is_on_any_server(server: Server, options: CatalogOptions) -> None:
    catalog = server.catalog
    product_id, _ = await fill_both(server)
    blobs = BlobStore(options.blob_url)
    await blobs.put(part_key("acme", product_id, "part-1"), b"ACME-SKU-7")
    needles = [*map(str.encode, SECRETS), *await belongings(catalog, ACME), NAME]
    before = await stored(options)
    assert found(needles, before.values()) == set(needles), "the search would find them"
    assert all(NAME in content for content in before.values()), "it is on every server"
    others = await kept(server, SHOP)

    operation = await ended(catalog, await catalog.erasures.tenant(OPERATOR, "acme"), OPERATOR)
    assert (operation.state, operation.error) == (OperationState.SUCCEEDED, None)
    assert operation.response is not None
    stores = {store["store"]: store for store in operation.response["stores"]}
    assert stores.keys() == {"access", "rows", "audit", "vectors", "blobs"}
    assert all(store["removed"] > 0 and store["remaining"] == 0 for store in stores.values())

    after = await stored(options)
    assert found([needle for needle in needles if needle != NAME], after.values()) == set()
    assert not [server for server in ("Milvus", "S3") if NAME in after[server]]
    lines = [line for line in after["PostgreSQL"].splitlines() if NAME in line]
    tables = sorted(line.split()[2].decode() for line in lines)
    assert tables == ["public.audit_record", "public.operation"], "who has erased it"
    assert await kept(server, SHOP) == others


async def stored(options: CatalogOptions) -> dict[str, bytes]:
    """All that each server has; bytes of PostgreSQL are those that its dump writes in hexadecimal."""
    dump = await asyncio.to_thread(dumped, options.database_url)
    vectors = await asyncio.to_thread(in_milvus, options.milvus_uri)
    return {"PostgreSQL": dump, "Milvus": vectors, "S3": await in_s3(options.blob_url)}


def found(needles: Iterable[bytes], contents: Iterable[bytes]) -> set[bytes]:
    """The needles that are in one of the contents, also as hexadecimal digits."""
    everything = b"\n".join(contents)
    return {each for each in needles if each in everything or each.hex().encode() in everything}


def dumped(url: str) -> bytes:
    """The rows of all tables, an INSERT each."""
    binaries = postgres.find_binaries()
    assert binaries is not None
    command = [binaries / "pg_dump", "--data-only", "--inserts", f"--dbname={url}"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def in_milvus(uri: str) -> bytes:
    """All fields of all rows of all collections, vectors as the bytes of float32."""
    client = MilvusClient(uri)
    parts: list[bytes] = []
    for name in client.list_collections():
        rows = client.query(name, filter='id != ""', output_fields=["*"], limit=ROWS_AT_A_TIME)
        assert len(rows) < ROWS_AT_A_TIME
        for row in rows:
            parts.append(np.array(row.pop("vector"), "<f4").tobytes())
            parts.append(str(row).encode())
    client.close()
    return b"\n".join(parts)


async def in_s3(url: str) -> bytes:
    """The keys and the contents of all objects."""
    blobs, parts = BlobStore(url), list[bytes]()
    async for chunk in blobs.list(""):
        for blob in chunk:
            parts += [blob.key.encode(), await blobs.get(blob.key)]
    return b"\n".join(parts)
