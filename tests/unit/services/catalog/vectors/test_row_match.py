"""The evaluation on one row beside that on all rows in memory."""

from __future__ import annotations

from hypothesis import given, settings

from services.catalog.vectors.flat_columns import FlatColumns
from services.catalog.vectors.predicates import Predicate
from services.catalog.vectors.row_match import matches
from tests.unit.services.catalog.vectors.any_predicate import predicates
from tests.unit.services.catalog.vectors.vector_rows import COLUMNS, random_rows

ROWS = random_rows(60)


@given(predicates)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_a_row_matches_where_the_index_finds_it(predicate: Predicate) -> None:
    columns = FlatColumns(COLUMNS)
    columns.reserve(len(ROWS))
    columns.write(range(len(ROWS)), ROWS)  # type: ignore[arg-type]
    indices = {row.id: index for index, row in enumerate(ROWS)}
    mask = columns.mask(predicate, len(ROWS), indices)
    assert [matches(predicate, row) for row in ROWS] == mask.tolist()
