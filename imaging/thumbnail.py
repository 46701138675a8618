"""Small copies of photos."""

from __future__ import annotations

from imaging.decode import DecodeLimits, open_image
from imaging.jpeg import encode_jpeg
from imaging.shrink import shrink_to

_QUALITY = 85


def thumbnail(content: bytes, max_side_px: int, limits: DecodeLimits) -> bytes:
    """A JPEG of the upright picture, its longer side at most `max_side_px`; a smaller picture keeps its size.

    Raises:
        InvalidInput: with field "content", as `open_image` and `EncodedImage.decode`.
    """
    pixels = open_image(content, limits).reduced_to(max_side_px).decode()
    return encode_jpeg(shrink_to(pixels, max_side_px), _QUALITY)
