from __future__ import annotations

from pathlib import Path

import pytest

from domain.taxonomy import Taxonomy


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return Taxonomy.load(Path(__file__).parents[3] / "taxonomy.toml")
