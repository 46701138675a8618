"""The header of a JPEG: its marker segments up to the first scan."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from imaging.exif import EXIF_PREFIX, read_orientation
from imaging.header import DamagedHeader, Header, ImageFormat

_APP1, _START_OF_SCAN, _END_OF_IMAGE = 0xE1, 0xDA, 0xD9
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_REDUCIBLE = frozenset({0xC0, 0xC1, 0xC2})
"""Frame types that are decoded: baseline, extended sequential and progressive DCT."""
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
_MAX_SEGMENTS = 20_000


def read_jpeg_header(content: bytes) -> Header:
    """Read size, colour components, orientation and number of scans.

    Source: ITU-T T.81, annex B.

    Raises:
        DamagedHeader: no frame header was found.
    """
    frame: tuple[int, int, int, int] | None = None
    frame_marker = 0
    orientation, scan_start = 1, None
    for marker, start, end in _segments(content):
        if marker in _FRAME_MARKERS and frame is None:
            frame, frame_marker = struct.unpack_from(">BHHB", content, start), marker
        elif marker == _APP1 and orientation == 1 and content.startswith(EXIF_PREFIX, start):
            orientation = read_orientation(content[start:end])
        elif marker == _START_OF_SCAN:
            scan_start = end
    if frame is None:
        raise DamagedHeader
    bit_depth, height, width, components = frame
    scans, complete = _scans(content, scan_start)
    return Header(
        format=ImageFormat.JPEG,
        width=width,
        height=height,
        orientation=orientation,
        scans=scans,
        bit_depth=bit_depth,
        is_cmyk=components == 4,
        reducible=components != 4 and frame_marker in _REDUCIBLE,
        complete=complete,
    )


def _segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment's payload, the first scan's header last."""
    at = 2
    for _ in range(_MAX_SEGMENTS):
        at = content.find(b"\xff", at)
        if at < 0 or at + 4 > len(content):
            return
        marker = content[at + 1]
        if marker in (0x00, 0xFF) or marker in _WITHOUT_LENGTH:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(content[at + 2 : at + 4])
        if marker == _END_OF_IMAGE or length < 2:
            return
        yield marker, at + 4, at + 2 + length
        if marker == _START_OF_SCAN:
            return
        at += 2 + length


def _scans(content: bytes, scan_start: int | None) -> tuple[int, bool]:
    """The number of scans, and whether the last one is complete."""
    if scan_start is None:
        return 0, False
    end = content.find(b"\xff\xd9", scan_start)
    return 1 + content.count(b"\xff\xda", scan_start, max(end, scan_start)), end >= 0
