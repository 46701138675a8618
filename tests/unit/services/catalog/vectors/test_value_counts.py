from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest

from services.catalog.vectors.flat_rows import FlatRows
from services.catalog.vectors.predicates import EVERY_ROW, Comparison, Predicate, TextIn
from services.catalog.vectors.row import VectorRow
from services.catalog.vectors.value_counts import CountedColumns, ValueCount
from tests.unit.services.catalog.vectors.vector_rows import COLUMNS, WIDTH, random_rows

MERGED = (("red", "neither"), ("grün", "neither"), ('a"b\\', "blue"))
"""No row has the text that the first two are counted as."""
FIELDS = {
    CountedColumns(("second",)): lambda row: [row.values["second"]],
    CountedColumns(("first", "second")): lambda row: [row.values["first"], row.values["second"]],
    CountedColumns(("first", "second"), merged=MERGED): lambda row: [
        dict(MERGED).get(str(row.values[name]), row.values[name]) for name in ("first", "second")
    ],
    CountedColumns(("sale",)): lambda row: [str(row.values["sale"]).lower()],
    CountedColumns(("tags",), "a="): lambda row: [tag.removeprefix("a=") for tag in row.tokens("tags")],
    CountedColumns(("tags",), "b="): lambda _row: [],
}
ROWS = random_rows(300)


@pytest.fixture(scope="module")
def flat() -> FlatRows:
    flat = FlatRows(WIDTH, COLUMNS)
    flat.upsert(ROWS)
    return flat


@pytest.mark.parametrize(
    ("predicate", "passing"),
    [
        (EVERY_ROW, ROWS),
        (Comparison("price", "<", 2), [row for row in ROWS if float(str(row.values["price"])) < 2]),
        (TextIn(("tenant_id",), ("none",)), []),
    ],
)
def test_the_rows_that_pass_are_counted(
    flat: FlatRows, predicate: Predicate, passing: list[VectorRow]
) -> None:
    fields = list(FIELDS)
    by_id = {row.id: row for row in passing}
    for counted, counts in zip(fields, flat.count_values(predicate, fields, 100), strict=True):
        expected = Counter(
            value for row in passing for value in {str(text) for text in FIELDS[counted](row)} if value
        )
        assert pairs(counts) == sorted(expected.items(), key=lambda pair: (-pair[1], pair[0]))
        assert all(each.value in FIELDS[counted](by_id[each.item_id]) for each in counts)


def pairs(counts: Iterable[ValueCount]) -> list[tuple[str, int]]:
    return [(each.value, each.count) for each in counts]


def test_the_most_frequent_values_are_kept(flat: FlatRows) -> None:
    (every,) = flat.count_values(EVERY_ROW, [CountedColumns(("second",))], 100)
    (some,) = flat.count_values(EVERY_ROW, [CountedColumns(("second",))], 2)
    assert pairs(some) == pairs(every)[:2]
