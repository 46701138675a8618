"""A catalogue of many items, written into its database without a server."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy.orm import Session

from bench.model_pair import ROOT
from domain.clock import now_us
from domain.taxonomy import Taxonomy
from domain.types import (
    AnalyzedItem,
    AttributeValue,
    Box,
    ColorShare,
    FloatArray,
    ItemVersions,
    ModelVersion,
)
from services.catalog.blobs.ownership import Ownership
from services.catalog.blobs.store import BlobStore, crop_key
from services.catalog.ids import IdSource, item_id
from services.catalog.records.collections import register_collection
from services.catalog.records.found_items import FoundItem, write_items
from services.catalog.records.images import NewImage, insert_image
from services.catalog.records.money import Money
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.products import insert_product
from services.catalog.sql.catalog_database import catalog_database
from services.catalog.sync.index_rows import RowWriter
from services.catalog.vectors.collection import Collection, collection_name

TENANT = "default"
ITEMS_A_PHOTO = 8
PHOTOS_A_TRANSACTION = 250
HIGHEST_PRICE = 100
BRANDS, CLUSTERS = 500, 200
DETECTOR = ModelVersion("bench", "bench")


@dataclass(frozen=True, slots=True, eq=False)
class StockedCatalog:
    """The database of a server's home folder, with ids and vectors (N, D) of its items, L2-normalised."""

    database: Path
    ids: tuple[str, ...]
    vectors: FloatArray

    def count_outbox(self) -> int:
        """Rows that the index has not followed yet."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM outbox").fetchone()
        return int(count)

    def nearest(self, vector: FloatArray, top_k: int) -> list[str]:
        """Ids by falling cosine, from all vectors."""
        order = np.argsort(-(self.vectors @ vector), kind="stable")
        return [self.ids[place] for place in order[:top_k]]


def stock(home: Path, version: ModelVersion, width: int, items: int) -> StockedCatalog:
    """Products of one photo with eight items each, drawn at random; all wait in the outbox."""
    home.mkdir(parents=True, exist_ok=True)
    stocker = _Stocker(version, width)
    database = home / "catalog.db"
    asyncio.run(_stock(database, stocker, items))
    return StockedCatalog(database, tuple(stocker.ids), np.concatenate(stocker.vectors))


async def _stock(path: Path, stocker: _Stocker, items: int) -> None:
    database = catalog_database(f"sqlite:///{path}")
    await database.open()
    blobs = BlobStore(str(path.with_name("blobs")))
    await Ownership(database, blobs, IdSource()).claim()
    await database.write(stocker.register)
    photos = max(1, items // ITEMS_A_PHOTO)
    for start in range(0, photos, PHOTOS_A_TRANSACTION):
        count = min(PHOTOS_A_TRANSACTION, photos - start)
        await database.write(lambda session, count=count: stocker.write(session, count))  # type: ignore[misc]
    await database.close()
    for stocked in stocker.ids[-ITEMS_A_PHOTO:]:  # a server looks whether the newest pictures are there
        await blobs.put(crop_key(TENANT, stocked), b"a crop")


class _Stocker:
    """Draws items whose vectors lie in clusters, as those of garments do."""

    def __init__(self, version: ModelVersion, width: int) -> None:
        self.ids: list[str] = []
        self.vectors: list[FloatArray] = []
        self._version, self._width = version, width
        self._taxonomy = Taxonomy.load(ROOT / "domain/taxonomy.toml")
        self._random, self._id_source = np.random.default_rng(0), IdSource()
        self._centres = self._random.normal(size=(CLUSTERS, width))

    def register(self, session: Session) -> None:
        columns = RowWriter(self._taxonomy).columns.names
        name = collection_name(self._version, self._width, columns)
        register_collection(session, Collection(name, self._version, self._width), now_us())

    def write(self, session: Session, photos: int) -> None:
        for _ in range(photos):
            self._write_photo(session)

    def _write_photo(self, session: Session) -> None:
        number, moment_us = len(self.vectors), now_us()
        product_id, image_id = self._id_source.next(), self._id_source.next()
        price = Money("EUR", number % HIGHEST_PRICE, 990_000_000)
        draft = ProductDraft(f"Garment {number}", brand=f"Brand {number % BRANDS}", price=price)
        insert_product(session, TENANT, product_id, draft, "", moment_us)
        image = NewImage(image_id, product_id, f"{number}.jpg", "jpeg", 800, 600, 99_999, "0" * 64)
        insert_image(session, TENANT, image, moment_us)
        vectors = self._draw_vectors()
        found = [
            FoundItem(item_id(image_id, place), place, self._draw_item(vector), place == 0)
            for place, vector in enumerate(vectors)
        ]
        write_items(session, TENANT, image_id, found, ItemVersions(self._version, DETECTOR), moment_us)
        self.ids += [entry.id for entry in found]
        self.vectors.append(vectors)

    def _draw_vectors(self) -> FloatArray:
        centres = self._centres[self._random.integers(0, CLUSTERS, ITEMS_A_PHOTO)]
        vectors = centres + 0.7 * self._random.normal(size=centres.shape)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors, np.float32)

    def _draw_item(self, vector: FloatArray) -> AnalyzedItem:
        attributes = {
            attribute.name: AttributeValue.one(
                str(self._random.choice(attribute.values)), self._random.random()
            )
            for attribute in self._taxonomy.attributes
        }
        colors = self._random.choice(list(self._taxonomy.colors), 3, replace=False)
        return AnalyzedItem(
            Box(10.5, 20.25, 200.75, 400.125),
            self._random.random(),
            attributes["category"].value,
            attributes=attributes,
            colors=tuple(ColorShare(str(name), 0.3, 0x102030) for name in colors),
            embedding=vector,
        )
