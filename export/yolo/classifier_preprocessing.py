"""The preprocessing that a YOLO classifier comes with."""

from __future__ import annotations

from typing import Any, Literal

from export.errors import Unsupported
from export.yolo.checkpoint import Size
from models.preprocessing import ImagePreprocessing

DEFAULT_SIZE = 224, 224


def read_preprocessing(library: Any, size: Size | None) -> ImagePreprocessing:
    """What the library does to a picture before the network; `size` is the input's where it was asked for.

    A trained checkpoint has the transforms of its training: the shorter side is scaled to the input's and the
    centre cut out. For an input that is not square the library resizes the whole picture. Where there are no
    transforms, values are not normalised beyond 0 to 1.

    Source: ultralytics' `classify_transforms` and its predictor of classifiers.

    Raises:
        Unsupported: the transforms resize in a way that is not known here.
    """
    transforms = {type(each).__name__: each for each in getattr(_transforms(library), "transforms", ())}
    height, width = size or _trained_size(library, transforms)
    normalize = transforms.get("Normalize")
    return ImagePreprocessing(
        height=height,
        width=width,
        resize_mode="shortest" if height == width else "squash",
        interpolation=_interpolation(transforms.get("Resize")),
        mean=_triple(normalize.mean) if normalize else (0.0, 0.0, 0.0),
        std=_triple(normalize.std) if normalize else (1.0, 1.0, 1.0),
    )


def _transforms(library: Any) -> Any:
    """None in networks that are built from a yaml."""
    return getattr(library.model, "transforms", None)


def _trained_size(library: Any, transforms: dict[str, Any]) -> Size:
    trained = (library.ckpt or {}).get("train_args") or {}
    crop = transforms.get("CenterCrop")
    size = crop.size if crop else trained.get("imgsz")
    if isinstance(size, int):
        return size, size
    return (int(size[0]), int(size[-1])) if size else DEFAULT_SIZE


def _interpolation(resize: Any) -> Literal["bilinear", "bicubic"]:
    name = "bilinear" if resize is None else str(resize.interpolation.value)
    if name == "bicubic":
        return "bicubic"
    if name != "bilinear":
        raise Unsupported(f"its preprocessing resizes by {name!r}; only bilinear and bicubic can be exported")
    return "bilinear"


def _triple(values: Any) -> tuple[float, float, float]:
    red, green, blue = (float(value) for value in values)
    return red, green, blue
