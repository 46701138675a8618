"""The rules for request fields, in one place: each raises InvalidInput naming the field and the limit."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from armoire.v1 import inference_pb2, types_pb2
from domain.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """The limits of a request. Those of one picture are `DecodeLimits`."""

    max_message_bytes: int = 32 * 2**20
    max_images_per_call: int = 32
    max_boxes_per_image: int = 64
    max_texts_per_call: int = 256
    max_text_chars: int = 512


def check_images(images: Sequence[types_pb2.ImageInput], limits: RequestLimits) -> None:
    """Check the number of images. Errors inside one image are reported in its own result."""
    _check_count("images", len(images), limits.max_images_per_call)


def check_image(image: types_pb2.ImageInput, limits: RequestLimits, *, boxes_allowed: bool = True) -> None:
    """Check that the image has a source and valid boxes."""
    if image.WhichOneof("source") is None:
        raise InvalidInput("content", "is missing: send the bytes of a JPEG, PNG or WebP picture")
    if image.boxes and not boxes_allowed:
        raise InvalidInput("boxes", "must be empty: Detect finds the boxes itself")
    if len(image.boxes) > limits.max_boxes_per_image:
        raise InvalidInput(
            "boxes", f"must hold at most {limits.max_boxes_per_image} boxes, got {len(image.boxes)}"
        )
    for index, box in enumerate(image.boxes):
        check_box(f"boxes[{index}]", box)


def check_box(field: str, box: types_pb2.Box) -> None:
    if not all(map(math.isfinite, (box.x1, box.y1, box.x2, box.y2))):
        raise InvalidInput(field, "must hold finite numbers")
    if box.x1 >= box.x2 or box.y1 >= box.y2:
        raise InvalidInput(
            field,
            f"must have x1 < x2 and y1 < y2, got x1={box.x1:g}, y1={box.y1:g}, x2={box.x2:g}, y2={box.y2:g}",
        )


def check_min_score(
    request: inference_pb2.DetectRequest | inference_pb2.AnalyzeRequest | inference_pb2.AnalyzeStreamRequest,
) -> float | None:
    """The request's threshold where it is set."""
    if not request.HasField("min_score"):
        return None
    if not 0.0 <= request.min_score <= 1.0:
        raise InvalidInput("min_score", f"must be from 0 to 1, got {request.min_score:g}")
    return request.min_score


def check_texts(texts: Sequence[str], limits: RequestLimits) -> None:
    """Check the number of texts. Errors in one text are reported in its own result."""
    _check_count("texts", len(texts), limits.max_texts_per_call)


def check_text(text: str, max_chars: int) -> None:
    """Check a text by the rules of Search; the caller adds the field to the error."""
    if len(text) > max_chars:
        raise InvalidInput("", f"must be at most {max_chars} characters, got {len(text)}")
    stripped = text.strip()
    if not stripped:
        raise InvalidInput("", f"must not be empty (1 to {max_chars} characters)")
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in stripped):
        raise InvalidInput("", "must not contain control characters")


def _check_count(field: str, count: int, limit: int) -> None:
    if count == 0:
        raise InvalidInput(field, f"must hold at least 1 and at most {limit} elements, got none")
    if count > limit:
        raise InvalidInput(field, f"must hold at most {limit} elements, got {count}")
