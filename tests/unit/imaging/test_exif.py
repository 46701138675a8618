from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imaging.exif import read_orientation


def exif_block(order: str, *entries: tuple[int, int, int], count: int | None = None) -> bytes:
    magic = b"II*\0" if order == "<" else b"MM\0*"
    number = len(entries) if count is None else count
    rows = b"".join(struct.pack(f"{order}HHIHH", tag, kind, 1, value, 0) for tag, kind, value in entries)
    return magic + struct.pack(f"{order}IH", 8, number) + rows


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("prefix", [b"", b"Exif\0\0"])
def test_reads_either_byte_order(order: str, prefix: bytes) -> None:
    assert read_orientation(prefix + exif_block(order, (0x0100, 3, 5), (0x0112, 3, 6))) == 6


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"II*\0",
        b"nonsense here",
        exif_block("<"),
        exif_block("<", (0x0112, 3, 0)),
        exif_block("<", (0x0112, 3, 9)),
        exif_block("<", (0x0112, 4, 6)),
        exif_block("<", (0x0100, 3, 6), count=60_000),
    ],
)
def test_upright_where_it_says_nothing_readable(block: bytes) -> None:
    assert read_orientation(block) == 1


@given(st.binary(max_size=200))
def test_never_raises(tail: bytes) -> None:
    assert 1 <= read_orientation(b"MM\0*" + tail) <= 8
