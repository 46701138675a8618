"""Contact sheets: pictures side by side, and hits beside their query."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont, ImageOps

from armoire.drawing.photo import open_upright
from armoire.values.search import Hit, QueryHits, SearchResult
from armoire.values.types import Box

_TILE_PX = 180
_GAP_PX = 12
_CAPTION_PX = 64
_CAPTION_CHARS = 26
_GRID_COLUMNS = 3
_GRID_TILE_PX = 480
_INK = "#202020"
_FAINT = "#f2f2f2"


@dataclass(frozen=True, slots=True)
class Tile:
    """A picture with lines of text below it; without a picture, the first line stands in for it."""

    picture: Image.Image | None
    lines: tuple[str, ...]


def lay_grid(pictures: Sequence[Image.Image]) -> Image.Image:
    """One picture as it is; several side by side, shrunk to fit."""
    if len(pictures) == 1:
        return pictures[0]
    columns = min(len(pictures), _GRID_COLUMNS)
    step_px = _GRID_TILE_PX + _GAP_PX
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * step_px + _GAP_PX, rows * step_px + _GAP_PX), "white")
    for position, picture in enumerate(pictures):
        row, column = divmod(position, columns)
        corner = (_GAP_PX + column * step_px, _GAP_PX + row * step_px)
        sheet.paste(ImageOps.contain(picture, (_GRID_TILE_PX, _GRID_TILE_PX)), corner)
    return sheet


def lay_sheet(found: SearchResult, picture: bytes | None, caption: str) -> Image.Image:
    """A row for each query: what was searched for, then its hits, best first.

    `picture` is the query's photo or crop, `caption` names the query.
    """
    photo = open_upright(picture) if picture else None
    rows = [
        [_query_tile(query, photo, caption), *(_hit_tile(hit) for hit in query.hits)]
        for query in found.queries
    ]
    columns = max(map(len, rows), default=1)
    step_x, step_y = _TILE_PX + _GAP_PX, _TILE_PX + _CAPTION_PX + _GAP_PX
    size = (columns * step_x + _GAP_PX, max(len(rows), 1) * step_y + _GAP_PX)
    sheet = Image.new("RGB", size, "white")
    for row, tiles in enumerate(rows):
        for column, tile in enumerate(tiles):
            _draw_tile(sheet, tile, _GAP_PX + column * step_x, _GAP_PX + row * step_y)
    return sheet


def _query_tile(query: QueryHits, photo: Image.Image | None, caption: str) -> Tile:
    if photo is None:
        return Tile(None, (caption, "query"))
    crop = _crop(photo, query.box) if query.box else photo
    return Tile(crop, ("query", query.label, caption))


def _crop(photo: Image.Image, box: Box) -> Image.Image:
    """The box's part of the photo, at least one pixel of it."""
    left = min(max(int(box.x1), 0), photo.width - 1)
    top = min(max(int(box.y1), 0), photo.height - 1)
    right = min(max(round(box.x2), left + 1), photo.width)
    bottom = min(max(round(box.y2), top + 1), photo.height)
    return photo.crop((left, top, right, bottom))


def _hit_tile(hit: Hit) -> Tile:
    product = hit.product
    sold = [product.display_name, str(product.price or "")] if product else []
    lines = (f"{hit.score:.3f}  {hit.item.label}", "  ".join(filter(None, sold)), hit.item.image_name)
    return Tile(open_upright(hit.crop) if hit.crop else None, tuple(filter(None, lines)))


def _draw_tile(sheet: Image.Image, tile: Tile, left: int, top: int) -> None:
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((left, top, left + _TILE_PX, top + _TILE_PX), fill=_FAINT)
    lines = tile.lines
    if tile.picture is None:
        text = textwrap.fill(lines[0], 16)
        draw.multiline_text((left + 10, top + 10), text, fill=_INK, font=ImageFont.load_default(18))
        lines = lines[1:]
    else:
        fitted = ImageOps.contain(tile.picture, (_TILE_PX, _TILE_PX))
        offset = ((_TILE_PX - fitted.width) // 2, (_TILE_PX - fitted.height) // 2)
        sheet.paste(fitted, (left + offset[0], top + offset[1]))
    short = "\n".join(map(_shorten, lines))
    draw.multiline_text((left, top + _TILE_PX + 4), short, fill=_INK, font=ImageFont.load_default(13))


def _shorten(line: str) -> str:
    return line if len(line) <= _CAPTION_CHARS else line[: _CAPTION_CHARS - 3] + "..."
