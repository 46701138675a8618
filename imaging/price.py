"""What the work on a picture costs, before any of it is done."""

from __future__ import annotations

from collections.abc import Iterable

from domain.errors import InvalidInput
from domain.types import Box
from imaging.crop import box_pixels
from imaging.decode import DecodeLimits, probe


def encoded_pixels(content: bytes, boxes: Iterable[Box], limits: DecodeLimits) -> int:
    """The pixels of a picture and of its boxes, by the header; what cannot be decoded has none."""
    try:
        info = probe(content, limits)
    except InvalidInput:
        return 0
    return info.width * info.height + box_pixels(boxes, info.width, info.height)
