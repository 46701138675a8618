"""What is tried suits the machine, and nothing is tried twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.tuning.setting import GPU_SLOTS, Grid, Setting, effective_limits

PLAIN = Setting("cpu", 2, 1, 2, 4, 16)
COUNTS = st.integers(1, 130)


def shares(settings: list[Setting]) -> set[tuple[int, int, int]]:
    return {(each.slots, each.intra_op_threads, each.exclusive_threads) for each in settings}


def test_two_cores_are_shared_in_every_way() -> None:
    assert shares(Grid().layouts(PLAIN, 2)) == {(2, 1, 1), (1, 1, 1), (1, 2, 2)}


def test_one_core_leaves_nothing_to_share() -> None:
    assert Grid().layouts(replace(PLAIN, slots=1, exclusive_threads=1), 1) == []


@given(COUNTS)
def test_no_layout_takes_more_threads_than_there_are_cores(cores: int) -> None:
    base = replace(PLAIN, slots=cores, exclusive_threads=cores).canonical
    layouts = Grid().layouts(base, cores)
    assert len(set(layouts)) == len(layouts)
    assert base not in layouts
    assert all(each.slots * each.intra_op_threads <= cores for each in layouts)
    assert all(each.intra_op_threads <= each.exclusive_threads <= cores for each in layouts)
    assert all(each.canonical == each for each in layouts)
    assert cores == 1 or {1, cores} <= {each.slots for each in (base, *layouts)}


def test_the_lists_given_are_what_is_tried() -> None:
    layouts = Grid(slots=(2, 3), threads=(1, 2), exclusive_threads=(4,)).layouts(PLAIN, 8)
    assert shares(layouts) == {(2, 1, 4), (2, 2, 4), (3, 1, 4), (3, 2, 4)}


def test_the_other_of_slots_and_threads_follows_from_the_cores() -> None:
    by_slots = Grid(slots=(2, 16), exclusive_threads=(1,)).layouts(PLAIN, 8)
    assert shares(by_slots) == {(2, 4, 4), (16, 1, 1)}
    by_threads = Grid(threads=(4, 16), exclusive_threads=(1,)).layouts(PLAIN, 8)
    assert shares(by_threads) == {(2, 4, 4), (1, 16, 16)}


def test_a_gpu_has_slots_but_no_threads() -> None:
    base = replace(PLAIN, provider="cuda").canonical
    layouts = Grid(threads=(2, 4)).layouts(base, 16)
    assert shares([base, *layouts]) == {(slots, 1, 1) for slots in GPU_SLOTS}
    assert {each.provider for each in layouts} == {"cuda"}


@pytest.mark.parametrize(
    ("rpc", "expected"),
    [("analyze", {(1, 8), (1, 16), (4, 8)}), ("detect", {(1, 16)}), ("embed", {(4, 8)})],
)
def test_batches_vary_for_the_models_of_the_call(rpc: str, expected: set[tuple[int, int]]) -> None:
    found = Grid(detector_batches=(1, 4), embedder_batches=(8, 16)).batches(PLAIN, rpc)  # type: ignore[arg-type]
    assert {(each.detector_max_batch, each.embedder_max_batch) for each in found} == expected
    assert {replace(each, detector_max_batch=4, embedder_max_batch=16) for each in found} == {PLAIN}


@pytest.mark.parametrize(
    ("tried", "most", "telling"),
    [(4, 4, (1, 4, 8)), (4, 3, (1, 4)), (4, 1, (4,)), (8, 8, (1, 4, 8)), (2, 2, (1, 4, 8)), (2, 1, ())],
)
def test_limits_that_change_no_batch_are_not_tried(tried: int, most: int, telling: tuple[int, ...]) -> None:
    assert effective_limits((1, 4, 8), tried, most) == telling


def test_batches_of_one_leave_no_limit_to_try() -> None:
    assert Grid().batches(PLAIN, "analyze", (1, 1)) == []
    assert {each.embedder_max_batch for each in Grid().batches(PLAIN, "analyze", (1, 16))} == {4, 32}


@given(COUNTS, COUNTS, COUNTS)
def test_settings_that_run_alike_are_one(slots: int, threads: int, exclusive: int) -> None:
    setting = Setting("cpu", slots, threads, exclusive, 4, 16)
    wide = slots > 1 and exclusive > threads
    assert setting.canonical == replace(setting, exclusive_threads=exclusive if wide else threads)
    assert (f"exclusive {exclusive}" in str(setting.canonical)) == wide
