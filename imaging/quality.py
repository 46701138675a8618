"""Whether a crop is worth describing."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from domain.types import Pixels, QualityIssue

_CLIPPED = 250


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """Where a crop is rejected, and where it, or its photo, is kept with a warning.

    Lightness and contrast are 0 to 255. Sharpness is the variance of the Laplacian of the grey picture, its
    longer side brought down to `sharpness_side_px`. A photo with a side below `warn_image_side_px` has fewer
    pixels than image encoders are made for. Crops with a garment score below `min_garment_score` are
    rejected, which only an embedder can tell.
    """

    min_side_px: int = 50
    max_aspect_ratio: float = 10.0
    warn_image_side_px: int = 224
    min_contrast: float = 3.0
    min_sharpness: float = 40.0
    sharpness_side_px: int = 256
    darkest_highlight: float = 60.0
    max_clipped_share: float = 0.5
    min_garment_score: float = 0.0


@dataclass(frozen=True, slots=True)
class Quality:
    """Why a crop is rejected, None where it is not, and what else is wrong with it."""

    reason: QualityIssue | None = None
    warnings: tuple[QualityIssue, ...] = ()


def assess(crop: Pixels, limits: QualityLimits) -> Quality:
    """Judge a crop by its own pixels."""
    reason = _shape_issue(crop, limits)
    if reason is None and _contrast(crop) < limits.min_contrast:
        reason = QualityIssue.FLAT_COLOR
    return Quality(reason) if reason else Quality(warnings=_warnings(crop, limits))


def photo_warnings(width: int, height: int, limits: QualityLimits) -> tuple[QualityIssue, ...]:
    """What is wrong with a photo of that size as a whole."""
    return (QualityIssue.LOW_RESOLUTION,) if min(width, height) < limits.warn_image_side_px else ()


def _shape_issue(crop: Pixels, limits: QualityLimits) -> QualityIssue | None:
    shorter, longer = sorted(crop.shape[:2])
    if shorter < limits.min_side_px:
        return QualityIssue.TOO_SMALL
    if longer > shorter * limits.max_aspect_ratio:
        return QualityIssue.ASPECT_RATIO
    return None


def _contrast(crop: Pixels) -> float:
    """The largest standard deviation of a channel, over some 4,096 pixels."""
    step_y, step_x = max(crop.shape[0] // 64, 1), max(crop.shape[1] // 64, 1)
    _, deviations = cv2.meanStdDev(np.ascontiguousarray(crop[::step_y, ::step_x]))
    return float(deviations.max())


def _warnings(crop: Pixels, limits: QualityLimits) -> tuple[QualityIssue, ...]:
    grey = _normalized_grey(crop, limits.sharpness_side_px)
    found = {
        QualityIssue.BLURRED: cv2.Laplacian(grey, cv2.CV_32F).var() < limits.min_sharpness,
        QualityIssue.UNDEREXPOSED: (grey < limits.darkest_highlight).mean() > 0.95,
        QualityIssue.OVEREXPOSED: _clipped_share(grey) > limits.max_clipped_share,
    }
    return tuple(issue for issue, is_found in found.items() if is_found)


def _clipped_share(grey: Pixels) -> float:
    """How much of the middle has run into white; the edges are often a white backdrop."""
    height, width = grey.shape
    middle = grey[height // 4 : height - height // 4, width // 4 : width - width // 4]
    return float((middle >= _CLIPPED).mean())


def _normalized_grey(crop: Pixels, side_px: int) -> Pixels:
    """Grey (H, W) with the longer side at most `side_px`; enlarging would only look blurred."""
    grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
    gain = side_px / max(grey.shape)
    if gain < 1:
        size = max(round(grey.shape[1] * gain), 1), max(round(grey.shape[0] * gain), 1)
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return np.asarray(grey, np.uint8)
