"""A picture in a file, or a part of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from domain.types import Box, Pixels
from imaging.crop import crop, expand
from training.data.thumbnails import read_picture

MARGIN = 0.1
"""The share of a box's sides that is added around it, as in the server's pipeline."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """The path of a picture; `box` is the part that is meant, in pixels of the upright picture."""

    path: Path
    box: Box | None = None

    def pixels(self) -> Pixels:
        """The picture, or its part with a margin around it, (H, W, 3) uint8 RGB."""
        picture = read_picture(self.path)
        if self.box is None:
            return picture
        height, width = picture.shape[:2]
        return crop(picture, expand(self.box, MARGIN, width, height))
