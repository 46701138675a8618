from __future__ import annotations

import numpy as np

from training.synthetic.canvas import Canvas, shade, trim
from training.synthetic.outline import as_points


def test_shade_keeps_lines_visible_on_black() -> None:
    assert shade((200, 100, 50), 0.5) == (100, 50, 25)
    assert min(shade((10, 10, 10), 0.5)) > 40


def test_a_shape_lies_where_its_points_say() -> None:
    canvas = Canvas(270, origin_y=0.5)
    square = as_points([(-0.5, 0.0), (0.5, 0.0), (0.5, 1.0), (-0.5, 1.0)])
    canvas.fill(square, (200, 40, 40), rounding=0)
    rows, columns = np.nonzero(canvas.alpha > 127)
    assert (columns.min(), columns.max()) == (85, 185)
    assert (rows.min(), rows.max()) == (50, 150)
    assert tuple(canvas.color[100, 135]) == (200, 40, 40)


def test_the_border_without_anything_is_cut_away() -> None:
    picture = np.zeros((10, 12, 4), np.uint8)
    picture[2:5, 3:9] = 255
    assert trim(picture).shape == (3, 6, 4)
