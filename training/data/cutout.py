"""Segments the garment of a photo that shows one garment on a background, without a model.

Source: GrabCut (Rother, Kolmogorov, Blake 2004) in OpenCV, initialised with the photo's border as background.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from domain.types import Pixels

Mask = npt.NDArray[np.uint8]
"""(H, W) uint8, 255 on the garment."""


def cut_out(picture: Pixels, margin: float = 0.04, rounds: int = 3) -> Mask | None:
    """The garment's mask, or None if the segmentation is not plausible.

    `margin` is the share of each side that is initialised as background.
    """
    height, width = picture.shape[:2]
    labels = np.full((height, width), cv2.GC_PR_FGD, np.uint8)
    dy, dx = max(1, round(margin * height)), max(1, round(margin * width))
    labels[:dy], labels[-dy:], labels[:, :dx], labels[:, -dx:] = (cv2.GC_BGD,) * 4
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)  # GrabCut starts from random clusters; OpenCV has a generator per thread
    try:
        cv2.grabCut(picture, labels, None, *models, rounds, cv2.GC_INIT_WITH_MASK)
    except cv2.error:
        return None
    mask = np.where((labels == cv2.GC_FGD) | (labels == cv2.GC_PR_FGD), 255, 0).astype(np.uint8)
    return believable(largest_parts(mask))


def largest_parts(mask: Mask, share: float = 0.2) -> Mask:
    """Keep the connected parts with at least `share` of the largest part's area (shoes come in pairs)."""
    kernel = np.ones((3, 3), np.uint8)
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, kernel, iterations=1)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened)
    if count < 2:
        return np.zeros_like(mask)
    areas = stats[1:, cv2.CC_STAT_AREA]
    kept = 1 + np.flatnonzero(areas >= share * areas.max())
    return np.where(np.isin(labels, kept), 255, 0).astype(np.uint8)


def believable(mask: Mask) -> Mask | None:
    """The mask, or None if it is too small, too large, too ragged or runs along the border."""
    height, width = mask.shape
    area = float((mask > 0).mean())
    if not 0.06 <= area <= 0.8:
        return None
    x1, y1, x2, y2 = bounds(mask)
    filled = (mask > 0).sum() / ((x2 - x1) * (y2 - y1))
    at_border = [x1 <= 0.05 * width, y1 <= 0.05 * height, x2 >= 0.95 * width, y2 >= 0.95 * height]
    return mask if filled >= 0.35 and sum(at_border) <= 2 else None


def bounds(mask: Mask) -> tuple[int, int, int, int]:
    """The bounding box x1, y1, x2, y2 (exclusive) of the non-zero pixels."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
