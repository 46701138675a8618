from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from grpc import RpcError, StatusCode
from milvus_lite.server_manager import server_manager_instance
from pymilvus import MilvusException
from pymilvus.exceptions import ErrorCode

from domain.errors import InvalidInput, Unavailable
from domain.types import FloatArray, ModelVersion
from services.catalog.vectors import store as vectors
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.predicates import OneOf, milvus_expression
from services.catalog.vectors.row import Columns, VectorRow
from services.catalog.vectors.store import VectorStore

COLUMNS = Columns(texts=("brand",), numbers=("price",), flags=("sale",), shown=("brand",))
MINE = (OneOf(("tenant_id",), ("t",)),)
SHELF = Collection("shelf", ModelVersion("m", "p"), 4)


def vector(*values: float) -> FloatArray:
    made = np.array(values, np.float32)
    return (made / np.linalg.norm(made)).astype(np.float32)


def row(id: str, made: FloatArray, brand: str = "", revision: str = "1", tenant: str = "t") -> VectorRow:
    return VectorRow(id, tenant, revision, {"brand": brand, "price": 1.0, "sale": False}, made)


@pytest.fixture(params=["file", "server"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[VectorStore]:
    """Milvus Lite in a file, and behind a port of its own, where it stands for a server."""
    path = str(tmp_path / "new" / "milvus.db")
    if request.param == "server":
        Path(path).parent.mkdir()
        path = server_manager_instance.start_and_get_uri(path) or ""
    store = VectorStore(path, COLUMNS)
    assert store.embedded == (request.param == "file")
    await store.open()
    await store.ensure(SHELF)
    yield store
    await store.close()


async def test_rows_are_found_by_cosine_for_every_vector(store: VectorStore) -> None:
    await store.upsert(SHELF, [row("a", vector(1, 0, 0, 0), "Acme"), row("b", vector(1, 1, 0, 0))])
    found = await store.search(SHELF, [vector(1, 0, 0, 0), vector(0, 1, 0, 0)], MINE, 10)
    assert [[hit.item_id for hit in hits] for hits in found] == [["a", "b"], ["b", "a"]]
    assert [hit.score for hit in found[0]] == pytest.approx([1.0, 0.5**0.5], abs=1e-6)
    assert [hit.texts for hit in found[0]] == [("Acme",), ("",)]


async def test_what_was_written_is_seen_at_once(store: VectorStore) -> None:
    for number in range(3):
        await store.upsert(SHELF, [row(f"r{number}", vector(1, number, 0, 0))])
        (hits,) = await store.search(SHELF, [vector(1, 0, 0, 0)], MINE, 10)
        assert len(hits) == number + 1


async def test_an_upsert_replaces_and_a_delete_removes(store: VectorStore) -> None:
    await store.upsert(SHELF, [row("a", vector(1, 0, 0, 0)), row("b", vector(1, 1, 0, 0))])
    await store.upsert(SHELF, [row("a", vector(0, 0, 1, 0), revision="2")])
    await store.delete(SHELF, ["b", "never-there"])
    assert await store.revisions("shelf") == {("t", "a"): "2"}
    (hits,) = await store.search(SHELF, [vector(0, 0, 1, 0)], (), 10)
    assert [(hit.item_id, round(hit.score, 5)) for hit in hits] == [("a", 1.0)]


@pytest.mark.parametrize(
    "brand", ['a"b', "a\\", "o'neil", "grün 日本", "a and b", '"] or id != ["', "%_", "\u2028"]
)
async def test_odd_values_are_found_and_only_they(store: VectorStore, brand: str) -> None:
    await store.upsert(SHELF, [row("odd", vector(1, 0, 0, 0), brand), row("other", vector(1, 1, 0, 0), "x")])
    tests = (OneOf(("brand",), (brand,)),)
    (hits,) = await store.search(SHELF, [vector(1, 0, 0, 0)], tests, 10)
    assert [hit.item_id for hit in hits] == ["odd"]
    stored = store._client.query("shelf", filter=milvus_expression(tests), output_fields=["id"])
    assert [entity["id"] for entity in stored] == ["odd"]


async def test_ensuring_twice_keeps_the_rows(store: VectorStore) -> None:
    await store.upsert(SHELF, [row("a", vector(1, 0, 0, 0))])
    await store.ensure(SHELF)
    assert await store.names() == ["shelf"]
    assert set(await store.revisions("shelf")) == {("t", "a")}


async def test_a_collection_left_half_made_is_completed(tmp_path: Path) -> None:
    store = VectorStore(str(tmp_path / "milvus.db"), COLUMNS)
    await store.open()
    store._client.create_collection("shelf", schema=store._schema(4))
    await store.ensure(SHELF)
    await store.upsert(SHELF, [row("a", vector(1, 0, 0, 0))])
    (hits,) = await store.search(SHELF, [vector(1, 0, 0, 0)], (), 10)
    assert [hit.item_id for hit in hits] == ["a"]
    await store.close()


async def test_what_lite_keeps_is_read_when_it_is_opened_again(tmp_path: Path) -> None:
    path, dice = str(tmp_path / "milvus.db"), np.random.default_rng(2)
    first = VectorStore(path, COLUMNS)
    await first.open()
    await first.ensure(SHELF)
    rows = [row(f"r{i}", vector(*dice.normal(size=4)), brand=f"b{i % 3}") for i in range(2100)]
    await first.upsert(SHELF, rows)
    await first.delete(SHELF, ["r7"])
    asked = [rows[8].vector, rows[7].vector]
    wanted = (OneOf(("brand",), ("b1", "b2")),)
    told, revisions = await first.search(SHELF, asked, wanted, 50), await first.revisions("shelf")
    await first.close()
    second = VectorStore(path, COLUMNS)
    await second.open()
    await second.ensure(SHELF)
    assert await second.revisions("shelf") == revisions
    assert len(revisions) == 2099
    assert await second.search(SHELF, asked, wanted, 50) == told
    assert told[0][0].item_id == "r8"
    await second.close()


async def test_what_is_only_written_is_kept_for_when_it_is_searched(tmp_path: Path) -> None:
    store = VectorStore(str(tmp_path / "milvus.db"), COLUMNS)
    await store.open()
    await store.ensure(SHELF, searched=False)
    await store.upsert(SHELF, [row("a", vector(1, 0, 0, 0)), row("b", vector(1, 1, 0, 0))])
    await store.delete(SHELF, ["b"])
    assert store._scans == {"shelf": None}
    with pytest.raises(Unavailable):
        store.search_here(SHELF, [vector(1, 0, 0, 0)], (), 10)
    assert await store.revisions("shelf") == {("t", "a"): "1"}
    await store.ensure(SHELF)
    await store.ensure(SHELF, searched=False)  # which takes nothing back
    (hits,) = store.search_here(SHELF, [vector(1, 0, 0, 0)], (), 10)
    assert [hit.item_id for hit in hits] == ["a"]
    await store.close()


@pytest.fixture
async def shelved(tmp_path: Path) -> AsyncIterator[VectorStore]:
    """A file with one row, open."""
    store = VectorStore(str(tmp_path / "milvus.db"), COLUMNS)
    await store.open()
    await store.ensure(SHELF)
    await store.upsert(SHELF, [row("a", vector(1, 0, 0, 0))])
    yield store
    await store.close()


def fail_loading_once(
    monkeypatch: pytest.MonkeyPatch, store: VectorStore, error: MilvusException
) -> list[MilvusException]:
    """The list is empty once it has failed."""
    errors, load = [error], store._client.load_collection

    def load_collection(name: str) -> None:
        if errors:
            raise errors.pop()
        load(name)

    monkeypatch.setattr(store._client, "load_collection", load_collection)
    return errors


@pytest.mark.parametrize("code", [StatusCode.UNAVAILABLE, StatusCode.UNKNOWN, ErrorCode.RATE_LIMIT])
async def test_a_call_that_did_not_reach_lite_costs_no_rows(
    shelved: VectorStore, monkeypatch: pytest.MonkeyPatch, code: object
) -> None:
    errors = fail_loading_once(monkeypatch, shelved, MilvusException(code, "run out of tries"))
    with pytest.raises(Unavailable):
        await shelved.ensure(SHELF)
    assert errors == []
    await shelved.ensure(SHELF)
    assert set(shelved._stored_revisions("shelf")) == {("t", "a")}
    assert set(await shelved.revisions("shelf")) == {("t", "a")}


async def test_what_grpc_raises_by_itself_means_that_the_store_cannot_answer(
    shelved: VectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def upsert(*_: object, **__: object) -> None:
        raise RpcError("deadline exceeded")  # as a server that hangs makes pymilvus do

    monkeypatch.setattr(shelved._client, "upsert", upsert)
    with pytest.raises(Unavailable, match="cannot answer"):
        await shelved.upsert(SHELF, [row("b", vector(1, 0, 0, 0))])


async def test_a_collection_made_anew_is_not_searched_for_what_it_had(
    shelved: VectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_loading_once(monkeypatch, shelved, MilvusException(ErrorCode.UNEXPECTED_ERROR, "half a file"))
    await shelved.ensure(SHELF)
    assert await shelved.revisions("shelf") == {}
    assert shelved.search_here(SHELF, [vector(1, 0, 0, 0)], (), 10) == [[]]
    await shelved.upsert(SHELF, [row("b", vector(1, 0, 0, 0))])
    (hits,) = shelved.search_here(SHELF, [vector(1, 0, 0, 0)], (), 10)
    assert [hit.item_id for hit in hits] == ["b"]


async def test_many_rows_go_in_and_out(store: VectorStore) -> None:
    dice = np.random.default_rng(1)
    rows = [row(f"r{i:05d}", vector(*dice.normal(size=4))) for i in range(2500)]
    await store.upsert(SHELF, rows)
    assert len(await store.revisions("shelf")) == 2500
    await store.delete(SHELF, [entry.id for entry in rows[:2400]])
    assert len(await store.revisions("shelf")) == 100


async def test_a_refused_call_is_unavailable(store: VectorStore) -> None:
    with pytest.raises(Unavailable):
        await store.search(Collection("none", SHELF.version, 4), [vector(1, 0, 0, 0)], (), 1)


async def test_a_store_that_is_not_open_is_unavailable(tmp_path: Path) -> None:
    store = VectorStore(str(tmp_path / "milvus.db"), COLUMNS)
    with pytest.raises(Unavailable, match="not open"):
        await store.names()
    await store.close()


async def test_an_absent_server_is_told_by_host_and_setting_without_its_password(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(vectors, "_TIMEOUT_S", 0.5)
    store = VectorStore("http://root:S3cret@127.0.0.1:9", COLUMNS)
    with pytest.raises(Unavailable) as caught:
        await store.open()
    told = "the vector store at 127.0.0.1:9 (ARMOIRE_CATALOG__MILVUS_URI) cannot be reached"
    assert caught.value.message == told
    assert "the vector store failed: " in caplog.text
    assert "S3cret" not in caplog.text
    await store.close()


@pytest.mark.parametrize("uri", ["bogus://root:S3cret@x", "http://root:S3cret@host:port"])
async def test_a_uri_of_no_store_names_the_setting(uri: str) -> None:
    store = VectorStore(uri, COLUMNS)
    with pytest.raises(InvalidInput) as caught:
        await store.open()
    assert caught.value.violations[0].field == "ARMOIRE_CATALOG__MILVUS_URI"
    assert "S3cret" not in str(caught.value)
    await store.close()
