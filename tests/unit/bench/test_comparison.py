"""Cells and how long they take."""

from __future__ import annotations

import pytest

from bench.comparison import Cell, Plan


def make_cell(latencies_ms: tuple[float, ...] = (10.0, 20.0, 30.0)) -> Cell:
    return Cell(
        target="armoire",
        rpc="embed",
        clients=1,
        round=0,
        throughput_per_s=90.0,
        raw_before_per_s=80.0,
        raw_after_per_s=120.0,
        alone_p50_ms=16.0,
        latencies_ms=latencies_ms,
        errors=0,
        cpu_ms=8.0,
        pss_mb=100.0,
        first_answer_s=2.0,
    )


def test_a_cell_is_compared_with_the_loop_before_and_after() -> None:
    assert make_cell().ratio == pytest.approx(0.9)
    assert make_cell().p50_ratio == pytest.approx(1.25)


def test_a_cell_without_answers_has_no_percentiles() -> None:
    assert make_cell(latencies_ms=()).p_ms(50) != make_cell(latencies_ms=()).p_ms(50)  # NaN


def test_runs_last_until_all_rounds_hold_the_calls_asked_for() -> None:
    plan = Plan(("embed",), (32,), (b"",), seconds=4.0, rounds=3, min_calls=1000)
    assert plan.seconds_at(10.0) == pytest.approx(33.4)
    assert plan.seconds_at(1000.0) == 4.0
