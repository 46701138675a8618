from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.inference.device_process.slot_allocator import SlotAllocator


@given(st.integers(1, 24), st.lists(st.tuples(st.booleans(), st.integers(1, 9)), max_size=60))
def test_slots_are_never_given_twice_and_never_lost(total: int, steps: list[tuple[bool, int]]) -> None:
    allocator = SlotAllocator(total)
    allocated: list[tuple[int, int]] = []
    for allocates, number in steps:
        if allocates:
            first = allocator.allocate(number)
            if first is None:
                assert longest_free(total, allocated) < number
            else:
                assert 0 <= first <= total - number
                allocated.append((first, number))
        elif allocated:
            allocator.release(*allocated.pop(number % len(allocated)))
        used = [slot for first, count in allocated for slot in range(first, first + count)]
        assert len(used) == len(set(used))
        assert allocator.free == total - len(used)
    for first, count in allocated:
        allocator.release(first, count)
    assert allocator.allocate(total) == 0


def longest_free(total: int, allocated: list[tuple[int, int]]) -> int:
    """The longest run of free slots."""
    used = {slot for first, count in allocated for slot in range(first, first + count)}
    longest = run = 0
    for slot in range(total):
        run = 0 if slot in used else run + 1
        longest = max(longest, run)
    return longest


def test_no_slots_are_no_slots() -> None:
    assert SlotAllocator(0).allocate(1) is None
