"""Pictures of results: boxes on a photo, hits beside their query, outfits. Needs the [images] extra."""

from armoire.drawing.boxes import draw_analysis
from armoire.drawing.outfits import lay_outfits
from armoire.drawing.photo import open_upright
from armoire.drawing.sheet import lay_grid, lay_sheet

__all__ = ["SUFFIXES", "draw_analysis", "lay_grid", "lay_outfits", "lay_sheet", "open_upright"]

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
"""Of the files that pictures can be saved as."""
