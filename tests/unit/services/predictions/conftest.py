"""The prediction log on SQLite and PostgreSQL, with photos in a folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.catalog.blobs.store import BlobStore
from services.predictions.sql.prediction_database import prediction_database
from services.predictions.store import PredictionStore
from services.sql.database import Database


@pytest.fixture
async def log_database(database_url: str) -> AsyncIterator[Database]:
    database = prediction_database(database_url)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
def blobs(tmp_path: Path) -> BlobStore:
    return BlobStore(str(tmp_path / "blobs"))


@pytest.fixture
def store(log_database: Database, blobs: BlobStore) -> PredictionStore:
    return PredictionStore(log_database, blobs)
