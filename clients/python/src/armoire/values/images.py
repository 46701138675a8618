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
class NearDuplicate:
    """Another photo that looks the same; `distance` is in how many of 256 bits their hashes differ."""

    image_id: str
    distance: int


@dataclass(frozen=True, slots=True)
class Image:
    """A photo of the catalogue.

    `sha256` is that of the bytes as they were sent; `warnings` concern the photo as a whole; `rejected_crops`
    are those of its last indexing.

    `perceptual_hash` is its PDQ hash, 64 hexadecimal digits, empty where the photo has too little detail;
    `hash_quality` tells of that, 0 to 100, None until it is hashed. `near_duplicate_of` is the most similar
    earlier photo that it is a copy of, as it was found last; it may be deleted since.
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
    perceptual_hash: str = ""
    hash_quality: int | None = None
    near_duplicate_of: NearDuplicate | None = None


@dataclass(frozen=True, slots=True)
class DuplicatePhoto:
    """A photo, and in how many of 256 bits its hash differs from that of the one it is compared with."""

    image: Image
    distance: int


@dataclass(frozen=True, slots=True)
class FoundDuplicates:
    """The near duplicates of a photo, nearest first, and how many there are in all.

    `hashed` is False where the photo cannot be compared: it is too plain, or was not hashed yet.
    """

    photos: tuple[DuplicatePhoto, ...]
    total_size: int
    hashed: bool


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Photos that look the same, oldest first, with distances from the oldest; and how many there are."""

    photos: tuple[DuplicatePhoto, ...]
    total_size: int


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
