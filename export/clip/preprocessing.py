"""The preprocessing that an open_clip model comes with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from export.errors import Unsupported
from models.preprocessing import UNUSED_FILL, ImagePreprocessing, ResizeMode

MODES: Mapping[str, ResizeMode] = {"squash": "squash", "shortest": "shortest", "longest": "longest"}


def read_preprocessing(network: Any) -> ImagePreprocessing:
    """What open_clip's own transform of this network does.

    Source: `open_clip.transform.image_transform`, whose defaults these are.

    Raises:
        Unsupported: it resizes in a way that is not known here.
    """
    import open_clip

    settings = open_clip.model.get_model_preprocess_cfg(network)
    height, width = _pair(settings["size"])
    name = settings.get("resize_mode") or "shortest"
    mode = MODES.get(name)
    if mode is None:
        raise Unsupported(f"its preprocessing resizes by {name!r}; only {', '.join(MODES)} can be exported")
    return ImagePreprocessing(
        height=height,
        width=width,
        resize_mode=mode,
        interpolation=_interpolation(settings, mode, height == width),
        mean=_triple(settings["mean"]),
        std=_triple(settings["std"]),
        fill=int(settings.get("fill_color") or 0) if mode == "longest" else UNUSED_FILL,
    )


def _interpolation(settings: Any, mode: str, is_square: bool) -> Literal["bilinear", "bicubic"]:
    """open_clip does not pass its setting on where it scales the shorter side to a non-square input."""
    ignored = mode == "shortest" and not is_square
    return "bilinear" if settings.get("interpolation") == "bilinear" and not ignored else "bicubic"


def _pair(size: Any) -> tuple[int, int]:
    height, width = (size, size) if isinstance(size, int) else size
    return int(height), int(width)


def _triple(values: Any) -> tuple[float, float, float]:
    red, green, blue = values if isinstance(values, (list, tuple)) else (values,) * 3
    return float(red), float(green), float(blue)
