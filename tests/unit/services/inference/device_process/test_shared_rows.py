from __future__ import annotations

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.inference.device_process.shared_rows import Places, RowLayout, make_file, map_file

PIXELS = RowLayout((4, 4, 3), "|u1", (2, 6), "<f4")
TOKENS = RowLayout((7,), "<i8", (5,), "<f4")


@given(st.integers(1, 24), st.lists(st.tuples(st.booleans(), st.integers(1, 9)), max_size=60))
def test_places_are_never_given_twice_and_never_lost(total: int, steps: list[tuple[bool, int]]) -> None:
    places = Places(total)
    taken: list[tuple[int, int]] = []
    for takes, number in steps:
        if takes:
            first = places.take(number)
            if first is None:
                assert all(_run_of_free(total, taken) < number for _ in (0,))
            else:
                assert 0 <= first <= total - number
                taken.append((first, number))
        elif taken:
            places.give_back(*taken.pop(number % len(taken)))
        used = [place for first, count in taken for place in range(first, first + count)]
        assert len(used) == len(set(used))
        assert places.free == total - len(used)
    for job in taken:
        places.give_back(*job)
    assert places.take(total) == 0


def _run_of_free(total: int, taken: list[tuple[int, int]]) -> int:
    """The longest run of free places."""
    used = {place for first, count in taken for place in range(first, first + count)}
    longest = run = 0
    for place in range(total):
        run = 0 if place in used else run + 1
        longest = max(longest, run)
    return longest


def test_both_ends_see_the_same_rows() -> None:
    layouts, places = [PIXELS, TOKENS], [3, 1000]
    file = make_file(layouts, places)
    ours, theirs = map_file(file, layouts, places), map_file(file, layouts, places)
    os.close(file)
    for graph, layout in enumerate(layouts):
        assert ours[graph].inputs.shape == (places[graph], *layout.input_shape)
        assert ours[graph].outputs.dtype == np.float32
        ours[graph].inputs[-1] = 7
        theirs[graph].outputs[-1] = 0.5
    assert [int(rows.inputs[-1].min()) for rows in theirs] == [7, 7]
    assert [float(rows.outputs[-1].min()) for rows in ours] == [0.5, 0.5]
    assert not any(rows.inputs[:-1].any() or rows.outputs[:-1].any() for rows in ours)


def test_a_file_that_is_too_short_is_not_mapped() -> None:
    file = make_file([PIXELS], [2])
    with pytest.raises(ValueError, match="its places need"):
        map_file(file, [PIXELS], [2000])
    os.close(file)


def test_nobody_can_cut_the_memory_of_the_other_end() -> None:
    file = make_file([PIXELS], [2])
    with pytest.raises(PermissionError):
        os.ftruncate(file, 0)
    os.close(file)


def test_places_that_are_not_used_take_no_memory() -> None:
    file = make_file([PIXELS], [1_000_000])
    map_file(file, [PIXELS], [1_000_000])[0].inputs[:10] = 1
    assert os.fstat(file).st_blocks * 512 < 100_000
    os.close(file)
