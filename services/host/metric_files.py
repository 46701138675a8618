"""Files of metrics that a full disk does not turn into the end of the process.

prometheus_client maps files with holes into memory. Where the disk has no room for a hole that is written to,
the system ends the process with SIGBUS.
"""

from __future__ import annotations

import logging
import mmap
import os
from pathlib import Path

from prometheus_client import values
from prometheus_client.mmap_dict import MmapedDict

LOG = logging.getLogger("armoire")
INITIAL_BYTES = 2**16
OF_ENTRY_BYTES = 64
"""What an entry has beside its key, and more."""


class ReservedFile(MmapedDict):
    """A file of metrics without holes. Where it cannot grow, the process keeps further ones to itself."""

    _is_detached = False

    def __init__(self, filename: str, read_mode: bool = False) -> None:
        if not read_mode:
            _reserve(filename)
        super().__init__(filename, read_mode)  # type: ignore[no-untyped-call]

    def _init_value(self, key: str) -> None:
        wanted = self._used + len(key.encode()) + OF_ENTRY_BYTES
        if wanted > self._capacity:
            self._grow(wanted)
        super()._init_value(key)  # type: ignore[no-untyped-call]

    def _grow(self, wanted: int) -> None:
        capacity = self._capacity
        while capacity < wanted:
            capacity *= 2
        grown = None if self._is_detached else self._grown_file(capacity)
        if grown is None:
            self._is_detached = True
            grown = mmap.mmap(-1, capacity)
            grown[: self._used] = self._m[: self._used]
        self._m, self._capacity = grown, capacity

    def _grown_file(self, capacity: int) -> mmap.mmap | None:
        """The file with more room; None if the disk has none."""
        try:
            os.posix_fallocate(self._f.fileno(), 0, capacity)
            return mmap.mmap(self._f.fileno(), capacity)
        except OSError as error:
            LOG.error("/metrics stands still until a restart, because its file cannot grow: %s", error)
            return None


def _reserve(filename: str) -> None:
    """Make the file with room on the disk. Raises OSError if there is none."""
    with Path(filename).open("ab") as file:
        os.posix_fallocate(file.fileno(), 0, max(INITIAL_BYTES, file.tell()))


def reserve_metric_files() -> None:
    """Let prometheus_client make `ReservedFile`s in this process from now on."""
    values.MmapedDict = ReservedFile  # type: ignore[attr-defined]
