"""Refused callers come back at a rate that the server can bear."""

from __future__ import annotations

import heapq
import random

import pytest

from services.inference.batching.retry_after import DrainRate, RetryAfter
from tests.unit.clock import Clock


class Full:
    """A resource that is full, from which units become free."""

    def __init__(self, capacity: int) -> None:
        self.clock = Clock()
        self.rate = DrainRate(capacity, self.clock)
        self.retry_after = RetryAfter(self.rate, self.clock, uniform=max)


def long_full(unit_s: float) -> Full:
    """Of 100 units, one became free every `unit_s`; then there was room for a minute."""
    full = Full(100)
    for _ in range(200):
        full.clock.advance(unit_s)
        full.rate.observe()
        full.retry_after.reserve()
    full.clock.advance(60.0)
    full.rate.reset()
    return full


def returns_per_s(full: Full, callers: int, unit_s: float, seconds: float) -> float:
    """How often so many callers come, all refused each time, while others take the units that become free."""
    clock = full.clock
    due = [clock.now] * callers
    start, freed, returned = clock.now, clock.now, 0
    while due[0] < start + seconds:
        clock.now = max(clock.now, heapq.heappop(due))
        while freed + unit_s <= clock.now:
            freed += unit_s
            full.rate.observe()
        heapq.heappush(due, clock.now + full.retry_after.reserve())
        returned += 1
    return (returned - callers) / seconds


def test_refused_callers_come_back_one_after_the_other() -> None:
    retry_after = long_full(0.1).retry_after
    assert [retry_after.reserve() for _ in range(4)] == pytest.approx([0.4, 0.8, 1.2, 1.6], rel=0.01)
    assert retry_after.reserve(3) == pytest.approx(2.8, rel=0.01)


def test_two_schedules_of_one_resource_do_not_delay_each_other() -> None:
    full = long_full(0.1)
    other = RetryAfter(full.rate, full.clock, uniform=max)
    assert [full.retry_after.reserve(), full.retry_after.reserve()] == pytest.approx([0.4, 0.8], rel=0.01)
    assert other.reserve() == pytest.approx(0.4, rel=0.01)


def test_before_anything_is_measured_half_a_second_is_spread_over_the_capacity() -> None:
    retry_after = Full(128).retry_after
    assert [retry_after.reserve() for _ in range(128)][-1] == pytest.approx(2.0)


def test_retry_times_are_up_to_a_fifth_earlier_so_that_callers_spread() -> None:
    full = long_full(0.1)
    early = RetryAfter(full.rate, full.clock, uniform=min)
    assert early.reserve() == pytest.approx(0.32, rel=0.01)


@pytest.mark.parametrize("callers", [16, 128, 400])
def test_many_callers_come_back_as_slowly_as_a_few(callers: int) -> None:
    """At a quarter of the drain rate, which is found although the first guess is another."""
    found = returns_per_s(Full(128), callers, unit_s=0.005, seconds=40.0)
    assert found == pytest.approx(0.25 / 0.005, rel=0.25)


def test_a_schedule_longer_than_ten_seconds_spreads_callers_over_its_second_half() -> None:
    full = long_full(0.05)
    retry_after = RetryAfter(full.rate, full.clock, uniform=random.Random(0).uniform)
    times = [retry_after.reserve() for _ in range(2000)]
    assert max(times) <= 10.0
    late = times[100:]
    assert min(late) >= 5.0
    assert max(late) - min(late) > 4.0


def test_time_that_passes_brings_the_next_moment_nearer() -> None:
    full = long_full(0.1)
    for _ in range(10):
        full.retry_after.reserve()
    full.clock.advance(3.0)
    full.rate.observe(30)
    assert full.retry_after.reserve() == pytest.approx(1.4, rel=0.01)


def test_a_resource_that_does_not_drain_sends_callers_away_for_long() -> None:
    full = Full(1024)
    full.retry_after.reserve()
    full.clock.advance(2.0)
    assert full.retry_after.reserve() == pytest.approx(8.0, rel=0.01)


def test_times_with_room_say_nothing_of_the_drain_rate() -> None:
    full = long_full(0.01)
    full.clock.advance(3600.0)
    full.rate.observe(5)
    assert full.retry_after.reserve() == pytest.approx(0.05)
    assert full.retry_after.reserve() == pytest.approx(0.08, rel=0.01)
