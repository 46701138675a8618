"""Regions of POSIX shared memory that callers on this machine have registered, for tensors in them."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from domain.errors import AlreadyExists, FailedPrecondition, InvalidInput, NotFound, Unimplemented
from services.edge.oip.inference import Parameters

FOLDER = Path("/dev/shm")
"""Source: shm_overview(7)."""
MAX_REGIONS = 256
REGION, SIZE, OFFSET = "shared_memory_region", "shared_memory_byte_size", "shared_memory_offset"
"""Parameters of tensors. Source: Triton's shared memory extension."""
OFF = "this server reads no shared memory, unless it is started with ARMOIRE_GRPC__SHARED_MEMORY=true"


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a tensor is: `size_bytes` from `offset` on in a region."""

    region: str
    offset: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Region:
    """`size_bytes` from `offset` on in the shared memory `key`; `file` is its descriptor."""

    name: str
    key: str
    offset: int
    size_bytes: int
    file: int


@dataclass(eq=False)
class SharedMemory:
    """The registered regions.

    Tensors are copied with read and write calls instead of being mapped, because a caller who shortens its
    memory would end this process with SIGBUS.
    """

    enabled: bool = False
    folder: Path = FOLDER
    _regions: dict[str, Region] = field(default_factory=dict, init=False)

    def register(self, name: str, key: str, offset: int, size_bytes: int) -> None:
        """Register a region.

        Raises:
            Unimplemented: shared memory is not enabled.
            AlreadyExists: a region has this name.
            NotFound: there is no such shared memory, or this process may not use it.
            InvalidInput: the name or the key is not valid, or the memory is too small.
            FailedPrecondition: there are too many regions.
        """
        self._require_enabled()
        if name in self._regions:
            raise AlreadyExists(
                f"shared memory region {name!r} is registered already",
                resource="shared memory region",
                id=name,
            )
        if not name:
            raise InvalidInput("name", "must not be empty")
        if not re.fullmatch(r"/?[^/\0]{1,255}", key) or key.strip("/") in (".", ".."):
            raise InvalidInput("key", f"must be a name with no slash but the first, got {key!r}")
        if len(self._regions) >= MAX_REGIONS:
            raise FailedPrecondition(f"there may be {MAX_REGIONS} regions of shared memory at a time")
        file = self._open(key)
        available = os.fstat(file).st_size
        if offset < 0 or size_bytes < 1 or offset + size_bytes > available:
            os.close(file)
            text = f"must be within the {available} bytes of {key!r}, got {size_bytes} from {offset} on"
            raise InvalidInput("byte_size", text)
        self._regions[name] = Region(name, key, offset, size_bytes, file)

    def unregister(self, name: str = "") -> None:
        """Forget a region, or all if `name` is empty; one that is not registered is no error."""
        for each in [name] if name else list(self._regions):
            if (region := self._regions.pop(each, None)) is not None:
                os.close(region.file)

    def regions(self, name: str = "") -> list[Region]:
        """One region, or all if `name` is empty. Raises NotFound."""
        return [self._region(name)] if name else list(self._regions.values())

    def read(self, place: Placement) -> bytes:
        """The bytes of a tensor. Raises InvalidInput if they are not within the region and its memory."""
        region = self._within(place)
        content = os.pread(region.file, place.size_bytes, region.offset + place.offset)
        if len(content) != place.size_bytes:
            raise InvalidInput(SIZE, f"the shared memory {region.key!r} has become shorter")
        return content

    def write(self, place: Placement, content: bytes) -> None:
        """Write a tensor. Raises InvalidInput if it does not fit into its place."""
        region = self._within(place)
        if len(content) > place.size_bytes:
            raise InvalidInput(SIZE, f"must be {len(content)} for this output, got {place.size_bytes}")
        os.pwrite(region.file, content, region.offset + place.offset)

    def _within(self, place: Placement) -> Region:
        region = self._region(place.region)
        if place.offset < 0 or place.size_bytes < 0 or place.offset + place.size_bytes > region.size_bytes:
            text = f"must be within the {region.size_bytes} bytes of region {region.name!r}"
            raise InvalidInput(SIZE, f"{text}, got {place.size_bytes} from {place.offset} on")
        return region

    def _region(self, name: str) -> Region:
        self._require_enabled()
        if name not in self._regions:
            raise NotFound("shared memory region", name)
        return self._regions[name]

    def _open(self, key: str) -> int:
        path = self.folder / key.removeprefix("/")
        try:
            return os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise NotFound("shared memory", key) from error

    def _require_enabled(self) -> None:
        if not self.enabled:
            raise Unimplemented("shared memory", OFF)


def placement(field: str, parameters: Parameters) -> Placement | None:
    """Where the parameters of a tensor say that it is; None if they do not. Raises InvalidInput."""
    if REGION not in parameters:
        return None
    return Placement(
        str(parameters[REGION]), _integer(field, parameters, OFFSET), _integer(field, parameters, SIZE)
    )


def placement_parameters(place: Placement) -> Mapping[str, str | int]:
    """The parameters of a tensor at this place."""
    offset = {OFFSET: place.offset} if place.offset else {}
    return {REGION: place.region, SIZE: place.size_bytes, **offset}


def _integer(field: str, parameters: Parameters, name: str) -> int:
    value = parameters.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput(f"{field}.parameters[{name}]", f"must be a whole number, got {value!r}")
    return value
