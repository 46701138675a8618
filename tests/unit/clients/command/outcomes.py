"""How a command's output reads, and what its tests expect of a refused photo."""

from __future__ import annotations

import json
from typing import Any

REFUSED = {
    "code": "INVALID_ARGUMENT",
    "reason": "NOT_AN_IMAGE",
    "field": "content",
    "message": "content: must be a picture",
}


def documents(out: str) -> list[Any]:
    return [json.loads(line) for line in out.splitlines()]


def is_bad(request: Any) -> bool:
    """Whether it holds the second of the `photos`."""
    image = request.images[0] if hasattr(request, "images") else request.image
    return bool(image.content == b"not a picture")
