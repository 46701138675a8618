"""The header of a picture: what is known before its pixels are decoded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ImageFormat(StrEnum):
    """The accepted formats."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"


@dataclass(frozen=True, slots=True)
class Header:
    """A header; `width` and `height` are as stored, before the EXIF `orientation` (1 to 8) is applied.

    `scans` is the number of scans of a progressive JPEG. `transparent_grey` is the grey value of a PNG that
    is transparent, at the file's own `bit_depth`. `complete` is false if the data are truncated.
    """

    format: ImageFormat
    width: int
    height: int
    orientation: int = 1
    frames: int = 1
    scans: int = 1
    bit_depth: int = 8
    has_alpha: bool = False
    transparent_grey: int | None = None
    is_cmyk: bool = False
    reducible: bool = False
    complete: bool = True

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height after the orientation is applied."""
        return (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)


class DamagedHeader(Exception):
    """The header is truncated or violates its format."""
