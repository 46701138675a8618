"""POSIX shared memory in which a model server on this machine finds inputs and leaves outputs.

Source: Triton's shared memory extension.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.inference.remote_sessions.connection import Connection
from services.inference.remote_sessions.errors import refusal
from services.oip.stubs import open_inference_pb2 as pb

FOLDER = Path("/dev/shm")
"""Source: shm_overview(7)."""


@dataclass(frozen=True, slots=True, eq=False)
class SharedRegion:
    """Memory that the server has registered under `name`."""

    name: str
    memory: mmap.mmap

    @property
    def size_bytes(self) -> int:
        return len(self.memory)


class SharedTensors:
    """Regions for the tensors of one graph, one for each run at a time.

    A region whose run failed is never used again, since the server may still write to it.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        self._free: list[SharedRegion] = []

    @contextmanager
    def region(self, size_bytes: int) -> Iterator[SharedRegion]:
        """A region of at least this size for the duration of the block. Raises as `Connection.call`."""
        region = self._take(size_bytes)
        try:
            yield region
        except BaseException:
            self._unregister(region)
            raise
        with self._lock:
            self._free.append(region)

    def clear(self) -> None:
        """Unregister the regions that are not in use."""
        with self._lock:
            free, self._free = self._free, []
        for region in free:
            self._unregister(region)

    def _take(self, size_bytes: int) -> SharedRegion:
        with self._lock:
            region = self._free.pop() if self._free else None
        if region is not None and region.size_bytes >= size_bytes:
            return region
        if region is not None:
            self._unregister(region)
        return self._create(size_bytes)

    def _create(self, size_bytes: int) -> SharedRegion:
        """The memory loses its name once the server has opened it, so no crash leaves it behind."""
        name = f"armoire-{secrets.token_hex(8)}"
        path = FOLDER / name
        try:
            file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                os.posix_fallocate(file, 0, size_bytes)  # a write to memory that is not there ends a process
                memory = mmap.mmap(file, size_bytes)
            finally:
                os.close(file)
            request = pb.SystemSharedMemoryRegisterRequest(name=name, key=f"/{name}", byte_size=size_bytes)
            self._connection.call("SystemSharedMemoryRegister", request)
        except OSError as error:
            raise refusal(f"{size_bytes} bytes of shared memory are not to be had: {error}") from error
        finally:
            path.unlink(missing_ok=True)
        return SharedRegion(name, memory)

    def _unregister(self, region: SharedRegion) -> None:
        """A server that cannot be asked keeps the memory until it ends."""
        with contextlib.suppress(Exception):
            request = pb.SystemSharedMemoryUnregisterRequest(name=region.name)
            self._connection.call("SystemSharedMemoryUnregister", request)
