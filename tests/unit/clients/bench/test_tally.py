from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armoire.bench.tally import Tally, percentile


@pytest.mark.parametrize(
    ("percent", "expected"), [(0, 10), (1, 10), (10, 10), (11, 20), (50, 50), (95, 100), (100, 100)]
)
def test_percentiles_are_nearest_ranks(percent: float, expected: float) -> None:
    assert percentile([50, 10, 20, 30, 40, 100, 60, 70, 80, 90], percent) == expected


def test_no_values_have_no_percentile() -> None:
    assert percentile([], 50) is None


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.1, 100))
def test_enough_values_do_not_exceed_a_percentile(values: list[float], percent: float) -> None:
    found = percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) / len(values) >= percent / 100 - 1e-9
    assert sum(value < found for value in values) / len(values) < percent / 100


def test_what_falls_due_outside_the_time_does_not_count() -> None:
    tally = Tally(begin_s=10.0, end_s=20.0)
    for due_s in (9.9, 10.0, 19.9, 20.0):
        tally.add_answer(due_s, due_s + 0.25, due_s + 0.5, request_bytes=100, reply_bytes=10)
        tally.add_error(due_s, "UNAVAILABLE", "gone")
    assert list(tally.latencies_ms) == pytest.approx([500, 500])
    assert list(tally.late_ms) == pytest.approx([250, 250])
    assert tally.errors == {"UNAVAILABLE": 2}
    assert (tally.calls, tally.request_bytes, tally.reply_bytes) == (4, 200, 20)


def test_throughput_counts_answers_by_when_they_came() -> None:
    tally = Tally(begin_s=10.0, end_s=20.0)
    for done_s in (9.9, 10.1, 19.9, 20.1):
        tally.add_answer(done_s - 0.5, done_s - 0.5, done_s, request_bytes=0, reply_bytes=0)
    assert tally.answered == 2


def test_tallies_add_up_exactly() -> None:
    tallies = [Tally(0.0, 10.0), Tally(0.0, 10.0)]
    for index in range(100):
        tallies[index % 2].add_answer(1.0, 1.0, 1.0 + index / 1000, request_bytes=5, reply_bytes=7)
        tallies[index % 2].add_error(1.0, "ABORTED" if index % 2 else "INTERNAL", str(index))
    tallies[0].cores, tallies[1].cores, tallies[1].held_back, tallies[1].not_sent = 0.5, 0.75, 3, 4
    total = tallies[0]
    total.add(tallies[1])
    assert sorted(total.latencies_ms) == pytest.approx(list(range(100)), abs=1e-3)
    assert total.errors == {"INTERNAL": 50, "ABORTED": 50}
    assert total.examples == {"INTERNAL": "0", "ABORTED": "1"}
    assert (total.answered, total.request_bytes, total.reply_bytes) == (100, 500, 700)
    assert (total.cores, total.held_back, total.not_sent) == (0.75, 3, 4)
