"""Outfits as rows of pictures."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from PIL import Image, ImageDraw, ImageFont

from armoire.drawing.photo import open_upright
from armoire.drawing.tile import CAPTION_PX, GAP_PX, INK, TILE_PX, Tile, draw_tile
from armoire.values.outfits import Outfit, OutfitItem

_SENTENCE_PX = 56
_FONT_PX = 15
_CHAR_PX = 8
"""About as wide as a character of that font is."""


def lay_outfits(outfits: Sequence[Outfit], crops: Mapping[str, bytes]) -> Image.Image:
    """A row for each outfit: its score and its sentence above, the crops of its items with their slots below.

    `crops` has JPEGs by item id; an item without one is drawn as its words.
    """
    columns = max((len(outfit.items) for outfit in outfits), default=1)
    step_x, step_y = TILE_PX + GAP_PX, _SENTENCE_PX + TILE_PX + CAPTION_PX + GAP_PX
    size = (max(columns, 3) * step_x + GAP_PX, max(len(outfits), 1) * step_y + GAP_PX)
    sheet = Image.new("RGB", size, "white")
    for row, outfit in enumerate(outfits):
        top = GAP_PX + row * step_y
        _draw_sentence(sheet, f"{row + 1}.  {outfit.score:.2f}  {outfit.explanation}", top)
        for column, item in enumerate(outfit.items):
            tile = _tile(item, crops.get(item.item_id))
            draw_tile(sheet, tile, GAP_PX + column * step_x, top + _SENTENCE_PX)
    return sheet


def _draw_sentence(sheet: Image.Image, text: str, top: int) -> None:
    """Two lines of it, cut where it is longer."""
    lines = textwrap.wrap(text, (sheet.width - 2 * GAP_PX) // _CHAR_PX, max_lines=2, placeholder=" ...")
    font = ImageFont.load_default(_FONT_PX)
    ImageDraw.Draw(sheet).multiline_text((GAP_PX, top), "\n".join(lines), fill=INK, font=font)


def _tile(item: OutfitItem, crop: bytes | None) -> Tile:
    product = item.product
    name = f"{item.color} {item.garment_type}".strip()
    sold = "  ".join(filter(None, (product.display_name, str(product.price or "")))) if product else ""
    lines = (item.slot.value, name, sold)
    return Tile(open_upright(crop) if crop else None, tuple(filter(None, lines)))
