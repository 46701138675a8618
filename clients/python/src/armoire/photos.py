"""Photos on their way to a server."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from armoire.errors import FieldViolation, InvalidInput
from armoire.results import Box

PhotoSource: TypeAlias = bytes | str | os.PathLike[str]
"""An encoded picture (JPEG, PNG or WebP), or the path of its file."""


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo with the regions to use instead of detecting, in pixels of the upright picture."""

    source: PhotoSource
    boxes: tuple[Box, ...] = ()


def read_content(source: PhotoSource) -> bytes:
    """The encoded bytes of a photo.

    Raises:
        InvalidInput: with reason UNREADABLE_FILE.
    """
    if isinstance(source, bytes):
        return source
    try:
        return Path(source).read_bytes()
    except OSError as error:
        problem = f"cannot read {os.fspath(source)}: {error.strerror or error}"
        raise InvalidInput(
            problem,
            code="INVALID_ARGUMENT",
            reason="UNREADABLE_FILE",
            violations=[FieldViolation("content", problem)],
        ) from error


def name_of(source: PhotoSource) -> str:
    """The name of the photo's file; empty for bytes."""
    if isinstance(source, bytes):
        return ""
    return Path(source).name.encode(errors="replace").decode()
