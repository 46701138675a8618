from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.types import FloatArray, ModelVersion
from services.catalog.vectors import flat_index as scan_module
from services.catalog.vectors.collection import Collection
from services.catalog.vectors.flat_index import FlatIndex
from services.catalog.vectors.predicates import (
    BoolIn,
    Comparison,
    NotItem,
    OneOf,
    Predicate,
    milvus_expression,
)
from services.catalog.vectors.row import Columns, VectorRow
from services.catalog.vectors.store import VectorStore

COLUMNS = Columns(("first", "second"), numbers=("price",), flags=("sale",), shown=("second",))
WIDTH = 8
WORDS = ["", "red", "blue", 'a"b\\', "grün"]
SHELF = Collection("shelf", ModelVersion("m", "p"), WIDTH)


def made_row(number: int, dice: np.random.Generator) -> VectorRow:
    vector: FloatArray = dice.normal(size=WIDTH).astype(np.float32)
    values: dict[str, str | float | bool] = {
        "first": str(dice.choice(WORDS)),
        "second": str(dice.choice(WORDS)),
        "price": float(dice.integers(0, 5)),
        "sale": bool(dice.integers(0, 2)),
    }
    tenant = f"t{dice.integers(0, 2)}"
    return VectorRow(f"r{number}", tenant, f"v{number}", values, vector / np.linalg.norm(vector))


def made_rows(count: int, seed: int = 1) -> list[VectorRow]:
    dice = np.random.default_rng(seed)
    return [made_row(number, dice) for number in range(count)]


def cosine_order(rows: list[VectorRow], vector: FloatArray) -> list[str]:
    return [row.id for row in sorted(rows, key=lambda row: -float(row.vector @ vector))]


texts = st.lists(st.sampled_from([*WORDS, "never"]), min_size=1, max_size=3).map(tuple)
tests = st.one_of(
    st.builds(OneOf, st.sampled_from([("first",), ("first", "second")]), texts),
    st.builds(OneOf, st.just(("tenant_id",)), st.sampled_from([("t0",), ("t1",), ("none",)])),
    st.builds(BoolIn, st.just("sale"), st.sampled_from([(True,), (False,), (True, False)])),
    st.builds(Comparison, st.just("price"), st.sampled_from([">=", ">", "<=", "<"]), st.floats(-1, 6)),
    st.builds(NotItem, st.sampled_from(["r3", "r4", "none"])),
)


@pytest.fixture
async def lite(tmp_path: Path) -> AsyncIterator[Any]:
    """Milvus Lite itself with sixty rows."""
    store = VectorStore(str(tmp_path / "milvus.db"), COLUMNS)
    await store.open()
    await store.ensure(SHELF)
    await store.upsert(SHELF, made_rows(60))
    yield store._client
    await store.close()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(tests, max_size=4))
def test_the_scan_and_milvus_agree_on_every_filter(lite: Any, wanted: list[Predicate]) -> None:
    scan = FlatIndex(WIDTH, COLUMNS)
    scan.upsert(made_rows(60))
    (hits,) = scan.search([np.ones(WIDTH, np.float32)], wanted, 100)
    found = lite.query("shelf", filter=milvus_expression(wanted) or 'id != ""', output_fields=["id"])
    assert {hit.item_id for hit in hits} == {entity["id"] for entity in found}
    assert len(hits) == len(found)


@pytest.mark.parametrize("max_hits", [1, 7, 2999, 5000])
def test_hits_are_the_nearest_and_best_first(max_hits: int) -> None:
    rows, scan = made_rows(3000), FlatIndex(WIDTH, COLUMNS)
    scan.upsert(rows)
    asked = [rows[5].vector, rows[9].vector]
    for vector, hits in zip(asked, scan.search(asked, (), max_hits), strict=True):
        assert [hit.item_id for hit in hits] == cosine_order(rows, vector)[:max_hits]
        assert hits[0].score == pytest.approx(1.0, abs=1e-6)


operations = st.lists(st.tuples(st.sampled_from(["upsert", "delete"]), st.integers(0, 9)), max_size=60)


@given(operations)
def test_writes_and_removals_leave_what_a_dictionary_would(steps: list[tuple[str, int]]) -> None:
    check_against_a_dictionary(steps)


def check_against_a_dictionary(steps: list[tuple[str, int]]) -> None:
    scan, kept, dice = FlatIndex(WIDTH, COLUMNS), dict[str, VectorRow](), np.random.default_rng(3)
    for step, number in steps:
        if step == "upsert":
            row = made_row(number, dice)
            scan.upsert([row])
            kept[row.id] = row
        else:
            scan.delete([f"r{number}"])
            kept.pop(f"r{number}", None)
    rows = list(kept.values())
    assert len(scan) == len(rows)
    assert scan.revisions() == {(row.tenant_id, row.id): row.revision for row in rows}
    vector = np.linspace(-1, 1, WIDTH, dtype=np.float32)
    for word in WORDS:
        wanted = [row for row in rows if word in (row.values["first"], row.values["second"])]
        (hits,) = scan.search([vector], [OneOf(("first", "second"), (word,))], 20)
        assert [hit.item_id for hit in hits] == cosine_order(wanted, vector)
        assert all(hit.texts == (kept[hit.item_id].values["second"],) for hit in hits)


@given(operations)
def test_texts_are_forgotten_without_a_trace(steps: list[tuple[str, int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scan_module, "_FEWEST_TEXTS", 1)
        check_against_a_dictionary(steps)


def test_texts_that_no_row_has_are_not_kept() -> None:
    scan, dice = FlatIndex(WIDTH, COLUMNS), np.random.default_rng(4)
    kept = made_row(0, dice)
    scan.upsert([kept])
    for number in range(1, 4000):
        row = made_row(number, dice)
        scan.upsert([replace(row, values={**row.values, "first": f"brand {number}"})])
        scan.upsert([replace(kept, values={**kept.values, "second": f"name {number}"})])
        scan.delete([row.id])
    assert len(scan._codes) <= scan_module._FEWEST_TEXTS + 2
    wanted = [OneOf(("first",), (str(kept.values["first"]),)), OneOf(("second",), ("name 3999",))]
    (hits,) = scan.search([kept.vector], wanted, 10)
    assert [hit.item_id for hit in hits] == [kept.id]


def test_an_empty_scan_has_no_hits() -> None:
    assert FlatIndex(WIDTH, COLUMNS).search([np.ones(WIDTH, np.float32)], (), 10) == [[]]
