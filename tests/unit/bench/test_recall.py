from __future__ import annotations

from functools import partial

import numpy as np

from bench.recall import draw, in_memory, measure
from services.catalog.vectors.predicates import EVERY_ROW

ROWS = draw(400, 8)


def test_an_exact_index_has_all_that_brute_force_finds() -> None:
    cell = measure(ROWS, "memory", *in_memory(ROWS), 0.1)
    assert cell.recall == 1.0
    assert cell.counts_equal
    assert len(cell.latencies_ms) == 50


def test_hits_that_do_not_pass_and_counts_of_other_rows_are_noticed() -> None:
    search, count = in_memory(ROWS)
    cell = measure(
        ROWS, "memory", lambda vector, _: search(vector, EVERY_ROW), partial(_count_all, count), 0.1
    )
    assert cell.recall < 0.9
    assert not cell.counts_equal


def _count_all(count, _predicate, counted):  # type: ignore[no-untyped-def]
    return count(EVERY_ROW, counted)


def test_brute_force_takes_the_largest_products_of_those_that_pass() -> None:
    vector = ROWS.vectors[3]
    passing = np.flatnonzero(ROWS.shares < 0.5)
    best = passing[np.argsort(-(ROWS.vectors[passing] @ vector))[:10]]
    assert ROWS.nearest(vector, 0.5) == {ROWS.ids[at] for at in best}
