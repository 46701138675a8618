"""PDQ: a hash of how a photo looks, equal or nearly so for copies of it, and how much detail it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from domain.types import Pixels
from imaging.decode import DecodeLimits, open_image

_Floats: TypeAlias = npt.NDArray[np.float32]

BITS = 256
MIN_QUALITY = 50
"""Photos of a lower quality have too little detail to be told apart. Source: the PDQ paper's advice."""
MAX_DISTANCE = 31
"""Photos whose hashes differ in so many bits or fewer are copies. Source: the PDQ paper's advice."""

_ENOUGH_PX = 512
"""Of the longer side: from twice as many on, a picture is made smaller first."""
_GRID, _BANDS = 64, 16
_BOX_PASSES = 2
_QUALITY_UNIT = 90


@dataclass(frozen=True, slots=True)
class PhotoHash:
    """The PDQ hash of a photo.

    Attributes:
        bits: 32 bytes, a number in big-endian order, which other PDQ tools write in hexadecimal: its bit
            16 i + j is of row i and column j of the DCT.
        quality: how much detail the photo has, 0 to 100.
    """

    bits: bytes
    quality: int

    @property
    def usable(self) -> bool:
        """Whether the photo has enough detail to be told apart from others."""
        return self.quality >= MIN_QUALITY


def hash_photo(content: bytes, limits: DecodeLimits) -> PhotoHash:
    """The hash of an encoded photo, which is decoded as small as possible.

    Raises:
        InvalidInput: with field "content", as `open_image` and `EncodedImage.decode`.
    """
    return hash_pixels(open_image(content, limits).reduced_to(_ENOUGH_PX).decode())


def hash_pixels(pixels: Pixels) -> PhotoHash:
    """The hash of a picture (H, W, 3) uint8 RGB of any size.

    Source: "The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm", Facebook, 2019:
    luminance, two passes of a box filter per axis, 64 x 64 samples, DCT, 16 x 16 coefficients against their
    median.
    """
    grid = _sampled(_tent(_luminance(_reduced(pixels))))
    coefficients = _dct(grid)
    bits = np.packbits((coefficients > np.median(coefficients)).ravel()[::-1])
    return PhotoHash(bits.tobytes(), _quality(grid))


def distances(bits: bytes, others: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """In how many of the 256 bits a hash differs from each of the others (N, 4); see `to_words`."""
    return np.asarray(np.bitwise_count(others ^ to_words([bits])).sum(axis=1), np.int64)


def to_words(hashes: Sequence[bytes]) -> npt.NDArray[np.uint64]:
    """Hashes of 32 bytes as (N, 4) uint64, to be compared."""
    return np.frombuffer(b"".join(hashes), np.uint64).reshape(-1, BITS // 64)


def _reduced(pixels: Pixels) -> Pixels:
    """The picture at a whole fraction of its size, as JPEGs are decoded; other fractions turn more bits."""
    height, width = pixels.shape[:2]
    factor = max(height, width) // _ENOUGH_PX
    if factor < 2:
        return pixels
    size = max(width // factor, 1), max(height // factor, 1)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _luminance(pixels: Pixels) -> _Floats:
    """Y of Y'UV, (H, W), 0 to 255."""
    return np.asarray(cv2.cvtColor(pixels.astype(np.float32), cv2.COLOR_RGB2GRAY), np.float32)


def _tent(luminance: _Floats) -> _Floats:
    """Averages over the surroundings of each pixel, about as wide as the distance of two samples."""
    kernel = tuple(_window(side) for side in luminance.shape)
    counts = _box(np.ones_like(luminance), kernel)
    for _ in range(_BOX_PASSES):
        luminance = _box(luminance, kernel) / counts
    return luminance


def _window(side: int) -> int:
    """How many pixels one pass averages: half of the distance of two samples, rounded up."""
    return -(-side // (2 * _GRID))


def _box(values: _Floats, kernel: tuple[int, ...]) -> _Floats:
    """Sums over `kernel` rows and columns around each value; what is outside counts as 0."""
    anchor = tuple((size - 1) // 2 for size in reversed(kernel))
    summed = cv2.boxFilter(
        values, -1, kernel[::-1], anchor=anchor, normalize=False, borderType=cv2.BORDER_CONSTANT
    )
    return np.asarray(summed, np.float32)


def _sampled(values: _Floats) -> _Floats:
    """The values (64, 64) in the middles of the cells of a grid."""
    rows, columns = (((np.arange(_GRID) + 0.5) * side / _GRID).astype(int) for side in values.shape)
    return values[np.ix_(rows, columns)]


def _dct(grid: _Floats) -> _Floats:
    """The coefficients (16, 16) of frequencies 1 to 16 on both axes."""
    frequencies = np.arange(1, _BANDS + 1)[:, None]
    basis = np.cos(np.pi / (2 * _GRID) * frequencies * (2 * np.arange(_GRID) + 1)) * np.sqrt(2 / _GRID)
    return np.asarray(basis @ grid @ basis.T, np.float32)


def _quality(grid: _Floats) -> int:
    """Sums the steps between neighbours, in whole hundredths of the range, which leaves out noise."""
    steps = (np.abs(np.diff(grid, axis=axis)) * (100 / 255) for axis in (0, 1))
    total = sum(int(np.trunc(each).sum()) for each in steps)
    return min(total // _QUALITY_UNIT, 100)
