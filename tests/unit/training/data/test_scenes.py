from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from domain.taxonomy import Taxonomy
from domain.types import Box
from training.data.examples import ExampleMaker
from training.data.photos import Photo
from training.data.scenes import (
    Layer,
    SceneMaker,
    area,
    compose,
    photo_layer,
    photo_scene,
    relit,
    shared_area,
    shows_background,
)
from training.data.thumbnails import Thumbnails
from training.synthetic.clutter import IGNORED


@pytest.fixture(scope="module")
def maker(taxonomy: Taxonomy) -> ExampleMaker:
    return ExampleMaker(taxonomy, seed=1)


def test_scenes_hold_boxes_within_the_picture_that_hardly_overlap(maker: ExampleMaker) -> None:
    scenes = SceneMaker(maker, [], drawn_share=0.0, seed=2)
    counts = set()
    for _ in range(12):
        scene = scenes.scene(160)
        height, width = scene.picture.shape[:2]
        boxes = [box for _, box in scene.objects]
        counts.add(len(boxes))
        assert boxes
        for i, box in enumerate(boxes):
            assert 0 <= box.x1 < box.x2 <= width
            assert 0 <= box.y1 < box.y2 <= height
            assert all(shared_area(box, other) < 0.12 * area(other) for other in boxes[:i])
    assert len(counts) > 1


def test_boxes_reach_as_far_as_their_garments(maker: ExampleMaker) -> None:
    magenta = np.zeros((60, 40, 4), np.uint8)
    magenta[:] = (255, 0, 255, 255)
    for seed in range(6):
        scene = SceneMaker(
            maker, [Layer(magenta, "hat")], drawn_share=0.0, seed=seed, clutter_chance=0
        ).scene(200)
        pixels = scene.picture.astype(int)
        rows, columns = np.nonzero((pixels[..., 0] > 230) & (pixels[..., 1] < 60) & (pixels[..., 2] > 230))
        boxes = [box for _, box in scene.objects]
        assert abs(columns.min() - min(box.x1 for box in boxes)) <= 6
        assert abs(rows.max() + 1 - max(box.y2 for box in boxes)) <= 6


def test_the_box_of_a_photo_is_scaled_from_its_smaller_mask() -> None:
    mask = np.zeros((50, 40), np.uint8)
    mask[10:30, 5:25] = 255
    scene = photo_scene(np.zeros((100, 80, 3), np.uint8), mask, "dress")
    assert scene.objects == [("dress", Box(10, 20, 50, 60))]


def test_a_cut_out_keeps_the_garments_pixels() -> None:
    picture = np.zeros((100, 80, 3), np.uint8)
    picture[20:60, 10:50] = (0, 200, 0)
    mask = np.zeros((50, 40), np.uint8)
    mask[10:30, 5:25] = 255
    layer = photo_layer(picture, mask, "dress")
    assert abs(layer.picture.shape[0] - 40) <= 3
    assert (layer.picture[..., :3][layer.picture[..., 3] > 200] == (0, 200, 0)).all()


def test_clutter_is_told_apart_and_backgrounds_are_those_given(maker: ExampleMaker) -> None:
    ground = np.full((80, 60, 3), (0, 255, 0), np.uint8)
    scenes = SceneMaker(maker, [], 0.0, 3, backgrounds=[ground], clutter_chance=0.8)
    made = [scenes.scene(120) for _ in range(10)]
    names = [name for scene in made for name, _ in scene.objects]
    assert 3 < names.count(IGNORED) < len(names) - 9
    green = [(scene.picture[..., 1].astype(int) - scene.picture[..., 0] > 150).mean() for scene in made]
    assert sum(share > 0.05 for share in green) >= 5


@pytest.mark.parametrize(("empty_share", "least", "most"), [(0.0, 0, 0), (0.4, 4, 14), (1.0, 20, 20)])
def test_a_share_of_the_scenes_has_clutter_but_no_garment(
    maker: ExampleMaker, empty_share: float, least: int, most: int
) -> None:
    hat = np.full((60, 40, 4), 255, np.uint8)
    scenes = SceneMaker(maker, [Layer(hat, "hat")], 0.0, 5, empty_share=empty_share)
    made = [{name for name, _ in scenes.scene(96).objects} for _ in range(20)]
    assert all(names <= {"hat", IGNORED} and names for names in made)
    assert least <= sum(names == {IGNORED} for names in made) <= most


@pytest.fixture
def two_photos(tmp_path: Path) -> tuple[list[Photo], Thumbnails]:
    """A magenta dress on green, and a photo of which no cut-out is known."""
    picture = np.full((64, 48, 3), (0, 160, 0), np.uint8)
    picture[16:48, 12:36] = (255, 0, 255)
    masks = np.zeros((2, 64, 64), np.uint8)
    masks[0, 16:48, 12:36] = 255
    pixels = np.zeros((2, 64, 64, 3), np.uint8)
    pixels[0, :64, :48] = picture
    paths = [tmp_path / "dress.png", tmp_path / "unknown.png"]
    cv2.imwrite(str(paths[0]), picture[..., ::-1])
    cv2.imwrite(str(paths[1]), np.full((64, 48, 3), 255, np.uint8))
    photos = [
        Photo(path, label, label.lower(), "1", "train")
        for path, label in zip(paths, ("Dress", "Hat"), strict=True)
    ]
    return photos, Thumbnails(pixels, masks, np.asarray([(64, 48)] * 2))


def test_composed_scenes_hold_nothing_but_the_photos(two_photos: tuple[list[Photo], Thumbnails]) -> None:
    photos, thumbnails = two_photos
    scenes = list(compose(photos, thumbnails, 5, seed=3, side=160))
    assert [max(scene.picture.shape[:2]) for scene in scenes] == [160] * 5
    assert {name for scene in scenes for name, _ in scene.objects} == {"dress"}
    for scene in scenes:
        red, green, blue = (scene.picture[..., channel].astype(int) for channel in range(3))
        assert (np.abs(red - blue) < 40).all()
        assert ((green > 60) | (red > 60)).all()


def test_composed_scenes_are_the_same_for_the_same_seed(two_photos: tuple[list[Photo], Thumbnails]) -> None:
    first, again = (list(compose(*two_photos, 2, seed=4, side=96)) for _ in range(2))
    other = list(compose(*two_photos, 2, seed=5, side=96))
    assert all((a.picture == b.picture).all() for a, b in zip(first, again, strict=True))
    assert [scene.objects for scene in first] != [scene.objects for scene in other]


def test_a_photo_that_its_garment_fills_shows_no_background() -> None:
    mask = np.zeros((10, 10), np.uint8)
    mask[:4] = 255
    assert shows_background(mask)
    mask[:6] = 255
    assert not shows_background(mask)


def test_another_light_leaves_the_outline_as_it_is() -> None:
    layer = np.zeros((60, 40, 4), np.uint8)
    layer[10:50, 10:30] = (90, 140, 60, 255)
    lit = [relit(layer, np.random.default_rng(seed)) for seed in range(12)]
    assert all(np.array_equal(each[..., 3], layer[..., 3]) for each in lit)
    assert len({each[20, 20].tobytes() for each in lit}) == 12
    hues = [cv2.cvtColor(each[20:21, 20:21, :3], cv2.COLOR_RGB2HSV)[0, 0, 0] for each in lit]
    assert 0 < sum(abs(int(hue) - 48) > 12 for hue in hues) < 8  # about one in four; 48 is its own
