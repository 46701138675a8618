"""Photos as callers see them."""

from __future__ import annotations

import io

from PIL import Image, ImageOps


def open_upright(content: bytes) -> Image.Image:
    """The photo as RGB, turned as its EXIF orientation says."""
    with Image.open(io.BytesIO(content)) as photo:
        return ImageOps.exif_transpose(photo).convert("RGB")
