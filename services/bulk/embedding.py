"""Offline embedding: the garments of all photos of a folder or bucket, written as Parquet."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from domain.errors import FailedPrecondition, InvalidInput, NotFound
from domain.taxonomy import Taxonomy
from domain.types import AnalyzedItem, ImageAnalysis
from services.bulk.models import open_models, patiently, with_embedder
from services.bulk.shard import ShardResult
from services.catalog.blobs.store import BlobStore
from services.host.composition import s3_keys
from services.inference.repository.source_analyzer import SourceAnalyzer
from settings import Settings, load_settings

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
VERSION = b"armoire.embedder"
"""The key of a part's metadata that names the embedder."""

SCHEMA = pa.schema(
    [
        ("photo", pa.string()),
        ("item", pa.int32()),
        ("error", pa.string()),
        ("x1", pa.float32()),
        ("y1", pa.float32()),
        ("x2", pa.float32()),
        ("y2", pa.float32()),
        ("score", pa.float32()),
        ("label", pa.string()),
        ("attributes", pa.string()),
        ("colors", pa.string()),
        ("model_version", pa.string()),
        ("preprocess_version", pa.string()),
        ("embedding", pa.list_(pa.float32())),
    ]
)
"""A row for each garment, boxes in pixels of the upright photo, attributes and colours as JSON; a photo
without a usable garment has one row without an embedding, and with an error where it could not be read."""


@dataclass(frozen=True, slots=True)
class EmbeddingWork:
    """Embeds the photos below `photos` into parts below `out`, both a folder or a URL of S3.

    A part is written at once and named after its photos, so what is cut off or done twice leaves no part of a
    part and no second one. A run leaves out the photos that parts have already.

    Attributes:
        embedder: another than that of the settings.
        in_flight: photos that one process works on at a time.
    """

    photos: str
    out: str
    embedder: str = ""
    in_flight: int = 16

    async def shards(self, photos: int) -> Sequence[tuple[str, ...]]:
        """The names of photos that no part has.

        Raises:
            FailedPrecondition: the parts are of different embedders.
            Unavailable: a store cannot be reached.
        """
        settings = load_settings()
        names = [key async for key in _keys(_store(self.photos, settings), SUFFIXES)]
        done = await _written(_store(self.out, settings))
        left = sorted(set(names) - done)
        return [tuple(left[start : start + photos]) for start in range(0, len(left), photos)]

    async def open(self) -> PhotoEmbedder:
        """See `BulkWork.open`."""
        settings, closing = with_embedder(load_settings(), self.embedder), AsyncExitStack()
        analyzer = await open_models(settings, Taxonomy.load(settings.taxonomy), closing)
        photos, out = _store(self.photos, settings), _store(self.out, settings)
        return PhotoEmbedder(analyzer, photos, out, asyncio.Semaphore(self.in_flight), closing)


@dataclass(frozen=True, slots=True)
class PhotoEmbedder:
    """Analyzes photos as the server does."""

    analyzer: SourceAnalyzer
    photos: BlobStore
    out: BlobStore
    room: asyncio.Semaphore
    closing: AsyncExitStack

    async def close(self) -> None:
        await self.closing.aclose()

    async def work(self, names: Sequence[str]) -> ShardResult:
        """Write the part of these photos."""
        begun_s = time.monotonic()
        version = (await self.analyzer.embedder()).version
        rows = await asyncio.gather(*(self._rows(name) for name in names))
        table = pa.Table.from_pylist([row for some in rows for row in some], SCHEMA)
        said = f"{version.model_version}/{version.preprocess_version}"
        content = await asyncio.to_thread(_parquet, table.replace_schema_metadata({VERSION: said}))
        await patiently(partial(self.out.put, part_name(names), content))
        failed = sum(bool(some[0]["error"]) for some in rows)
        took_s = time.monotonic() - begun_s
        return ShardResult(len(names) - failed, failed, node=socket.gethostname(), seconds=took_s)

    async def _rows(self, name: str) -> list[dict[str, Any]]:
        async with self.room:
            try:
                content = await patiently(partial(self.photos.get, name))
                found = await patiently(partial(self.analyzer.analyze, content, bulk=True))
            except (InvalidInput, NotFound) as error:
                return [{"photo": name, "error": error.message}]
        return _rows_of(name, found)


def part_name(names: Sequence[str]) -> str:
    """The name of the part of these photos."""
    digest = hashlib.sha256("\n".join(names).encode()).hexdigest()
    return f"part-{digest[:24]}.parquet"


def _rows_of(name: str, found: ImageAnalysis) -> list[dict[str, Any]]:
    of_photo = {"photo": name, "error": "", **asdict(found.embedder)}
    accepted = [item for item in found.items if item.accepted]
    rows = [of_photo | {"item": number} | _row_of(item) for number, item in enumerate(accepted)]
    return rows or [of_photo]


def _row_of(item: AnalyzedItem) -> dict[str, Any]:
    attributes = {
        name: answer.number if answer.number is not None else [asdict(value) for value in answer.values]
        for name, answer in item.attributes.items()
    }
    return {
        **asdict(item.box),
        "score": item.score,
        "label": item.label,
        "attributes": json.dumps(attributes),
        "colors": json.dumps([asdict(color) for color in item.colors]),
        "embedding": item.embedding,
    }


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def _store(url: str, settings: Settings) -> BlobStore:
    return BlobStore(url, instance_role=settings.catalog.s3_instance_role, keys=s3_keys(settings))


async def _keys(store: BlobStore, suffixes: tuple[str, ...]) -> AsyncIterator[str]:
    async for blobs in store.list():
        for blob in blobs:
            if blob.key.lower().endswith(suffixes):
                yield blob.key


async def _written(out: BlobStore) -> set[str]:
    """The photos that parts have. Raises FailedPrecondition if those are of different embedders."""
    photos, versions = set[str](), set[bytes]()
    async for name in _keys(out, (".parquet",)):
        part = pq.read_table(io.BytesIO(await out.get(name)), columns=["photo"])
        photos |= set(part["photo"].to_pylist())
        versions.add((part.schema.metadata or {}).get(VERSION, b""))
    if len(versions) > 1:
        raise FailedPrecondition("the parts are of different embedders: give each a folder of its own")
    return photos
