"""Boxes with labels on a photo."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

from armoire.drawing.photo import open_upright
from armoire.values.inference import AnalyzedItem, ImageAnalysis

_ACCEPTED = "#0a7d48"
_REJECTED = "#8a8a8a"


def draw_analysis(content: bytes, analysis: ImageAnalysis) -> Image.Image:
    """The upright photo with a labelled box around every item; rejected ones are grey."""
    picture = open_upright(content)
    side_px = max(picture.size)
    for item in analysis.items:
        _draw_item(picture, item, line_px=max(2, side_px // 300), font_px=max(11, side_px // 45))
    return picture


def _draw_item(picture: Image.Image, item: AnalyzedItem, line_px: int, font_px: int) -> None:
    draw = ImageDraw.Draw(picture)
    color = _ACCEPTED if item.accepted else _REJECTED
    draw.rectangle(item.box.xyxy, outline=color, width=line_px)
    font = ImageFont.load_default(font_px)
    text = _item_text(item)
    rightmost = picture.width - draw.textlength(text, font=font) - line_px
    corner = (max(min(item.box.x1 + line_px, rightmost), 0), item.box.y1 + line_px)
    draw.rectangle(draw.textbbox(corner, text, font=font), fill=color)
    draw.text(corner, text, fill="white", font=font)


def _item_text(item: AnalyzedItem) -> str:
    words = [f"{item.label} {item.score:.2f}"]
    words += [item.reason] if item.reason else [color.name for color in item.colors[:1]]
    return ", ".join(words)
