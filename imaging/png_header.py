"""The header of a PNG: its chunks, without their pixels."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from imaging.exif import read_orientation
from imaging.header import DamagedHeader, Header, ImageFormat

_GREY = 0
_COLOR_TYPES_WITH_ALPHA = frozenset({4, 6})
_MAX_CHUNKS = 20_000


def read_png_header(content: bytes) -> Header:
    """Read size, depth, transparency, frames and orientation.

    Source: W3C PNG specification, third edition, 11.2 and 11.3.

    Raises:
        DamagedHeader: the first chunk is not a whole IHDR.
    """
    chunks = list(_chunks(content))
    if not chunks or chunks[0][0] != b"IHDR":
        raise DamagedHeader
    width, height, bit_depth, color_type = struct.unpack_from(">IIBB", content, chunks[0][1])
    spans = {name: (start, end) for name, start, end in chunks}
    transparent = b"tRNS" in spans
    return Header(
        format=ImageFormat.PNG,
        width=width,
        height=height,
        orientation=read_orientation(content[slice(*spans[b"eXIf"])]) if b"eXIf" in spans else 1,
        frames=_frames(content, spans),
        bit_depth=bit_depth,
        has_alpha=transparent or color_type in _COLOR_TYPES_WITH_ALPHA,
        transparent_grey=_first_short(content, spans) if transparent and color_type == _GREY else None,
        complete=b"IEND" in spans,
    )


def _chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of each whole chunk's payload."""
    at = 8
    for _ in range(_MAX_CHUNKS):
        length = int.from_bytes(content[at : at + 4])
        name, end = content[at + 4 : at + 8], at + 8 + length
        whole = end + 4 <= len(content)
        if whole or (name == b"IHDR" and end <= len(content)):
            yield name, at + 8, end
        if not whole or name == b"IEND":
            return
        at = end + 4


def _frames(content: bytes, spans: dict[bytes, tuple[int, int]]) -> int:
    if b"acTL" not in spans:
        return 1
    return max(1, int.from_bytes(content[spans[b"acTL"][0] :][:4]))


def _first_short(content: bytes, spans: dict[bytes, tuple[int, int]]) -> int:
    return int.from_bytes(content[spans[b"tRNS"][0] :][:2])
