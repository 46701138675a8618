"""Real backgrounds: photos of one garment from which the garment is removed."""

from __future__ import annotations

import cv2
import numpy as np

from domain.types import Pixels
from training.data.cutout import Mask


def without_garment(picture: Pixels, mask: Mask, working_px: int = 96) -> Pixels:
    """The photo with its garment inpainted; the mask may be smaller than the photo.

    Source: Telea 2004, inpainting by the fast marching method, in OpenCV. It runs at `working_px`; film grain
    is added afterwards.
    """
    height, width = picture.shape[:2]
    hole = _hole(mask, height, width)
    scale = working_px / max(height, width)
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small_hole = cv2.resize(hole, small.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    filled = cv2.inpaint(small, np.where(small_hole > 0, 255, 0).astype(np.uint8), 4, cv2.INPAINT_TELEA)
    paint = cv2.resize(filled, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    paint += _grain(picture, hole)
    share = cv2.GaussianBlur(hole, (0, 0), 3)[..., None] / np.float32(255)
    return np.asarray(np.clip(picture * (1 - share) + paint * share, 0, 255), np.uint8)


def background_view(picture: Pixels, height: int, width: int, rng: np.random.Generator) -> Pixels:
    """A random crop of a background (height, width, 3), mirrored or rotated, with another brightness."""
    if rng.random() < 0.25:
        picture = np.ascontiguousarray(np.rot90(picture))
    if rng.random() < 0.5:
        picture = picture[:, ::-1]
    shape = np.asarray(picture.shape[:2])
    wanted = np.asarray([height, width])
    part = np.maximum(1, (wanted * (shape / wanted).min() * rng.uniform(0.55, 1.0)).astype(int))
    y, x = (int(rng.integers(0, spare + 1)) for spare in shape - part)
    cropped = np.ascontiguousarray(picture[y : y + part[0], x : x + part[1]])
    sized = cv2.resize(cropped, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.convertScaleAbs(sized, alpha=rng.uniform(0.8, 1.1), beta=rng.uniform(-12, 18)))


def _hole(mask: Mask, height: int, width: int) -> Mask:
    """The mask of the garment, dilated to include its edge and its shadow."""
    reach = max(3, round(0.04 * max(mask.shape)))
    grown = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1)))
    return np.asarray(cv2.resize(grown, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def _grain(picture: Pixels, hole: Mask) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Noise (H, W, 1) with the standard deviation of the fine detail outside the hole."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    detail = (grey - cv2.GaussianBlur(grey, (0, 0), 2))[hole == 0]
    strength = float(np.clip(detail.std() if len(detail) else 0.0, 0, 12))
    noise = np.random.default_rng(int(grey[0, 0])).normal(0, strength, picture.shape[:2])
    return np.asarray(noise[..., None], np.float32)
