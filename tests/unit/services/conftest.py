"""Artifacts to load, and databases to test transactions on."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.catalog.sql.catalog_database import catalog_database
from services.inference.options import InferenceOptions
from services.sql.database import Database

ROOT = Path(__file__).parents[3]


@pytest.fixture
def options(tmp_path: Path) -> InferenceOptions:
    """Artifacts of one's own, and a cache."""
    for name in ("demo-detector", "demo-embedder"):
        shutil.copytree(ROOT / "artifacts" / name, tmp_path / name)
    return InferenceOptions(
        tmp_path / "demo-detector", tmp_path / "demo-embedder", cache_folder=tmp_path / "cache"
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catalog.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Empty tables of the catalogue."""
    database = catalog_database(database_url)
    await database.open()
    yield database
    await database.close()
