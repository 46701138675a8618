from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from grpc import RpcError, StatusCode
from milvus_lite.server_manager import server_manager_instance
from pymilvus import MilvusException
from pymilvus.exceptions import ErrorCode

from demo.server import ROOT
from domain.errors import InvalidInput, Unavailable
from services.catalog.vectors import milvus_index
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.flat_rows import FlatRows
from services.catalog.vectors.index import CollectionLost, Differences
from services.catalog.vectors.milvus_index import MilvusIndex
from services.catalog.vectors.predicates import EVERY_ROW, TextIn, milvus_expression
from tests.unit.services.catalog.vectors.vector_rows import (
    COLUMNS,
    SHELF,
    WIDTH,
    ListSource,
    direction,
    random_rows,
    row,
)


@pytest.fixture(params=["file", "server"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MilvusIndex]:
    """Milvus Lite in a file, and behind a port of its own, where it stands for a server."""
    uri = str(tmp_path / "new" / "milvus.db")
    if request.param == "server":
        Path(uri).parent.mkdir()
        uri = server_manager_instance.start_and_get_uri(uri) or ""
    index = MilvusIndex(uri, COLUMNS)
    index.open()
    index.open_collection(SHELF, ListSource())
    yield index
    index.close()


def test_rows_are_found_by_cosine_for_every_vector(index: MilvusIndex) -> None:
    index.upsert(SHELF, [row("a", direction(1), "Acme"), row("b", direction(1, 1))])
    mine = TextIn(("tenant_id",), ("t",))
    found = index.search(SHELF, [direction(1), direction(0, 1)], mine, 10)
    assert [[hit.item_id for hit in hits] for hits in found] == [["a", "b"], ["b", "a"]]
    assert [hit.score for hit in found[0]] == pytest.approx([1.0, 0.5**0.5], abs=1e-6)
    assert [hit.texts for hit in found[0]] == [("Acme",), ("",)]


def test_what_was_written_is_seen_at_once(index: MilvusIndex) -> None:
    for number in range(3):
        index.upsert(SHELF, [row(f"r{number}", direction(1, number))])
        (hits,) = index.search(SHELF, [direction(1)], EVERY_ROW, 10)
        assert len(hits) == number + 1


def test_an_upsert_replaces_and_a_delete_removes(index: MilvusIndex) -> None:
    index.upsert(SHELF, [row("a", direction(1)), row("b", direction(1, 1))])
    index.upsert(SHELF, [row("a", direction(0, 0, 1), revision="2")])
    index.delete(SHELF, ["b", "never-there"])
    assert index.revisions(SHELF) == {("t", "a"): "2"}
    (hits,) = index.search(SHELF, [direction(0, 0, 1)], EVERY_ROW, 10)
    assert [(hit.item_id, round(hit.score, 5)) for hit in hits] == [("a", 1.0)]


@pytest.mark.parametrize(
    "word", ['a"b', "a\\", "o'neil", "grün 日本", "a and b", '"] or id != ["', "%_", "\u2028"]
)
def test_odd_values_are_found_and_only_they(index: MilvusIndex, word: str) -> None:
    index.upsert(SHELF, [row("odd", direction(1), word), row("other", direction(1, 1), "x")])
    predicate = TextIn(("second",), (word,))
    (hits,) = index.search(SHELF, [direction(1)], predicate, 10)
    assert [hit.item_id for hit in hits] == ["odd"]
    stored = index._client.query(SHELF.name, filter=milvus_expression(predicate), output_fields=["id"])
    assert [entity["id"] for entity in stored] == ["odd"]


def test_opening_again_keeps_the_rows_and_tells_what_differs_from_the_source(index: MilvusIndex) -> None:
    kept, stale, surplus = (row(name, direction(1)) for name in "abc")
    index.upsert(SHELF, [kept, stale, surplus])
    source = ListSource([kept, row("b", direction(1), revision="2"), row("d", direction(1))])
    found = index.open_collection(SHELF, source)
    assert set(found.outdated) == {("t", "b"), ("t", "d")}
    assert found.surplus == (("t", "c"),)
    assert index.open_collection(SHELF, ListSource([kept, stale, surplus])) == Differences()


def test_a_collection_left_half_made_is_completed(tmp_path: Path) -> None:
    index = MilvusIndex(str(tmp_path / "milvus.db"), COLUMNS)
    index.open()
    index._client.create_collection(SHELF.name, schema=index._schema(WIDTH))
    index.upsert(SHELF, [row("a", direction(1))])
    (hits,) = index.search(SHELF, [direction(1)], EVERY_ROW, 10)
    assert [hit.item_id for hit in hits] == ["a"]
    index.close()


def test_a_folder_that_a_crash_left_empty_is_made_a_collection(tmp_path: Path) -> None:
    (tmp_path / "milvus.db" / "collections" / SHELF.name).mkdir(parents=True)
    index = MilvusIndex(str(tmp_path / "milvus.db"), COLUMNS)
    index.open()
    assert index.load(SHELF) is True
    index.upsert(SHELF, [row("a", direction(1))])
    assert set(index.revisions(SHELF)) == {("t", "a")}
    index.close()


def test_a_file_that_is_open_elsewhere_is_told_with_its_setting(shelved: MilvusIndex) -> None:
    second = MilvusIndex(shelved._uri, COLUMNS)
    with pytest.raises(Unavailable, match=r"MILVUS_URI.* cannot be opened; another process may hold it"):
        second.open()


def test_rows_are_there_when_it_is_opened_again(tmp_path: Path) -> None:
    path, rows = str(tmp_path / "milvus.db"), random_rows(2100)
    first = MilvusIndex(path, COLUMNS)
    first.open()
    first.upsert(SHELF, rows)
    first.delete(SHELF, ["r7"])
    first.close()
    second = MilvusIndex(path, COLUMNS)
    second.open()
    assert second.revisions(SHELF) == {each.key: each.revision for each in rows if each.id != "r7"}
    second.close()


@pytest.fixture
def shelved(tmp_path: Path) -> Iterator[MilvusIndex]:
    """A file that holds one row, opened anew."""
    path = str(tmp_path / "milvus.db")
    first = MilvusIndex(path, COLUMNS)
    first.open()
    first.upsert(SHELF, [row("a", direction(1))])
    first.close()
    index = MilvusIndex(path, COLUMNS)
    index.open()
    yield index
    index.close()


def fail_loading_once(
    monkeypatch: pytest.MonkeyPatch, index: MilvusIndex, error: MilvusException
) -> list[MilvusException]:
    """The list is empty once it has failed."""
    errors, load = [error], index._client.load_collection

    def load_collection(name: str) -> None:
        if errors:
            raise errors.pop()
        load(name)

    monkeypatch.setattr(index._client, "load_collection", load_collection)
    return errors


@pytest.mark.parametrize("code", [StatusCode.UNAVAILABLE, StatusCode.UNKNOWN, ErrorCode.RATE_LIMIT])
def test_a_call_that_did_not_reach_lite_costs_no_rows(
    shelved: MilvusIndex, monkeypatch: pytest.MonkeyPatch, code: object
) -> None:
    errors = fail_loading_once(monkeypatch, shelved, MilvusException(code, "run out of tries"))
    with pytest.raises(Unavailable):
        shelved.load(SHELF)
    assert errors == []
    assert shelved.load(SHELF) is False
    assert set(shelved.revisions(SHELF)) == {("t", "a")}


def test_a_damaged_collection_is_made_anew(shelved: MilvusIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_loading_once(monkeypatch, shelved, MilvusException(ErrorCode.UNEXPECTED_ERROR, "half a file"))
    assert shelved.load(SHELF) is True
    assert shelved.revisions(SHELF) == {}


def test_what_grpc_raises_by_itself_means_that_the_store_cannot_answer(
    shelved: MilvusIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    def upsert(*_: object, **__: object) -> None:
        raise RpcError("deadline exceeded")  # as a server that hangs makes pymilvus do

    monkeypatch.setattr(shelved._client, "upsert", upsert)
    with pytest.raises(Unavailable, match="cannot answer"):
        shelved.upsert(SHELF, [row("b", direction(1))])


def test_a_dropped_collection_is_lost_until_it_is_opened_again(index: MilvusIndex) -> None:
    rows = random_rows(3)
    index.upsert(SHELF, rows)
    for use in (
        lambda: index.upsert(SHELF, rows),
        lambda: index.delete(SHELF, ["a"]),
        lambda: index.search(SHELF, [direction(1)], EVERY_ROW, 1),
        lambda: index.count(SHELF),
    ):
        index.load(SHELF)
        index._client.drop_collection(SHELF.name)
        with pytest.raises(CollectionLost) as caught:
            use()
        assert caught.value.name == SHELF.name
    found = index.open_collection(SHELF, ListSource(rows))
    assert set(found.outdated) == {each.key for each in rows}
    assert index.count(SHELF) == 0


def test_a_collection_with_other_fields_is_made_anew(
    index: MilvusIndex, caplog: pytest.LogCaptureFixture
) -> None:
    index._client.drop_collection(SHELF.name)
    index._client.create_collection(SHELF.name, schema=index._schema(WIDTH + 1))
    with pytest.raises(Unavailable):
        index.upsert(SHELF, [row("a", direction(1))])
    index._loaded.clear()
    assert index.load(SHELF) is True
    index.upsert(SHELF, [row("a", direction(1))])
    assert index.count(SHELF) == 1
    assert "has other fields than it was made with" in caplog.text


def test_many_rows_go_in_and_out(index: MilvusIndex) -> None:
    rows = random_rows(2500)
    index.upsert(SHELF, rows)
    assert len(index.revisions(SHELF)) == 2500
    index.delete(SHELF, [entry.id for entry in rows[:2400]])
    assert len(index.revisions(SHELF)) == 100


def test_a_collection_that_is_not_there_is_unavailable(index: MilvusIndex) -> None:
    with pytest.raises(Unavailable):
        index.search(Collection("none", SHELF.version, WIDTH), [direction(1)], EVERY_ROW, 1)


def test_an_index_that_is_not_open_is_unavailable(tmp_path: Path) -> None:
    index = MilvusIndex(str(tmp_path / "milvus.db"), COLUMNS)
    with pytest.raises(Unavailable, match="not open"):
        index.revisions(SHELF)
    index.close()


def test_an_absent_server_is_told_by_host_and_setting_without_its_password(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(milvus_index, "_TIMEOUT_S", 0.5)
    index = MilvusIndex("http://root:S3cret@127.0.0.1:9", COLUMNS)
    with pytest.raises(Unavailable) as caught:
        index.open()
    told = "the vector store at 127.0.0.1:9 (ARMOIRE_CATALOG__MILVUS_URI) cannot be reached"
    assert caught.value.message == told
    assert "the vector store failed: " in caplog.text
    assert "S3cret" not in caplog.text


@pytest.mark.parametrize("uri", ["bogus://root:S3cret@x", "http://root:S3cret@host:port", "host:19530"])
def test_a_uri_of_no_store_names_the_setting(uri: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        MilvusIndex(uri, COLUMNS).open()
    assert caught.value.violations[0].field == "ARMOIRE_CATALOG__MILVUS_URI"
    assert "S3cret" not in str(caught.value)


def test_vectors_are_float32_of_length_one_and_scores_their_cosines(index: MilvusIndex) -> None:
    rows = random_rows(50)
    index.upsert(SHELF, rows)
    (hits,) = index.search(SHELF, [rows[0].vector], EVERY_ROW, 50)
    cosines = {each.id: float(np.dot(each.vector, rows[0].vector)) for each in rows}
    assert {hit.item_id: hit.score for hit in hits} == pytest.approx(cosines, abs=1e-5)


def test_of_rows_with_the_same_text_the_nearest_is_found(index: MilvusIndex) -> None:
    rows, flat = random_rows(120), FlatRows(WIDTH, COLUMNS)
    crowd = [row(f"c{number}", direction(1, number / 1000), "red") for number in range(40)]
    index.upsert(SHELF, [*rows, *crowd])
    flat.upsert([*rows, *crowd])
    mine = TextIn(("tenant_id",), ("t", "t0"))
    for max_hits in (1, 4, 60):
        (expected,) = flat.search([direction(1)], mine, max_hits, "second")
        (hits,) = index.search(SHELF, [direction(1)], mine, max_hits, "second")
        assert [hit.item_id for hit in hits] == [hit.item_id for hit in expected]


WITHOUT_LITE = """
import sys
sys.modules["milvus_lite"] = None
from services.catalog.vectors.milvus_index import MilvusIndex
from services.catalog.vectors.row import Columns
MilvusIndex(sys.argv[1], Columns((), (), ()))
"""


@pytest.mark.parametrize(("uri", "is_refused"), [("vectors.db", True), ("http://127.0.0.1:9", False)])
def test_a_server_needs_no_milvus_lite_and_a_file_says_that_it_does(uri: str, is_refused: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_LITE, uri], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert bool(done.returncode) is is_refused
    assert ("ARMOIRE_CATALOG__MILVUS_URI names no server" in done.stderr) is is_refused
