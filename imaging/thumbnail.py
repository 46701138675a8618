"""Small copies of photos."""

from __future__ import annotations

from collections.abc import Sequence

from imaging.decode import DecodeLimits, open_image
from imaging.shrink import shrink_to
from imaging.webp import encode_webp


def thumbnail(content: bytes, max_side_px: int, limits: DecodeLimits) -> bytes:
    """A WebP of the upright picture, its longer side at most `max_side_px`; a smaller picture keeps its size.

    Raises:
        InvalidInput: with field "content", as `open_image` and `EncodedImage.decode`.
    """
    pixels = open_image(content, limits).reduced_to(max_side_px).decode()
    return encode_webp(shrink_to(pixels, max_side_px))


def thumbnails(content: bytes, sides_px: Sequence[int], limits: DecodeLimits) -> dict[int, bytes]:
    """A WebP for each longer side that is less than the picture's, by that side; it is decoded once.

    Each is made of the next larger one, so the work is little more than for the largest.

    Raises:
        InvalidInput: as `thumbnail`.
    """
    opened = open_image(content, limits)
    wanted = sorted(
        (side for side in sides_px if side < max(opened.info.width, opened.info.height)), reverse=True
    )
    if not wanted:
        return {}
    pixels = opened.reduced_to(wanted[0]).decode()
    made: dict[int, bytes] = {}
    for side in wanted:
        pixels = shrink_to(pixels, side)
        made[side] = encode_webp(pixels)
    return made
