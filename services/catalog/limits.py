"""What a request to the catalogue may hold."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sized
from dataclasses import dataclass
from urllib.parse import urlsplit

from domain.errors import InvalidInput
from domain.types import Box

_MAX_RATE = 1e6


@dataclass(frozen=True, slots=True)
class CatalogLimits:
    """Upper bounds, inclusive. Texts are counted in characters. `max_message_bytes` is only told here."""

    max_top_k: int = 100
    default_top_k: int = 10
    max_page_size: int = 200
    default_page_size: int = 50
    max_filter_conditions: int = 16
    max_filter_values: int = 64
    max_filter_value_chars: int = 200
    max_filter_depth: int = 8
    max_hits: int = 1000
    max_examples: int = 16
    max_facets: int = 8
    max_facet_values: int = 100
    max_text_chars: int = 512
    max_name_chars: int = 200
    max_description_chars: int = 5000
    max_key_chars: int = 128
    max_url_chars: int = 2000
    max_product_attributes: int = 64
    max_attribute_chars: int = 500
    max_boxes: int = 64
    max_images_per_stream: int = 10_000
    max_open_uploads: int = 1000
    max_message_bytes: int = 32 * 2**20


def check_text(
    field: str, text: str, max_chars: int, *, required: bool = False, multiline: bool = False
) -> str:
    """`text` without surrounding blanks.

    Raises:
        InvalidInput: too long, empty where required, or with characters that cannot be printed or stored.
    """
    if len(text) > max_chars:
        raise InvalidInput(field, f"must have at most {max_chars} characters, got {len(text)}")
    text = text.strip()
    if required and not text:
        raise InvalidInput(field, f"must not be empty (1 to {max_chars} characters)")
    allowed = "\n\r\t" if multiline else ""
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in allowed for c in text):
        raise InvalidInput(field, "must not contain control characters")
    return text


def check_rate(field: str, per_s: float) -> float:
    """A number of photos a second, 0 for no limit. Raises InvalidInput."""
    if not (math.isfinite(per_s) and 0 <= per_s <= _MAX_RATE):
        raise InvalidInput(field, f"must be 0 to {_MAX_RATE:.0f}, got {per_s:g}")
    return per_s


def check_url(field: str, url: str, max_chars: int) -> str:
    """`url` without surrounding blanks; "" stays "".

    Raises:
        InvalidInput: no absolute http or https URL, or too long.
    """
    url = check_text(field, url, max_chars)
    try:
        parts = urlsplit(url)
        is_absolute = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_absolute = False
    if url and (not is_absolute or any(map(str.isspace, url))):
        raise InvalidInput(field, "must be an absolute URL such as https://shop.example/coat")
    return url


def check_box_count(boxes: Sized, limits: CatalogLimits) -> None:
    """Raises InvalidInput where a photo comes with too many boxes."""
    if len(boxes) > limits.max_boxes:
        raise InvalidInput("image.boxes", f"must hold at most {limits.max_boxes} boxes, got {len(boxes)}")


def check_box(field: str, box: Box, width: int, height: int) -> None:
    """Raises InvalidInput where the box is no rectangle or lies outside the picture of that size."""
    if not all(map(math.isfinite, (box.x1, box.y1, box.x2, box.y2))):
        raise InvalidInput(field, "must hold finite numbers")
    inside = min(box.x2, width) > max(box.x1, 0) and min(box.y2, height) > max(box.y1, 0)
    if box.width <= 0 or box.height <= 0 or not inside:
        raise InvalidInput(
            field,
            f"must have x1 < x2 and y1 < y2 and overlap the picture of {width} x {height} pixels",
        )


def clipped_box(field: str, box: Box, width: int, height: int) -> Box:
    """The part of the box that is in the picture. Raises as `check_box`."""
    check_box(field, box, width, height)
    return Box(max(box.x1, 0.0), max(box.y1, 0.0), min(box.x2, width), min(box.y2, height))
