from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from training.synthetic.body import IN_POCKET, ON_HIP, Body, Build, Pose
from training.synthetic.canvas import Garment
from training.synthetic.person import DrawnPerson, Outfit, draw_person, worn_kinds

HEIGHT, WIDTH = 360, 260
RED, BLUE, GREEN = (200, 20, 20), (20, 20, 200), (20, 160, 20)


def _garment(kind: str, color: tuple[int, int, int]) -> Garment:
    return Garment(kind, "plain", color, (250, 250, 250))


def _draw(outfit: Outfit, pose: Pose | None = None) -> DrawnPerson:
    background = np.full((HEIGHT, WIDTH, 3), 235, np.uint8)
    body = Body(Build(), pose or Pose())
    return draw_person(background, body, outfit, (WIDTH / 2, 345), 43, np.random.default_rng(0))


def _share_of(channel: int, person: DrawnPerson, part: str) -> float:
    """The share of a box's pixels in which a channel is the largest by far."""
    box = person.boxes[part]
    crop = person.picture[int(box.y1) : int(box.y2), int(box.x1) : int(box.x2)].astype(int)
    others = np.delete(crop, channel, axis=2).max(axis=2)
    return float((crop[..., channel] > others + 40).mean())


def test_boxes_hold_the_garments_from_head_to_foot() -> None:
    outfit = Outfit(
        top=_garment("t-shirt", RED), bottom=_garment("jeans", BLUE), shoes=_garment("flats", GREEN),
        hat=_garment("beanie", GREEN),
    )  # fmt: skip
    person = _draw(outfit)
    order = [person.boxes[name].y1 for name in ("hat", "top", "bottom", "shoes")]
    assert order == sorted(order)
    assert _share_of(0, person, "top") > 0.5
    assert _share_of(2, person, "bottom") > 0.6
    assert _share_of(1, person, "hat") > 0.6


def test_a_box_is_that_of_what_is_seen() -> None:
    top = _garment("t-shirt", RED)
    alone = _draw(Outfit(top=top)).boxes["top"]
    covered = _draw(Outfit(top=top, outerwear=_garment("coat", BLUE))).boxes["top"]
    assert covered.width < 0.8 * alone.width
    tucked = _draw(Outfit(top=top, bottom=_garment("skirt", BLUE), tucked=True)).boxes["top"]
    assert tucked.y2 < alone.y2 - 10


def test_a_bag_hangs_on_the_side_that_is_asked_for() -> None:
    outfit = Outfit(dress=_garment("dress", RED), bag=_garment("tote bag", BLUE), bag_side=0)
    left, right = (_draw(each).boxes["bag"] for each in (outfit, replace(outfit, bag_side=1)))
    assert left.x2 < WIDTH / 2 < right.x1


@pytest.mark.parametrize(
    ("part", "kind"), [(part, kind) for part, kinds in worn_kinds().items() for kind in kinds]
)
def test_every_kind_can_be_drawn_in_any_pose(part: str, kind: str) -> None:
    pose = Pose(0.1, 3.0, (ON_HIP, IN_POCKET), ((4.0, -2.0), (6.0, 5.0)), (0.95, 1.0))
    person = _draw(Outfit(**{part: _garment(kind, RED)}), pose)
    assert set(person.boxes) == {part}
    assert _share_of(0, person, part) > 0.15
