from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalog.vectors import text_codes, vector_blocks
from services.catalog.vectors.flat_rows import FlatRows
from services.catalog.vectors.predicates import EVERY_ROW, AllOf, Comparison, TextIn
from services.catalog.vectors.row import VectorRow
from tests.unit.services.catalog.vectors.vector_rows import (
    COLUMNS,
    WIDTH,
    WORDS,
    direction,
    nearest,
    random_row,
    random_rows,
    row,
)


@pytest.mark.parametrize("max_hits", [1, 7, 2999, 5000])
def test_hits_are_the_nearest_and_best_first(max_hits: int) -> None:
    rows, flat = random_rows(3000), FlatRows(WIDTH, COLUMNS)
    flat.upsert(rows)
    asked = [rows[5].vector, rows[9].vector]
    for vector, hits in zip(asked, flat.search(asked, EVERY_ROW, max_hits), strict=True):
        assert [hit.item_id for hit in hits] == nearest(rows, vector)[:max_hits]
        assert hits[0].score == pytest.approx(1.0, abs=1e-6)


steps = st.lists(
    st.tuples(st.sampled_from(["upsert", "delete"]), st.lists(st.integers(0, 9), max_size=4)), max_size=40
)


@given(steps)
def test_writes_and_removals_leave_what_a_dictionary_would(steps: list[tuple[str, list[int]]]) -> None:
    check_against_a_dictionary(steps)


def check_against_a_dictionary(steps: list[tuple[str, list[int]]]) -> None:
    flat, kept, random = FlatRows(WIDTH, COLUMNS), dict[str, VectorRow](), np.random.default_rng(3)
    for step, numbers in steps:
        if step == "upsert":
            rows = [random_row(number, random) for number in numbers]
            flat.upsert(rows)
            kept |= {row.id: row for row in rows}
        else:
            flat.delete([f"r{number}" for number in numbers])
            for number in numbers:
                kept.pop(f"r{number}", None)
    check_holds(flat, kept)


def check_holds(flat: FlatRows, kept: dict[str, VectorRow]) -> None:
    rows = list(kept.values())
    assert len(flat) == len(rows)
    assert flat.revisions() == {row.key: row.revision for row in rows}
    read = flat.rows([*kept, "never"])
    assert [(row.id, row.tenant_id, row.revision, row.values) for row in read] == [
        (row.id, row.tenant_id, row.revision, row.values) for row in rows
    ]
    assert all(np.array_equal(row.vector, kept[row.id].vector) for row in read)
    vector = np.linspace(-1, 1, WIDTH, dtype=np.float32)
    for word in WORDS:
        wanted = [row for row in rows if word in (row.values["first"], row.values["second"])]
        (hits,) = flat.search([vector], TextIn(("first", "second"), (word,)), 20)
        assert [hit.item_id for hit in hits] == nearest(wanted, vector)
        assert all(hit.texts == (kept[hit.item_id].values["second"],) for hit in hits)


@given(steps)
def test_small_blocks_and_few_kept_texts_change_nothing(steps: list[tuple[str, list[int]]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_codes, "_MIN_KEPT", 1)
        patch.setattr(vector_blocks, "_FEWEST_COLUMNS", 2)
        check_against_a_dictionary(steps)


def test_texts_that_no_row_has_are_not_kept() -> None:
    flat, random = FlatRows(WIDTH, COLUMNS), np.random.default_rng(4)
    kept = random_row(0, random)
    flat.upsert([kept])
    for number in range(1, 4000):
        row = random_row(number, random)
        flat.upsert([replace(row, values={**row.values, "first": f"brand {number}"})])
        flat.upsert([replace(kept, values={**kept.values, "second": f"name {number}"})])
        flat.delete([row.id])
    assert len(flat._columns._codes) <= text_codes._MIN_KEPT + 2
    wanted = AllOf((TextIn(("first",), (str(kept.values["first"]),)), TextIn(("second",), ("name 3999",))))
    (hits,) = flat.search([kept.vector], wanted, 10)
    assert [hit.item_id for hit in hits] == [kept.id]


def test_no_rows_are_no_hits() -> None:
    for flat in (FlatRows(WIDTH, COLUMNS), FlatRows(WIDTH, COLUMNS, 10)):
        flat.upsert([])
        assert flat.search([np.ones(WIDTH, np.float32)], EVERY_ROW, 10) == [[]]


def test_the_fingerprint_follows_ids_and_revisions_but_not_their_order() -> None:
    rows, first, second = random_rows(20), FlatRows(WIDTH, COLUMNS), FlatRows(WIDTH, COLUMNS, 20)
    first.upsert(rows)
    second.upsert(rows[::-1])
    assert first.fingerprint() == second.fingerprint()
    second.upsert([replace(rows[3], revision="other")])
    changed = second.fingerprint()
    second.delete([rows[3].id])
    assert len({first.fingerprint(), changed, second.fingerprint()}) == 3


@pytest.mark.parametrize("max_hits", [1, 3, 100])
def test_of_rows_with_the_same_text_the_nearest_is_found(max_hits: int) -> None:
    rows, flat = random_rows(400), FlatRows(WIDTH, COLUMNS)
    flat.upsert(rows)
    vector = np.linspace(-1, 1, WIDTH, dtype=np.float32)
    by_id = {row.id: row for row in rows}
    expected, seen = list[str](), set[object]()
    for id in nearest(rows, vector):
        text = by_id[id].values["second"]
        if not text or text not in seen:
            expected.append(id)
        seen.add(text)
    (hits,) = flat.search([vector], EVERY_ROW, max_hits, "second")
    assert [hit.item_id for hit in hits] == expected[:max_hits]


def test_of_rows_that_tie_one_is_found() -> None:
    flat = FlatRows(WIDTH, COLUMNS)
    flat.upsert([row(f"r{number}", direction(1), "red") for number in range(5)])
    (hits,) = flat.search([direction(1)], EVERY_ROW, 5, "second")
    assert len(hits) == 1


def test_a_search_with_groups_and_no_rows_is_empty() -> None:
    flat = FlatRows(WIDTH, COLUMNS)
    flat.upsert(random_rows(3))
    assert flat.search([direction(1)], TextIn(("tenant_id",), ("none",)), 5, "second") == [[]]


@pytest.mark.parametrize("share", [0.001, 0.01, 0.1, 0.5, 1.0])
def test_recall_under_filters_is_complete(share: float) -> None:
    random, flat = np.random.default_rng(5), FlatRows(WIDTH, COLUMNS)
    rows = [
        replace(each, values={**each.values, "price": float(number)})
        for number, each in enumerate(random_rows(3000))
    ]
    flat.upsert(rows)
    bound = share * len(rows)
    passing = [each for each in rows if float(str(each.values["price"])) < bound]
    for vector in random.normal(size=(20, WIDTH)).astype(np.float32):
        (hits,) = flat.search([vector], Comparison("price", "<", bound), 10)
        assert [hit.item_id for hit in hits] == nearest(passing, vector)[:10]
