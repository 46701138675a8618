from __future__ import annotations

import numpy as np
import pytest

from training.synthetic.outline import Legs, Points, Skirt, Top, dome, ellipse


def area(points: Points) -> float:
    """The shoelace formula."""
    x, y = points[:, 0], points[:, 1]
    return abs(float(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))) / 2


@pytest.mark.parametrize("shape", [Top(1.4), Top(1.4, sleeve=0.4), Legs(1.9), Skirt(1.2, wave=0)])
def test_outlines_are_the_same_on_both_sides(shape: Top | Legs | Skirt) -> None:
    points = shape.points()
    flipped = points * [-1, 1]
    distances = np.linalg.norm(points[:, None] - flipped[None], axis=2).min(axis=1)
    assert distances.max() < 0.02


def test_sleeves_add_area() -> None:
    assert area(Top(1.4, sleeve=1.1).points()) > area(Top(1.4).points()) + 0.3


def test_longer_trousers_reach_lower() -> None:
    assert Legs(1.9).points()[:, 1].max() == pytest.approx(1.9)
    assert Legs(0.9).points()[:, 1].max() == pytest.approx(0.9)


def test_an_ellipse_has_the_area_of_one() -> None:
    assert area(ellipse(0.2, -0.1, 0.5, 0.25)) == pytest.approx(np.pi * 0.5 * 0.25, rel=0.01)


def test_a_boxier_dome_fills_more() -> None:
    assert area(dome(0.5, 0.5, 3.0)) > area(dome(0.5, 0.5, 2.0)) > 0.9 * np.pi * 0.25 / 2
