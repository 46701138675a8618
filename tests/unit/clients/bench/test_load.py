from __future__ import annotations

import statistics
from dataclasses import replace
from itertools import pairwise

import pytest

from armoire.bench.load import Load
from armoire.bench.requests import Requests

REQUESTS = Requests("detect", "/x/Detect", (b"a", b"b", b"c", b"d"))
LOAD = Load("here:1", REQUESTS, clients=7, seconds=10.0, warm_up_s=2.0, connections=3)


def test_shares_add_up() -> None:
    shares = replace(LOAD, rate_per_s=90.0).split(3)
    assert [share.clients for share in shares] == [3, 2, 2]
    assert [share.connections for share in shares] == [3, 2, 2]
    assert sum(share.rate_per_s or 0.0 for share in shares) == 90.0
    assert [share.first for share in shares] == [0, 1, 2]
    assert len({share.seed for share in shares}) == 3


def test_no_process_without_a_client() -> None:
    assert [share.clients for share in replace(LOAD, clients=2).split(8)] == [1, 1]


def test_arrivals_are_a_poisson_process() -> None:
    due_s = list(replace(LOAD, seconds=98.0, rate_per_s=50.0).due_times_s())
    gaps_s = [later - sooner for sooner, later in pairwise(due_s)]
    assert due_s == sorted(due_s)
    assert due_s[0] > 0
    assert due_s[-1] < 100
    assert len(due_s) == pytest.approx(5000, rel=0.05)
    assert statistics.stdev(gaps_s) == pytest.approx(statistics.mean(gaps_s), rel=0.05)


def test_the_seed_fixes_the_arrivals() -> None:
    load = replace(LOAD, rate_per_s=20.0)
    assert list(load.due_times_s()) == list(load.due_times_s())
    assert list(load.due_times_s()) != list(replace(load, seed=1).due_times_s())
    first, second = load.split(2)
    assert list(first.due_times_s()) != list(second.due_times_s())


def test_a_closed_loop_has_no_arrivals() -> None:
    assert list(LOAD.due_times_s()) == []
