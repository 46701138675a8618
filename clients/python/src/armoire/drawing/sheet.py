"""Contact sheets: pictures side by side, and hits beside their query."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageOps

from armoire.drawing.photo import open_upright
from armoire.drawing.tile import CAPTION_PX, GAP_PX, TILE_PX, Tile, draw_tile
from armoire.values.search import Hit, QueryHits, SearchResult
from armoire.values.types import Box

_GRID_COLUMNS = 3
_GRID_TILE_PX = 480


def lay_grid(pictures: Sequence[Image.Image]) -> Image.Image:
    """One picture as it is; several side by side, shrunk to fit."""
    if len(pictures) == 1:
        return pictures[0]
    columns = min(len(pictures), _GRID_COLUMNS)
    step_px = _GRID_TILE_PX + GAP_PX
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * step_px + GAP_PX, rows * step_px + GAP_PX), "white")
    for position, picture in enumerate(pictures):
        row, column = divmod(position, columns)
        corner = (GAP_PX + column * step_px, GAP_PX + row * step_px)
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
    step_x, step_y = TILE_PX + GAP_PX, TILE_PX + CAPTION_PX + GAP_PX
    size = (columns * step_x + GAP_PX, max(len(rows), 1) * step_y + GAP_PX)
    sheet = Image.new("RGB", size, "white")
    for row, tiles in enumerate(rows):
        for column, tile in enumerate(tiles):
            draw_tile(sheet, tile, GAP_PX + column * step_x, GAP_PX + row * step_y)
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
