from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from domain.errors import Unavailable
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.flat_index import FlatIndex
from services.catalog.vectors.index import Differences
from services.catalog.vectors.milvus_index import MilvusIndex
from services.catalog.vectors.predicates import EVERY_ROW
from services.catalog.vectors.row import RowKey, VectorRow
from tests.unit.services.catalog.vectors.vector_rows import (
    COLUMNS,
    SHELF,
    ListSource,
    direction,
    random_rows,
    row,
)

ROWS = random_rows(40)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "milvus.db"


def opened(path: Path, rows: Sequence[VectorRow]) -> FlatIndex:
    index = FlatIndex(path, COLUMNS)
    index.open()
    assert index.open_collection(SHELF, ListSource(rows)) == Differences()
    return index


def stored_in_lite(path: Path) -> dict[RowKey, str]:
    """What Milvus Lite holds, read when nobody else has its file."""
    lite = MilvusIndex(str(path), COLUMNS)
    lite.open()
    try:
        return lite.revisions(SHELF)
    finally:
        lite.close()


def revisions(rows: Sequence[VectorRow]) -> dict[RowKey, str]:
    return {each.key: each.revision for each in rows}


def found(index: FlatIndex) -> set[str]:
    (hits,) = index.search(SHELF, [direction(1)], EVERY_ROW, 100)
    return {hit.item_id for hit in hits}


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The collections that Lite was asked to load."""
    names: list[str] = []
    load = MilvusIndex.load

    def noted(self: MilvusIndex, collection: Collection) -> bool:
        names.append(collection.name)
        return load(self, collection)

    monkeypatch.setattr(MilvusIndex, "load", noted)
    return names


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Until it is set, Lite loads nothing."""
    gate, load = Event(), MilvusIndex.load

    def held_back(self: MilvusIndex, collection: Collection) -> bool:
        gate.wait()
        return load(self, collection)

    monkeypatch.setattr(MilvusIndex, "load", held_back)
    yield gate
    gate.set()


def test_searches_and_writes_do_not_wait_for_lite(path: Path, gate: Event) -> None:
    index = opened(path, ROWS)
    assert found(index) == {each.id for each in ROWS}
    index.upsert(SHELF, [row("new", direction(1))])
    index.delete(SHELF, [ROWS[0].id, "never-there"])
    assert found(index) == {each.id for each in ROWS[1:]} | {"new"}
    gate.set()
    index.close()


def test_lite_holds_what_memory_holds_after_a_stop(path: Path) -> None:
    index = opened(path, ROWS)
    changed, added = replace(ROWS[1], revision="2"), row("new", direction(1))
    index.upsert(SHELF, [changed, added])
    index.delete(SHELF, [ROWS[0].id])
    index.close()
    assert stored_in_lite(path) == revisions([changed, *ROWS[2:], added])


def test_after_a_clean_stop_lite_is_left_alone_until_a_row_changes(path: Path, loads: list[str]) -> None:
    opened(path, ROWS).close()
    loads.clear()
    for _ in range(2):
        opened(path, ROWS).close()
    assert loads == []
    index = opened(path, ROWS)
    index.upsert(SHELF, [row("new", direction(1))])
    index.close()
    assert set(loads) == {SHELF.name}
    assert stored_in_lite(path) == revisions([*ROWS, row("new", direction(1))])


def tamper(path: Path) -> None:
    """A row of Lite's is lost, one is old, and one should not be there."""
    lite = MilvusIndex(str(path), COLUMNS)
    lite.open()
    lite.delete(SHELF, [ROWS[0].id])
    lite.upsert(SHELF, [replace(ROWS[1], revision="old"), row("stray", direction(1))])
    lite.close()


def test_after_a_crash_lite_is_compared_and_repaired(path: Path) -> None:
    opened(path, ROWS).close()
    tamper(path)
    path.with_name("milvus.db.synced").unlink()  # as it is while the index is written
    opened(path, ROWS).close()
    assert stored_in_lite(path) == revisions(ROWS)


@pytest.mark.parametrize("stamp", [b"", b"[]", b"not JSON"])
def test_a_stamp_that_cannot_be_read_counts_for_nothing(path: Path, stamp: bytes) -> None:
    opened(path, ROWS).close()
    tamper(path)
    path.with_name("milvus.db.synced").write_bytes(stamp)
    opened(path, ROWS).close()
    assert stored_in_lite(path) == revisions(ROWS)


def test_lite_follows_a_database_that_changed_meanwhile(path: Path) -> None:
    opened(path, ROWS).close()
    other = [replace(ROWS[0], revision="2"), *ROWS[2:]]
    opened(path, other).close()
    assert stored_in_lite(path) == revisions(other)


def test_a_collection_that_lite_has_lost_is_copied_whole(path: Path) -> None:
    opened(path, ROWS).close()
    lite = MilvusIndex(str(path), COLUMNS)
    lite.open()
    lite._client.drop_collection(SHELF.name)
    lite.close()
    index = opened(path, ROWS)
    index.upsert(SHELF, ROWS[:1])
    index.close()
    assert stored_in_lite(path) == revisions(ROWS)


def test_what_could_not_be_copied_is_tried_again(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    errors, copied, upsert = [Unavailable("the disk is full")], Event(), MilvusIndex.upsert

    def flaky(self: MilvusIndex, collection: Collection, rows: Sequence[VectorRow]) -> None:
        if errors:
            raise errors.pop()
        upsert(self, collection, rows)
        copied.set()

    monkeypatch.setattr(MilvusIndex, "upsert", flaky)
    index = opened(path, ROWS)
    assert copied.wait(60)
    index.close()
    assert stored_in_lite(path) == revisions(ROWS)
    assert "Milvus Lite cannot be written; searches are not affected" in caplog.text


def test_a_stop_that_cannot_copy_leaves_it_to_the_next_start(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise Unavailable("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(MilvusIndex, "upsert", fail)
        opened(path, ROWS).close()
    assert stored_in_lite(path) == {}
    opened(path, ROWS).close()
    assert stored_in_lite(path) == revisions(ROWS)


def test_a_collection_that_is_not_open_is_not_held(path: Path) -> None:
    index = opened(path, ROWS)
    other = Collection("other", SHELF.version, SHELF.width)
    index.upsert(other, ROWS)
    index.delete(other, [ROWS[0].id])
    with pytest.raises(Unavailable, match="other is not open"):
        index.search(other, [direction(1)], EVERY_ROW, 1)
    assert index.open_collection(other, ListSource(ROWS[:3])) == Differences()
    (hits,) = index.search(other, [direction(1)], EVERY_ROW, 10)
    assert len(hits) == 3
    assert index.search(other, [], EVERY_ROW, 10) == []
    index.close()


def test_an_index_that_was_never_opened_closes(path: Path) -> None:
    FlatIndex(path, COLUMNS).close()
    assert not path.exists()
