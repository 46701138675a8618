"""A photo that has just come, before it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from domain.errors import InvalidInput
from domain.types import Box
from imaging.crop import check_box_pixels
from imaging.decode import DecodeLimits, probe
from services.catalog.limits import check_box
from services.catalog.records.images import NewImage


def read_photo(
    image_id: str,
    content: bytes,
    limits: DecodeLimits,
    name: str = "",
    product_id: str = "",
    boxes: Sequence[Box] = (),
) -> NewImage:
    """What is to be kept of a photo.

    Raises:
        InvalidInput: it is no picture, or too large, or a box is outside; the field is below "image".
    """
    try:
        info = probe(content, limits)
        for index, box in enumerate(boxes):
            check_box(f"boxes[{index}]", box, info.width, info.height)
        check_box_pixels(boxes, info.width, info.height, limits.max_box_pixels)
    except InvalidInput as error:
        raise error.within("image") from None
    return NewImage(
        id=image_id,
        product_id=product_id,
        name=name,
        format=info.format,
        width=info.width,
        height=info.height,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        boxes=tuple(boxes),
    )
