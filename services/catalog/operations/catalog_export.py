"""Exports of a catalogue: its products, photos and items as lines of JSON, in parts in the blob store.

The originals are not copied: the blob store has each once, and it never changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from domain.clock import datetime_from_us, now_us
from services.catalog.blobs.store import BlobStore, part_key
from services.catalog.operations.export_lines import FORMAT_VERSION, image_record, lines_of, product_record
from services.catalog.operations.run import OperationRun
from services.catalog.records.exported import count_exported, images_after, products_after
from services.catalog.records.operations import OperationProgress
from services.sql.database import Database

_UNIT = "records"
_PART_BYTES = 4 * 2**20
_PRODUCTS, _IMAGES = 500, 50
"""Records that are read in one transaction."""


@dataclass(frozen=True, slots=True)
class _Page:
    """Some records: their lines, the id of the last one, and what they add to the counts."""

    lines: Sequence[bytes] = ()
    last_id: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _State:
    """How far an export is: the parts that are written, and the id behind which the next one begins."""

    kind: str = "products"
    after: str = ""
    total: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    parts: Sequence[Mapping[str, Any]] = ()

    @property
    def progress(self) -> OperationProgress:
        done = self.counts.get("products", 0) + self.counts.get("images", 0)
        return OperationProgress(_UNIT, done, 0, max(self.total, done), f"writing {self.kind}")

    @property
    def next_name(self) -> str:
        """The name of the next part; one that an interrupted try has written is replaced."""
        number = sum(part["name"].startswith(self.kind) for part in self.parts)
        return f"{self.kind}-{number:05}.jsonl"

    def counted(self, page: _Page) -> _State:
        """The state behind the page."""
        names = {*self.counts, *page.counts}
        counts = {name: self.counts.get(name, 0) + page.counts.get(name, 0) for name in names}
        return replace(self, after=page.last_id, counts=counts)


class CatalogExport:
    """Walks a tenant's products and then its photos, a page a transaction, and writes a part now and then.

    It is no snapshot: what changes meanwhile is exported as it was when it was read.
    """

    def __init__(self, database: Database, blobs: BlobStore, kept_s: float) -> None:
        """`kept_s` is how long the parts are kept once all are written."""
        self._database = database
        self._blobs = blobs
        self._kept = timedelta(seconds=kept_s)

    async def run(self, run: OperationRun) -> Mapping[str, Any]:
        """Write all parts; see `OperationWork`."""
        if run.checkpoint:
            state = _State(**run.checkpoint)
        else:
            total = await self._database.read(lambda session: count_exported(session, run.tenant_id))
            state = _State(total=total)
        await run.save(state.progress, asdict(state))
        if state.kind == "products":
            state = await self._write_all(run, state, _read_products)
            state = replace(state, kind="images", after="")
        state = await self._write_all(run, state, _read_images)
        await run.save(replace(state.progress, message=""), asdict(state))
        expires = datetime_from_us(now_us()) + self._kept
        names = ("products", "images", "items", "corrections", "image_bytes")
        return {
            "format_version": FORMAT_VERSION,
            **{name: state.counts.get(name, 0) for name in names},
            "parts": [dict(part) for part in state.parts],
            "expire_time": expires.isoformat().replace("+00:00", "Z"),
        }

    async def _write_all(
        self, run: OperationRun, state: _State, read: Callable[[Session, str, str], _Page]
    ) -> _State:
        """Write the parts of a kind, and save after each."""
        lines: list[bytes] = []
        size_bytes, behind = 0, state
        while True:
            after = behind.after
            page = await self._database.read(lambda s, after=after: read(s, run.tenant_id, after))  # type: ignore[misc]
            if page.lines:
                lines += page.lines
                size_bytes += sum(map(len, page.lines))
                behind = behind.counted(page)
            if lines and (size_bytes >= _PART_BYTES or not page.lines):
                part = await self._write_part(run, state.next_name, lines)
                state = behind = replace(behind, parts=[*state.parts, part])
                await run.save(state.progress, asdict(state))
                lines, size_bytes = [], 0
            if not page.lines:
                return state

    async def _write_part(self, run: OperationRun, name: str, lines: Sequence[bytes]) -> dict[str, Any]:
        content = b"".join(lines)
        await self._blobs.put(part_key(run.tenant_id, run.claim.id, name), content)
        sha256 = hashlib.sha256(content).hexdigest()
        return {"name": name, "size_bytes": len(content), "sha256": sha256, "records": len(lines)}


def _read_products(session: Session, tenant_id: str, after: str) -> _Page:
    products = products_after(session, tenant_id, after, _PRODUCTS)
    if not products:
        return _Page()
    return _Page(lines_of(map(product_record, products)), products[-1].id, {"products": len(products)})


def _read_images(session: Session, tenant_id: str, after: str) -> _Page:
    images = images_after(session, tenant_id, after, _IMAGES)
    if not images:
        return _Page()
    counts = {
        "images": len(images),
        "items": sum(len(each.items) for each in images),
        "corrections": sum(len(each.corrections) for each in images),
        "image_bytes": sum(each.image.size_bytes for each in images),
    }
    return _Page(lines_of(map(image_record, images)), images[-1].image.id, counts)
