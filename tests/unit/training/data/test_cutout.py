from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from domain.types import Pixels
from training.data.cutout import believable, bounds, cut_out, largest_parts


def photo(seed: int = 0) -> Pixels:
    """A dark blue rectangle from (30, 20) to (70, 110) on a noisy beige ground."""
    rng = np.random.default_rng(seed)
    picture = np.full((130, 100, 3), (200, 180, 150), np.float64)
    picture[20:110, 30:70] = (30, 40, 90)
    return np.clip(picture + rng.normal(0, 6, picture.shape), 0, 255).astype(np.uint8)


def test_a_garment_on_a_plain_ground_is_found() -> None:
    mask = cut_out(photo())
    assert mask is not None
    truth = np.zeros((130, 100), bool)
    truth[20:110, 30:70] = True
    shared = ((mask > 0) & truth).sum() / ((mask > 0) | truth).sum()
    assert shared > 0.95


def test_a_photo_has_the_same_mask_every_time_and_on_every_thread() -> None:
    rng = np.random.default_rng(3)
    rough = np.clip(photo().astype(int) + rng.normal(0, 45, (130, 100, 3)), 0, 255).astype(np.uint8)
    with ThreadPoolExecutor(2) as threads:
        masks = [cut_out(rough), *threads.map(cut_out, [rough] * 4), cut_out(rough)]
    assert all(np.array_equal(mask, masks[0]) for mask in masks if mask is not None and masks[0] is not None)
    assert len({mask is None for mask in masks}) == 1


def test_noise_alone_gives_no_mask() -> None:
    flat = np.full((90, 120, 3), 128, np.uint8)
    assert cut_out(flat) is None


def test_specks_go_but_pairs_stay() -> None:
    mask = np.zeros((60, 80), np.uint8)
    mask[10:40, 5:30] = 255
    mask[10:40, 45:70] = 255
    mask[50:53, 75:78] = 255
    kept = largest_parts(mask)
    assert bounds(kept) == (5, 10, 70, 40)


def test_masks_that_run_along_the_border_are_not_believed() -> None:
    mask = np.zeros((100, 100), np.uint8)
    mask[:, 20:60] = 255
    assert believable(mask) is not None
    mask[:, :60] = 255
    mask[60:, :] = 255
    assert believable(mask) is None


def test_bounds_are_exclusive_at_the_far_side() -> None:
    mask = np.zeros((10, 12), np.uint8)
    mask[3:5, 4:9] = 1
    assert bounds(mask) == (4, 3, 9, 5)
