"""The allocator of slots in shared memory."""

from __future__ import annotations

from bisect import bisect_left


class SlotAllocator:
    """Allocates contiguous slots, the lowest free ones. A slot has one row."""

    def __init__(self, slots: int) -> None:
        self._free: list[tuple[int, int]] = [(0, slots)] if slots else []
        """Free ranges (start, stop), sorted and not adjacent."""

    @property
    def free(self) -> int:
        """The number of free slots; they need not be contiguous."""
        return sum(stop - start for start, stop in self._free)

    def allocate(self, count: int) -> int | None:
        """The first of `count` contiguous slots; None if there are too few."""
        for index, (start, stop) in enumerate(self._free):
            if stop - start >= count:
                self._free[index : index + 1] = [(start + count, stop)] if stop - start > count else []
                return start
        return None

    def release(self, first: int, count: int) -> None:
        """Free all slots of one allocation."""
        start, stop = first, first + count
        index = bisect_left(self._free, (start, stop))
        if index < len(self._free) and self._free[index][0] == stop:
            stop = self._free.pop(index)[1]
        if index and self._free[index - 1][1] == start:
            index -= 1
            start = self._free.pop(index)[0]
        self._free.insert(index, (start, stop))
