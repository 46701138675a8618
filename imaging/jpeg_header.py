"""The header of a JPEG: its marker segments, those between and behind its scans among them."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from domain.errors import InvalidInput
from imaging.exif import EXIF_PREFIX, read_orientation
from imaging.header import DamagedHeader, Header, ImageFormat

_APP1, _START_OF_SCAN, _END_OF_IMAGE = 0xE1, 0xDA, 0xD9
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ACCEPTED_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
"""Baseline, extended sequential and progressive DCT with Huffman coding.

No browser shows others, and those with arithmetic coding take much longer for each pixel.
"""
_WITHOUT_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})
_MAX_SEGMENTS = 20_000
_METADATA_MARKERS = frozenset({*range(0xE0, 0xF0), 0xFE})
_ADOBE, _ADOBE_BYTES = 0xEE, 12
_MARKER_IN_DATA = re.compile(rb"\xff[\x02-\xcf\xd8-\xfe]")
"""What ends entropy-coded data: a marker that is no stuffed zero, fill byte, TEM or restart.

Source: ITU-T T.81, B.1.1.5.
"""


def read_jpeg_header(content: bytes) -> Header:
    """Read size, colour components, orientation and number of scans.

    Source: ITU-T T.81, annex B.

    Raises:
        DamagedHeader: no frame header was found.
        InvalidInput: the JPEG is of a kind that is not decoded; the field is "content".
    """
    frame: tuple[int, int, int, int] | None = None
    frame_marker = 0
    orientation, scans, complete = 1, 0, False
    for marker, start, end in _segments(content):
        if marker in _FRAME_MARKERS and frame is None:
            frame, frame_marker = struct.unpack_from(">BHHB", content, start), marker
        elif marker == _APP1 and orientation == 1 and content.startswith(EXIF_PREFIX, start):
            orientation = read_orientation(content[start:end])
        elif marker == _START_OF_SCAN:
            scans += 1
        elif marker == _END_OF_IMAGE:
            complete = True
    if frame is None:
        raise DamagedHeader
    if frame_marker not in _ACCEPTED_FRAMES:
        raise InvalidInput(
            "content",
            "is a lossless, hierarchical or arithmetic-coded JPEG; accepted are those that browsers show",
        )
    bit_depth, height, width, components = frame
    return Header(
        format=ImageFormat.JPEG,
        width=width,
        height=height,
        orientation=orientation,
        scans=scans,
        bit_depth=bit_depth,
        is_cmyk=components == 4,
        reducible=components != 4,
        complete=complete,
    )


def without_metadata(content: bytes) -> bytes:
    """The same JPEG without comments and application segments, but with Adobe's, which tells the colours."""
    kept, at = [], 0
    for marker, start, end in _segments(content):
        if marker == _START_OF_SCAN:
            break
        if marker in _METADATA_MARKERS and not (marker == _ADOBE and end - start >= _ADOBE_BYTES):
            kept.append(content[at : start - 4])
            at = end
    return b"".join([*kept, content[at:]])


def _segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment's payload, up to the end of the image behind a scan.

    A comment may hold the bytes of any marker, so every segment is passed over by its length.
    """
    at, in_data = 2, False
    for _ in range(_MAX_SEGMENTS):
        at = _next_marker(content, at, in_data)
        if at < 0 or at + 2 > len(content):
            return
        marker = content[at + 1]
        if marker == _END_OF_IMAGE:
            if in_data:
                yield marker, at + 2, at + 2
            return
        if marker in (0x00, 0xFF) or marker in _WITHOUT_LENGTH:
            at += 1 if marker == 0xFF else 2
            continue
        length = int.from_bytes(content[at + 2 : at + 4])
        if length < 2:
            return
        yield marker, at + 4, at + 2 + length
        in_data = in_data or marker == _START_OF_SCAN
        at += 2 + length


def _next_marker(content: bytes, at: int, in_data: bool) -> int:
    """The position of the next marker, or of a byte that may be one; below 0 if there is none."""
    if not in_data:
        return content.find(b"\xff", at)
    found = _MARKER_IN_DATA.search(content, at)
    return found.start() if found else -1
