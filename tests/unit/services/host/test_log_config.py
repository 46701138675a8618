from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.errors import Unavailable
from services.catalog.vectors.milvus_index import MilvusIndex
from services.host.log_config import silence_drivers
from tests.unit.services.catalog.vectors.vector_rows import COLUMNS, SHELF, direction, row


@pytest.fixture
def index(tmp_path: Path) -> Iterator[MilvusIndex]:
    index = MilvusIndex(str(tmp_path / "milvus.db"), COLUMNS)
    index.open()
    yield index
    index.close()


def test_a_failure_of_milvus_is_one_line_without_a_stack(
    index: MilvusIndex, caplog: pytest.LogCaptureFixture
) -> None:
    silence_drivers()
    index.load(SHELF)
    index._client.drop_collection(SHELF.name)
    with pytest.raises(Unavailable):
        index.upsert(SHELF, [row("a", direction(1))])
    assert [record.name for record in caplog.records] == ["services.catalog.vectors.milvus_index"]
