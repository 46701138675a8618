"""The header of a WebP: its RIFF chunks, without their pixels."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from imaging.exif import read_orientation
from imaging.header import DamagedHeader, Header, ImageFormat

_ALPHA_FLAG = 0x10
_MAX_CHUNKS = 20_000


def read_webp_header(content: bytes) -> Header:
    """Read size, alpha, frames and orientation.

    Source: RFC 9649, 2.5 to 2.7 (RIFF, VP8X, VP8L) and RFC 6386, 9.1 (VP8).

    Raises:
        DamagedHeader: no chunk gives the size.
    """
    chunks = list(_chunks(content))
    if not chunks:
        raise DamagedHeader
    name, start, _ = chunks[0]
    width, height, has_alpha = _size_and_alpha(content, name, start)
    orientations = [read_orientation(content[at:end]) for name, at, end in chunks if name == b"EXIF"]
    return Header(
        format=ImageFormat.WEBP,
        width=width,
        height=height,
        orientation=orientations[0] if orientations else 1,
        frames=max(1, sum(name == b"ANMF" for name, _, _ in chunks)),
        has_alpha=has_alpha,
        complete=len(content) >= 8 + int.from_bytes(content[4:8], "little"),
    )


def _chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of each chunk's payload, the last perhaps cut short."""
    at = 12
    for _ in range(_MAX_CHUNKS):
        if at + 8 > len(content):
            return
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        yield content[at : at + 4], at + 8, at + 8 + length
        at += 8 + length + length % 2


def _size_and_alpha(content: bytes, name: bytes, start: int) -> tuple[int, int, bool]:
    if name == b"VP8X":
        flags, low_width, high_width, low_height, high_height = struct.unpack_from("<B3xHBHB", content, start)
        width, height = low_width | high_width << 16, low_height | high_height << 16
        return width + 1, height + 1, bool(flags & _ALPHA_FLAG)
    if name == b"VP8L":
        (bits,) = struct.unpack_from("<xI", content, start)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    if name == b"VP8 ":
        width, height = struct.unpack_from("<6xHH", content, start)
        return width & 0x3FFF, height & 0x3FFF, False
    raise DamagedHeader
