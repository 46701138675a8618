"""Indexed photos."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from armoire.values.types import Box, QualityIssue


@dataclass(frozen=True, slots=True)
class RejectedCrop:
    """A detection that became no item, and why. A given box has score 1 and no label.

    `crop` is a JPEG, where asked for and as long as the server keeps it.
    """

    box: Box
    score: float
    label: str
    reason: QualityIssue
    crop: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Image:
    """A photo of the catalogue.

    `sha256` is that of the bytes as they were sent; `warnings` concern the photo as a whole; `rejected_crops`
    are those of its last indexing.
    """

    id: str
    name: str
    product_id: str
    width: int
    height: int
    format: str
    size_bytes: int
    sha256: str
    warnings: tuple[QualityIssue, ...]
    rejected_crops: tuple[RejectedCrop, ...]
    etag: str
    create_time: datetime | None
    update_time: datetime | None
    delete_time: datetime | None


@dataclass(frozen=True, slots=True)
class ImageContent:
    """An encoded picture and its media type, such as "image/jpeg"."""

    content: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, slots=True)
class ImageUrl:
    """A URL that anyone may GET a picture from, without a key, until it expires or the photo is deleted."""

    url: str = field(repr=False)
    media_type: str
    expire_time: datetime | None
