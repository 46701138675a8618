"""How pictures and texts become a graph's input, as a manifest says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from pydantic import ConfigDict

from domain.types import Pixels
from imaging.crop import PadMode, fit_padded, pad_to_shape, resize
from imaging.fit import center_crop, contain, cover, squash

UNUSED_FILL = 114
"""Stands in manifests of modes that fill nothing."""

ResizeMode: TypeAlias = Literal[
    "letterbox", "squash", "shortest", "longest", "square-pad-reflect", "square-pad-mean"
]

_STRICT = ConfigDict(extra="forbid", strict=True)

# Crops with a longer side than this are resized before they are padded, which is off by a part of a pixel:
# the padded picture of a very long crop would fill the memory.
MAX_PADDED_PX = 4096

# Where the shorter side is what counts, it is still twice the input's in photos of up to 3:1.
_DECODE_FACTOR = {"squash": 6, "shortest": 6}


@dataclass(frozen=True, slots=True)
class ImagePreprocessing:
    """How a picture becomes the graph's input (N, height, width, 3) uint8 RGB.

    Attributes:
        resize_mode: what is done where the picture has another shape than the input.
            "letterbox": scaled to fit, centred on grey `fill`, by ultralytics' rules for rounding.
            "squash": resized, whatever its shape.
            "shortest": scaled until its shorter side fits, the centre cut out.
            "longest": scaled until its longer side fits, centred on grey `fill`.
            "square-pad-reflect", "square-pad-mean": padded to the input's proportions, by reflection or with
            its mean colour, then resized; of artifacts made before the other modes were read.
        mean, std: the graph itself computes (x / 255 - mean) / std per channel; they are for the reader.
        fill: 0 to 255; used by "letterbox" and "longest" alone.
        resize_size: (height, width) above the input's; "squash" and "shortest" scale a photo to it and
            cut the input out of its centre, as classifiers tested with a crop ratio below 1 do. None:
            they scale to the input's own size.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    height: int
    width: int
    resize_mode: ResizeMode
    interpolation: Literal["bilinear", "bicubic"]
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    fill: int = UNUSED_FILL
    resize_size: tuple[int, int] | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """(height, width, 3)."""
        return self.height, self.width, 3

    @property
    def min_decode_px(self) -> int:
        """The longer side to which a photo may be shrunk before it is prepared: twice the input's or more."""
        return _DECODE_FACTOR.get(self.resize_mode, 2) * max(self.resize_size or (self.height, self.width))

    def fit_photo(self, photo: Pixels) -> Pixels:
        """A photo (H, W, 3) as the model's authors prepare one: (height, width, 3)."""
        size = self.height, self.width
        if self.resize_mode == "squash":
            squashed = squash(photo, *(self.resize_size or size), self.interpolation)
            return center_crop(squashed, *size) if self.resize_size else squashed
        if self.resize_mode == "shortest":
            return cover(photo, *size, self.interpolation, self.resize_size)
        if self.resize_mode == "longest":
            return contain(photo, *size, self.fill, self.interpolation)
        return self._fit_padded(photo)

    def fit_garment(self, crop: Pixels) -> Pixels:
        """A garment's crop (H, W, 3), none of it cut away and its proportions kept: (height, width, 3).

        Where the model's own mode would cut ("shortest") or distort ("squash"), the crop is first padded by
        reflection to the input's proportions, so to a square where the input is one. What is left of every
        mode is then a plain resize. A crop of the input's proportions is prepared as a photo is.
        """
        return self.fit_photo(crop) if self.resize_mode == "longest" else self._fit_padded(crop)

    def _fit_padded(self, crop: Pixels) -> Pixels:
        pad_mode: PadMode = "mean" if self.resize_mode == "square-pad-mean" else "reflect"
        size = self.height, self.width
        if max(crop.shape) > MAX_PADDED_PX:
            return fit_padded(crop, *size, pad_mode, self.interpolation)
        return resize(pad_to_shape(crop, *size, pad_mode), *size, self.interpolation)


@dataclass(frozen=True, slots=True)
class TextPreprocessing:
    """How a text becomes the graph's input (N, context_length) int64.

    `clean` is what is done before the tokenizer: see `models.text_encoder.clean`.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    context_length: int
    clean: Literal["lower", "whitespace", "canonicalize"]
