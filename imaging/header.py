"""What a picture says about itself before any pixel of it is decoded."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ImageFormat(StrEnum):
    """The encodings that are read."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"


@dataclass(frozen=True, slots=True)
class Header:
    """One file's header; `width` and `height` are as stored, before `orientation` (EXIF, 1 to 8) is applied.

    `scans` is how often a progressive JPEG visits its pixels. `transparent_grey` is the grey of a PNG that
    stands for "nothing here", at the file's own `bit_depth`. `complete` says that the data reach to the end.
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
        """Width and height once the orientation is applied."""
        return (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)


class DamagedHeader(Exception):
    """The header breaks off or contradicts its format."""
