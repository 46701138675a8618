"""Contact sheets: what a loader gives, to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from domain.types import Pixels
from training.data.picture_file import PictureFile
from training.data.thumbnails import shrink

CELL_PX = 160
_TEXT_PX = 14


def write_sheet(
    rows: Sequence[tuple[PictureFile, str]], path: Path, *, cells: int = 40, columns: int = 8, seed: int = 0
) -> None:
    """Write up to `cells` of the pictures at random, each with its caption below, as one JPEG."""
    order = np.random.default_rng(seed).permutation(len(rows))[:cells]
    drawn = [_cell(*rows[index]) for index in sorted(order)]
    drawn += [np.full_like(drawn[0], 255)] * (-len(drawn) % columns)
    lines = [np.hstack(drawn[start : start + columns]) for start in range(0, len(drawn), columns)]
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), cv2.cvtColor(np.vstack(lines), cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 85])


def _cell(file: PictureFile, caption: str) -> Pixels:
    """The picture in a square, and two lines of text."""
    picture = shrink(file.pixels(), CELL_PX)
    cell = np.full((CELL_PX + 2 * _TEXT_PX, CELL_PX, 3), 255, np.uint8)
    height, width = picture.shape[:2]
    left = (CELL_PX - width) // 2
    cell[:height, left : left + width] = picture
    for number, text in enumerate((caption[:26], caption[26:52])):
        place = (2, CELL_PX + number * _TEXT_PX + 10)
        cv2.putText(cell, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.33, (0, 0, 0), 1, cv2.LINE_AA)
    return cell
