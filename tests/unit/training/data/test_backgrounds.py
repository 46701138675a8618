from __future__ import annotations

import numpy as np

from training.data.backgrounds import background_view, without_garment


def test_the_garment_is_painted_over_with_what_is_around_it() -> None:
    picture = np.full((120, 90, 3), (60, 120, 60), np.uint8)
    picture[40:80, 30:60] = (250, 0, 0)
    mask = np.zeros((60, 45), np.uint8)
    mask[20:40, 15:30] = 255
    empty = without_garment(picture, mask)
    assert empty.shape == picture.shape
    assert np.abs(empty.astype(int) - (60, 120, 60)).max() < 25
    assert np.array_equal(empty[:20], picture[:20])


def test_a_view_is_a_part_of_the_size_asked_for() -> None:
    picture = np.random.default_rng(0).integers(0, 255, (90, 160, 3), np.uint8)
    rng = np.random.default_rng(1)
    views = [background_view(picture, 64, 48, rng) for _ in range(6)]
    assert {view.shape for view in views} == {(64, 48, 3)}
    assert len({view.tobytes() for view in views}) == 6
