from __future__ import annotations

import numpy as np

from training.synthetic.clutter import draw_clutter


def test_clutter_fits_its_square_and_covers_a_part_of_it() -> None:
    rng = np.random.default_rng(0)
    drawn = [draw_clutter(100, rng) for _ in range(40)]
    assert all(max(layer.shape[:2]) <= 100 and layer.shape[2] == 4 for layer in drawn)
    assert all((layer[..., 3] > 127).mean() > 0.005 for layer in drawn)
    assert len({layer.tobytes() for layer in drawn}) == 40
