"""Regions of shared memory: files of a folder, as Linux has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import (
    AlreadyExists,
    ArmoireError,
    FailedPrecondition,
    InvalidInput,
    NotFound,
    Unimplemented,
)
from services.edge.oip.shared_memory import MAX_REGIONS, Placement, SharedMemory


@pytest.fixture
def memory(tmp_path: Path) -> SharedMemory:
    """With the shared memory "/key" of 10 bytes, and the region "r" of its last 6."""
    (tmp_path / "key").write_bytes(b"0123456789")
    made = SharedMemory(True, tmp_path)
    made.register("r", "/key", 4, 6)
    return made


def test_tensors_are_read_and_written_within_the_region(memory: SharedMemory) -> None:
    assert memory.read(Placement("r", 0, 6)) == b"456789"
    memory.write(Placement("r", 2, 4), b"ab")
    assert memory.read(Placement("r", 1, 5)) == b"5ab89"
    assert (memory.folder / "key").read_bytes() == b"012345ab89"


@pytest.mark.parametrize("place", [(0, 7), (6, 1), (-1, 2), (0, -1)])
def test_what_is_outside_the_region_is_refused(memory: SharedMemory, place: tuple[int, int]) -> None:
    for access in (memory.read, lambda where: memory.write(where, b"x")):
        with pytest.raises(InvalidInput, match="must be within the 6 bytes of region 'r'"):
            access(Placement("r", *place))


def test_an_output_that_is_too_large_is_refused(memory: SharedMemory) -> None:
    with pytest.raises(InvalidInput, match="must be 3 for this output, got 2"):
        memory.write(Placement("r", 0, 2), b"abc")


def test_memory_that_its_owner_shortens_is_an_error(memory: SharedMemory) -> None:
    (memory.folder / "key").write_bytes(b"01234")
    with pytest.raises(InvalidInput, match="has become shorter"):
        memory.read(Placement("r", 0, 6))


@pytest.mark.parametrize(
    ("name", "key", "offset", "size", "kind", "told"),
    [
        ("r", "/key", 0, 1, AlreadyExists, "'r' is registered already"),
        ("", "/key", 0, 1, InvalidInput, "name: must not be empty"),
        ("s", "/none", 0, 1, NotFound, "shared memory '/none' does not exist"),
        ("s", "/..", 0, 1, InvalidInput, "key: must be a name with no slash but the first"),
        ("s", "/a/b", 0, 1, InvalidInput, "key: must be a name with no slash but the first"),
        ("s", "", 0, 1, InvalidInput, "key: must be a name with no slash but the first"),
        ("s", "/link", 0, 1, NotFound, "shared memory '/link' does not exist"),
        ("s", "/key", 0, 11, InvalidInput, "byte_size: must be within the 10 bytes of '/key', got 11 from 0"),
        ("s", "/key", 9, 2, InvalidInput, "byte_size: must be within the 10 bytes"),
        ("s", "/key", 0, 0, InvalidInput, "byte_size: must be within the 10 bytes"),
    ],
)
def test_what_cannot_be_registered(
    memory: SharedMemory, name: str, key: str, offset: int, size: int, kind: type[ArmoireError], told: str
) -> None:
    (memory.folder / "link").symlink_to(memory.folder / "key")
    with pytest.raises(kind, match=told):
        memory.register(name, key, offset, size)
    assert [region.name for region in memory.regions()] == ["r"]


def test_there_may_be_only_so_many_regions(memory: SharedMemory) -> None:
    for number in range(1, MAX_REGIONS):
        memory.register(str(number), "key", 0, 1)
    with pytest.raises(FailedPrecondition, match=f"there may be {MAX_REGIONS} regions"):
        memory.register("more", "key", 0, 1)
    memory.unregister()
    assert memory.regions() == []


def test_an_unregistered_region_is_not_found(memory: SharedMemory) -> None:
    memory.unregister("r")
    memory.unregister("r")
    with pytest.raises(NotFound):
        memory.read(Placement("r", 0, 1))


def test_nothing_is_registered_unless_it_is_enabled(tmp_path: Path) -> None:
    memory = SharedMemory(folder=tmp_path)
    for call in (lambda: memory.register("r", "/key", 0, 1), lambda: memory.read(Placement("r", 0, 1))):
        with pytest.raises(Unimplemented, match="ARMOIRE_GRPC__SHARED_MEMORY=true"):
            call()
