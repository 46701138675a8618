"""Photos with hashes in an empty database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from imaging.pdq import PhotoHash
from services.catalog.records.images import Image, NewImage, insert_image, read_image
from services.catalog.records.photo_hashes import put_hash
from services.catalog.sql.catalog_database import MIGRATIONS
from tests.unit.services.catalog.rows import IDS


@contextmanager
def empty_tables(database_url: str) -> Iterator[Session]:
    """A session on the catalogue's tables, without rows."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        MIGRATIONS.upgrade(connection)
    with Session(engine) as session:
        yield session
    engine.dispose()


def bits_of(seed: int, *turned: int) -> bytes:
    """A hash, with some of its bits turned."""
    bits = np.random.default_rng(seed).integers(0, 2, 256, dtype=np.uint8)
    for place in turned:
        bits[place] ^= 1
    return np.packbits(bits).tobytes()


def add(session: Session, tenant_id: str = "t", product_id: str = "") -> str:
    """A photo that is not hashed; returns its id."""
    image_id = IDS.next()
    image = NewImage(image_id, product_id, "a.png", "png", 60, 40, 99, "0" * 64)
    insert_image(session, tenant_id, image, 1)
    return image_id


def hashed(
    session: Session, bits: bytes, *, tenant_id: str = "t", quality: int = 100, product_id: str = ""
) -> str:
    """A photo with a hash; returns its id."""
    image_id = add(session, tenant_id, product_id)
    put_hash(session, tenant_id, image_id, PhotoHash(bits, quality))
    return image_id


def image_of(session: Session, image_id: str, tenant_id: str = "t") -> Image:
    """A photo as it is in the database now."""
    session.expire_all()
    return read_image(session, tenant_id, image_id)
