from __future__ import annotations

import os

import numpy as np
import pytest

from services.inference.device_process.shared_rows import RowLayout, create_memory_file, map_memory_file

PIXELS = RowLayout((4, 4, 3), "|u1", (2, 6), "<f4")
TOKENS = RowLayout((7,), "<i8", (5,), "<f4")


def test_both_ends_see_the_same_rows() -> None:
    layouts, slots = [PIXELS, TOKENS], [3, 1000]
    file = create_memory_file(layouts, slots)
    ours, theirs = map_memory_file(file, layouts, slots), map_memory_file(file, layouts, slots)
    os.close(file)
    for graph, layout in enumerate(layouts):
        assert ours[graph].inputs.shape == (slots[graph], *layout.input_shape)
        assert ours[graph].outputs.dtype == np.float32
        ours[graph].inputs[-1] = 7
        theirs[graph].outputs[-1] = 0.5
    assert [int(rows.inputs[-1].min()) for rows in theirs] == [7, 7]
    assert [float(rows.outputs[-1].min()) for rows in ours] == [0.5, 0.5]
    assert not any(rows.inputs[:-1].any() or rows.outputs[:-1].any() for rows in ours)


def test_a_file_that_is_too_short_is_not_mapped() -> None:
    file = create_memory_file([PIXELS], [2])
    with pytest.raises(ValueError, match="its slots need"):
        map_memory_file(file, [PIXELS], [2000])
    os.close(file)


def test_nobody_can_cut_the_memory_of_the_other_end() -> None:
    file = create_memory_file([PIXELS], [2])
    with pytest.raises(PermissionError):
        os.ftruncate(file, 0)
    os.close(file)


def test_slots_that_are_not_used_take_no_memory() -> None:
    file = create_memory_file([PIXELS], [1_000_000])
    map_memory_file(file, [PIXELS], [1_000_000])[0].inputs[:10] = 1
    assert os.fstat(file).st_blocks * 512 < 100_000
    os.close(file)
