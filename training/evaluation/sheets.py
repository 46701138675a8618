"""Contact sheets: small pictures in rows, framed and captioned, as one JPEG."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from domain.types import Box, Pixels

Color: TypeAlias = tuple[int, int, int]
Verdict: TypeAlias = Literal["right", "wrong", "asked", "unjudged"]

MAX_BYTES = 300_000
_CAPTION_PX = 14
_GAP_PX = 4
_FRAMES: dict[Verdict, Color] = {
    "right": (0, 140, 60),
    "wrong": (205, 30, 30),
    "asked": (60, 60, 60),
    "unjudged": (30, 90, 200),
}


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A picture with its caption and a verdict, which colours the frame."""

    picture: Pixels
    caption: str
    verdict: Verdict = "asked"


def shrink(picture: Pixels, side_px: int) -> Pixels:
    """Scale the longer side to `side_px`."""
    gain = side_px / max(picture.shape[:2])
    size = max(1, round(picture.shape[1] * gain)), max(1, round(picture.shape[0] * gain))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def lay_out(rows: Sequence[Sequence[Cell]], side_px: int, columns: int = 1) -> Image.Image:
    """Lay the rows out below one another, in `columns` columns that are filled downwards."""
    longest = max(len(row) for row in rows)
    height, width = side_px + _CAPTION_PX + _GAP_PX, longest * (side_px + _GAP_PX) + 3 * _GAP_PX
    per_column = -(-len(rows) // columns)
    sheet = Image.new("RGB", (columns * width, per_column * height), "white")
    for index, row in enumerate(rows):
        column, line = divmod(index, per_column)
        for index, cell in enumerate(row):
            _put(cell, sheet, column * width + index * (side_px + _GAP_PX), line * height, side_px)
    return sheet


def outline(
    small: Pixels, boxes: Sequence[tuple[Box, str, Verdict]], gain: float, label_px: int = 10
) -> Pixels:
    """Copy a thumbnail and draw labelled boxes on it; box coordinates are multiplied by `gain`."""
    image = Image.fromarray(small)
    pen = ImageDraw.Draw(image)
    for box, label, verdict in boxes:
        corners = [box.x1 * gain, box.y1 * gain, box.x2 * gain - 1, box.y2 * gain - 1]
        pen.rectangle(corners, outline=_FRAMES[verdict], width=2)
        _label(pen, (corners[0] + 3, corners[1] + 2), label, _FRAMES[verdict], label_px)
    return np.asarray(image)


def save(sheet: Image.Image, path: Path, max_bytes: int = MAX_BYTES) -> None:
    """Write a JPEG of at most `max_bytes` at the best quality that fits; scale down if none does."""
    for quality in (85, 78, 70, 62, 54):
        buffer = io.BytesIO()
        sheet.save(buffer, "JPEG", quality=quality, optimize=True)
        if buffer.tell() <= max_bytes:
            path.write_bytes(buffer.getvalue())
            return
    save(sheet.resize((sheet.width * 4 // 5, sheet.height * 4 // 5)), path, max_bytes)


def _put(cell: Cell, sheet: Image.Image, x: int, y: int, side_px: int) -> None:
    """Draw a cell: the picture centred in a square, the caption below."""
    small = Image.fromarray(shrink(cell.picture, side_px - 4))
    left, top = x + (side_px - small.width) // 2, y + (side_px - small.height) // 2
    sheet.paste(small, (left, top))
    pen = ImageDraw.Draw(sheet)
    frame = [left - 2, top - 2, left + small.width + 1, top + small.height + 1]
    pen.rectangle(frame, outline=_FRAMES[cell.verdict], width=2)
    pen.text((x + 1, y + side_px), cell.caption, fill=_FRAMES["asked"], font=_font(10))


def _label(
    pen: ImageDraw.ImageDraw, position: tuple[float, float], text: str, color: Color, size_px: int
) -> None:
    if text:
        font = _font(size_px)
        pen.rectangle(pen.textbbox(position, text, font=font), fill="white")
        pen.text(position, text, fill=color, font=font)


def _font(size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size=size_px)
