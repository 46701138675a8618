"""Counts in SQL beside those of rows in memory, on both databases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from services.catalog.records.facet_counts import FacetCounts
from services.catalog.records.facet_values import (
    delete_facet_values,
    drop_facet_values,
    read_facet_revisions,
    write_facet_values,
)
from services.catalog.sql.catalog_database import MIGRATIONS
from services.catalog.vectors.flat_rows import FlatRows
from services.catalog.vectors.predicates import EVERY_ROW, Comparison, NoneOf, Predicate, TextIn
from services.catalog.vectors.row import VectorRow
from services.catalog.vectors.value_counts import CountedColumns, ValueCount
from tests.unit.services.catalog.vectors.any_predicate import predicates
from tests.unit.services.catalog.vectors.vector_rows import COLUMNS, WIDTH, direction, random_rows

FIELDS = (
    CountedColumns(("second",)),
    CountedColumns(("first", "second")),
    CountedColumns(("first", "second"), merged=(("red", "neither"), ("grün", "neither"), ('a"b\\', "blue"))),
    CountedColumns(("sale",)),
    CountedColumns(("tags",), "a="),
    CountedColumns(("tags",), "b="),
)
ROWS = random_rows(200)
COUNTS = FacetCounts(COLUMNS)


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """On a database with `ROWS` in one collection and other rows in another one."""
    engine: Engine = create_engine(database_url)
    with engine.begin() as connection:
        MIGRATIONS.upgrade(connection)
    with Session(engine) as session:
        write_facet_values(session, "shelf", ROWS)
        write_facet_values(session, "other", random_rows(9, seed=2))
        yield session
    engine.dispose()


def in_memory(rows: Sequence[VectorRow] = ROWS) -> FlatRows:
    flat = FlatRows(WIDTH, COLUMNS)
    flat.upsert(rows)
    return flat


def pairs(counts: Sequence[Sequence[ValueCount]]) -> list[list[tuple[str, int]]]:
    return [[(each.value, each.count) for each in of_field] for of_field in counts]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(predicates)
def test_sql_counts_what_the_rows_in_memory_do(session: Session, predicate: Predicate) -> None:
    counted = COUNTS.read(session, "shelf", predicate, FIELDS, 100)
    assert pairs(counted) == pairs(in_memory().count_values(predicate, FIELDS, 100))


def test_each_value_comes_with_an_item_that_has_it(session: Session) -> None:
    by_id = {row.id: row for row in ROWS}
    (counts,) = COUNTS.read(session, "shelf", EVERY_ROW, FIELDS[:1], 100)
    assert counts
    assert all(by_id[each.item_id].values["second"] == each.value for each in counts)


def test_of_equally_frequent_values_the_first_by_their_characters_are_kept(session: Session) -> None:
    words = ["b", "a", "é", "Z", "ß", "日", "_"]
    rows = [odd_row(word, number) for number, word in enumerate(words)]
    write_facet_values(session, "words", rows)
    counted = COUNTS.read(session, "words", EVERY_ROW, FIELDS[:1], 4)
    assert pairs(counted) == pairs(in_memory(rows).count_values(EVERY_ROW, FIELDS[:1], 4))
    assert [each.value for each in counted[0]] == ["Z", "_", "a", "b"]


def odd_row(word: str, number: int, price: float = 0.0) -> VectorRow:
    values = {"first": "", "second": word, "price": price, "sale": False, "tags": ()}
    return VectorRow(f"w{number}", "t", "1", values, direction(1))


@pytest.mark.parametrize("number", [19.9, 1764486534.123457, 1764486534.1, 0.1 + 0.2, 2.0**53])
def test_numbers_are_compared_exactly(session: Session, number: float) -> None:
    write_facet_values(session, "words", [odd_row("x", 1, number)])
    for operator, count in ((">=", 1), ("<=", 1), (">", 0), ("<", 0)):
        (values,) = COUNTS.read(session, "words", Comparison("price", operator, number), FIELDS[:1], 9)  # type: ignore[arg-type]
        assert sum(each.count for each in values) == count


def test_a_row_that_has_a_token_twice_counts_once(session: Session) -> None:
    row = odd_row("x", 1)
    write_facet_values(
        session, "words", [VectorRow(row.id, "t", "1", {**row.values, "tags": ("a=1",) * 2}, row.vector)]
    )
    assert pairs(COUNTS.read(session, "words", EVERY_ROW, FIELDS[4:5], 9)) == [[("1", 1)]]


def test_values_are_replaced_removed_and_dropped(session: Session) -> None:
    write_facet_values(session, "words", [odd_row("old", 1), odd_row("kept", 2)])
    write_facet_values(session, "words", [odd_row("new", 1)])
    none_kept = NoneOf((TextIn(("second",), ("kept",)),))
    assert pairs(COUNTS.read(session, "words", none_kept, FIELDS[:1], 9)) == [[("new", 1)]]
    delete_facet_values(session, "words", ["w1", "never-there"])
    assert read_facet_revisions(session, "words") == {("t", "w2"): "1"}
    drop_facet_values(session, "words")
    assert read_facet_revisions(session, "words") == {}
    assert len(read_facet_revisions(session, "shelf")) == len(ROWS)
