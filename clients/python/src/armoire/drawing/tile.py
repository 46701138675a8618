"""Tiles of contact sheets: a picture with a caption."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont, ImageOps

TILE_PX = 180
GAP_PX = 12
CAPTION_PX = 64
INK = "#202020"
_CAPTION_CHARS = 26
_FAINT = "#f2f2f2"


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture with lines of text below it; without a picture, the first line stands in for it."""

    picture: Image.Image | None
    lines: tuple[str, ...]


def draw_tile(sheet: Image.Image, tile: Tile, left: int, top: int) -> None:
    """Draw the tile with its upper left corner there; the caption is cut where it is too long."""
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((left, top, left + TILE_PX, top + TILE_PX), fill=_FAINT)
    lines = tile.lines
    if tile.picture is None:
        text = textwrap.fill(lines[0], 16)
        draw.multiline_text((left + 10, top + 10), text, fill=INK, font=ImageFont.load_default(18))
        lines = lines[1:]
    else:
        fitted = ImageOps.contain(tile.picture, (TILE_PX, TILE_PX))
        offset = ((TILE_PX - fitted.width) // 2, (TILE_PX - fitted.height) // 2)
        sheet.paste(fitted, (left + offset[0], top + offset[1]))
    short = "\n".join(map(_shorten, lines))
    draw.multiline_text((left, top + TILE_PX + 4), short, fill=INK, font=ImageFont.load_default(13))


def _shorten(line: str) -> str:
    return line if len(line) <= _CAPTION_CHARS else line[: _CAPTION_CHARS - 3] + "..."
