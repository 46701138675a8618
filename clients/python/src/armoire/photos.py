"""Photos on their way to a server."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self, TypeAlias

from armoire.errors import FieldViolation, InvalidInput
from armoire.values.products import Product
from armoire.values.types import Box, Priority


@dataclass(frozen=True, slots=True)
class Upload:
    """A photo that was uploaded before: see `Client.upload`."""

    id: str


@dataclass(frozen=True, slots=True)
class BlobUri:
    """A photo in the blob store that the server's operator has configured, such as "s3://bucket/key"."""

    uri: str


PhotoSource: TypeAlias = bytes | str | os.PathLike[str] | Upload | BlobUri
"""An encoded picture (JPEG, PNG or WebP), the path of its file, or where the server finds it."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo with the regions to use instead of detecting, in pixels of the upright picture."""

    source: PhotoSource
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class PhotoToIndex:
    """A photo for the catalogue, with what `Client.index` takes beside it."""

    photo: PhotoSource | Photo
    image_name: str | None = None
    product_id: str = ""
    product: Product | None = None
    idempotency_key: str | None = None
    priority: Priority = Priority.BULK

    def with_key(self, idempotency_key: str) -> Self:
        return replace(self, idempotency_key=idempotency_key)


def read_photo(photo: PhotoSource | Photo) -> Photo:
    """The photo with the bytes of its file, where it is one.

    Raises:
        InvalidInput: the file cannot be read; with reason UNREADABLE_FILE.
    """
    source, boxes = (photo.source, photo.boxes) if isinstance(photo, Photo) else (photo, ())
    return Photo(source if isinstance(source, Upload | BlobUri) else read_content(source), boxes)


def read_content(source: bytes | str | os.PathLike[str]) -> bytes:
    """The encoded bytes of a photo.

    Raises:
        InvalidInput: the file cannot be read; with reason UNREADABLE_FILE.
    """
    if isinstance(source, bytes):
        return source
    try:
        return Path(source).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        cause = error.strerror if isinstance(error, OSError) else None
        problem = f"cannot read {os.fspath(source)}: {cause or error}"
        raise InvalidInput(
            problem,
            code="INVALID_ARGUMENT",
            reason="UNREADABLE_FILE",
            violations=[FieldViolation("content", problem)],
        ) from error


def is_uploaded(photo: PhotoSource | Photo) -> bool:
    """Whether the photo was uploaded before; its upload is an idempotency key then."""
    return isinstance(photo.source if isinstance(photo, Photo) else photo, Upload)


def name_of(photo: PhotoSource | Photo) -> str:
    """The name of the photo's file; empty where it is no file."""
    source = photo.source if isinstance(photo, Photo) else photo
    if isinstance(source, bytes | Upload | BlobUri):
        return ""
    return Path(source).name.encode(errors="replace").decode()


def size_of(photo: PhotoSource | Photo) -> int:
    """The bytes of a photo, as far as they are known before it is read."""
    source = photo.source if isinstance(photo, Photo) else photo
    if isinstance(source, bytes):
        return len(source)
    try:
        return 0 if isinstance(source, Upload | BlobUri) else Path(source).stat().st_size
    except (OSError, ValueError):
        return 0
