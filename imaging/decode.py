"""Decodes pictures; the header is compared with the limits before any pixel is decoded."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from domain.errors import InvalidInput
from domain.types import Pixels
from imaging.formats import ACCEPTED, read_header
from imaging.header import Header, ImageFormat
from imaging.jpeg_header import without_metadata
from imaging.orientation import turn_upright

_REDUCTIONS = (8, 4, 2)
_STRIP_PIXELS = 2**18
_COSTLY_WEIGHT = 4
"""How many times the memory of others CMYK pictures, and transparent ones of 16 bits, take meanwhile."""

_Stored: TypeAlias = npt.NDArray[np.uint8 | np.uint16]


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """Limits of an encoded picture, and of what is cut out of it.

    Attributes:
        max_side_px: a JPEG can hold no longer side, and crops are JPEGs.
        max_scans: of a JPEG.
        max_scan_pixels: the scans of a JPEG times its pixels, since each scan goes over the whole picture.
        max_box_pixels: pixels of all boxes of a picture together.
    """

    max_bytes: int = 20 * 2**20
    max_pixels: int = 50_000_000
    max_frames: int = 1
    min_side_px: int = 8
    max_side_px: int = 65_500
    max_scans: int = 100
    max_scan_pixels: int = 1_000_000_000
    max_box_pixels: int = 200_000_000


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """The format of a picture and its upright size in pixels."""

    format: ImageFormat
    width: int
    height: int


@dataclass(frozen=True, slots=True, eq=False)
class EncodedImage:
    """An encoded picture whose header is within the limits; its pixels are not decoded yet.

    Both sides are divided by `reduction`, rounded up, when it is decoded.
    """

    content: bytes
    header: Header
    reduction: int = 1

    @property
    def info(self) -> ImageInfo:
        width, height = self.header.upright_size
        return ImageInfo(self.header.format, width, height)

    @property
    def pixel_count(self) -> int:
        """Pixels that decoding holds in memory, of 3 bytes each.

        For a progressive JPEG those of the full size; some pictures count several times.
        """
        header = self.header
        height, width = (header.height, header.width) if header.scans > 1 else self._stored_shape
        is_costly = header.is_cmyk or (header.has_alpha and header.bit_depth > 8)
        return height * width * (_COSTLY_WEIGHT if is_costly else 1)

    def reduced_to(self, least_px: int) -> EncodedImage:
        """The same picture, to be decoded as small as possible with a longer side of at least `least_px`.

        Only JPEGs can be decoded at a reduced size: a half, a quarter or an eighth.
        """
        if not self.header.reducible:
            return self
        longer = max(self.header.width, self.header.height)
        return replace(self, reduction=next((r for r in _REDUCTIONS if longer // r >= least_px), 1))

    def decode(self) -> Pixels:
        """Decode the first frame: upright, blended with white, 8 bits per channel; (H, W, 3) uint8 RGB.

        Raises:
            InvalidInput: the pixels are damaged; the field is "content".
        """
        header = self.header
        try:
            stored = _decode_stored(self.content, header, self.reduction)
        except (cv2.error, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
            raise _undecodable(header) from error
        if stored.shape != (*self._stored_shape, 3):
            raise _undecodable(header)
        return turn_upright(stored, header.orientation)

    @property
    def _stored_shape(self) -> tuple[int, int]:
        return -(-self.header.height // self.reduction), -(-self.header.width // self.reduction)


def open_image(content: bytes, limits: DecodeLimits) -> EncodedImage:
    """Read the header.

    Raises:
        InvalidInput: the picture is no accepted format, damaged or above a limit; the field is "content".
    """
    return EncodedImage(content, _header_within(content, limits))


def probe(content: bytes, limits: DecodeLimits) -> ImageInfo:
    """Read format and upright size. Raises InvalidInput as `open_image` does."""
    return open_image(content, limits).info


def decode(content: bytes, limits: DecodeLimits) -> Pixels:
    """Read the header and decode; see `open_image` and `EncodedImage.decode`."""
    return open_image(content, limits).decode()


def _header_within(content: bytes, limits: DecodeLimits) -> Header:
    if not content:
        raise InvalidInput("content", f"is empty; {ACCEPTED}")
    if len(content) > limits.max_bytes:
        raise InvalidInput("content", f"has {len(content)} bytes; at most {limits.max_bytes} are allowed")
    header = read_header(content)
    _check_size(header, limits)
    _check_repetition(header, limits)
    if not header.complete:
        raise InvalidInput("content", f"is a truncated {header.format.upper()}: its data end too early")
    return header


def _check_size(header: Header, limits: DecodeLimits) -> None:
    width, height = header.upright_size
    size = f"{width} x {height}"
    if min(width, height) < limits.min_side_px:
        raise InvalidInput("content", f"is {size} pixels; each side must have at least {limits.min_side_px}")
    if max(width, height) > limits.max_side_px:
        raise InvalidInput("content", f"is {size} pixels; each side may have at most {limits.max_side_px}")
    if width * height > limits.max_pixels:
        raise InvalidInput(
            "content", f"has {width * height} pixels ({size}); at most {limits.max_pixels} are allowed"
        )


def _check_repetition(header: Header, limits: DecodeLimits) -> None:
    if header.frames > limits.max_frames:
        raise InvalidInput("content", f"has {header.frames} frames; at most {limits.max_frames} allowed")
    if header.scans > limits.max_scans:
        raise InvalidInput("content", f"has {header.scans} scans; at most {limits.max_scans} are allowed")
    pixels = header.width * header.height
    if header.scans > 1 and header.scans * pixels > limits.max_scan_pixels:
        raise InvalidInput(
            "content",
            f"has {header.scans} scans of {pixels} pixels; at most {limits.max_scan_pixels // pixels} scans "
            "are allowed at this size",
        )


def _undecodable(header: Header) -> InvalidInput:
    return InvalidInput("content", f"is a damaged {header.format.upper()}: its pixels cannot be decoded")


def _decode_stored(content: bytes, header: Header, reduction: int) -> Pixels:
    """Decode as stored, not yet upright."""
    if header.is_cmyk or header.frames > 1:
        return _decode_with_pillow(content, header.format)
    if header.has_alpha:
        return _lay_on_white(_decode_with_opencv(content, cv2.IMREAD_UNCHANGED), header)
    flags = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
    if reduction > 1:
        flags |= (
            8 * reduction
        )  # the flag that distinguishes IMREAD_REDUCED_COLOR_2, _4 and _8 from IMREAD_COLOR
    return _to_eight_bits(_decode_with_opencv(content, flags))


def _decode_with_opencv(content: bytes, flags: int) -> _Stored:
    pixels: _Stored | None = cv2.imdecode(np.frombuffer(content, np.uint8), flags)
    if pixels is None:
        raise ValueError("OpenCV cannot decode it")
    return pixels


def _decode_with_pillow(content: bytes, format: ImageFormat) -> Pixels:
    """Decode what OpenCV decodes wrongly: CMYK, and frames that are smaller than their canvas."""
    if format is ImageFormat.JPEG:
        content = without_metadata(content)  # Pillow refuses, or warns of, what is wrong there
    with Image.open(io.BytesIO(content), formats=[format.upper()]) as image:
        if not image.has_transparency_data:
            return np.array(image.convert("RGB"))
        picture = image.convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    return np.array(Image.alpha_composite(paper, picture).convert("RGB"))


def _lay_on_white(pixels: _Stored, header: Header) -> Pixels:
    """Convert grey (H, W), BGR or BGRA of 8 or 16 bits to RGB, blended with white.

    This is done in strips of rows, since it takes several times the memory of what it converts.
    """
    height, width = pixels.shape[:2]
    shown, rows = np.empty((height, width, 3), np.uint8), max(_STRIP_PIXELS // width, 1)
    for top in range(0, height, rows):
        shown[top : top + rows] = _lay_strip_on_white(pixels[top : top + rows], header)
    return shown


def _lay_strip_on_white(pixels: _Stored, header: Header) -> Pixels:
    if pixels.ndim == 2:
        return _lay_grey_on_white(pixels, header)
    eight = _to_eight_bits(pixels)
    if eight.shape[2] == 3:
        return np.asarray(cv2.cvtColor(eight, cv2.COLOR_BGR2RGB), np.uint8)
    rgb = cv2.cvtColor(eight, cv2.COLOR_BGRA2RGB)
    alpha = cv2.cvtColor(eight[..., 3], cv2.COLOR_GRAY2RGB)
    shown = cv2.multiply(rgb, alpha, scale=1 / 255)
    return np.asarray(cv2.add(shown, cv2.bitwise_not(alpha)), np.uint8)


def _lay_grey_on_white(grey: _Stored, header: Header) -> Pixels:
    """Make the transparent grey of a PNG white; OpenCV ignores it and scales all depths to 0 to 255."""
    eight = _to_eight_bits(grey)
    if header.transparent_grey is not None:
        spread = 255 // (2**header.bit_depth - 1) if header.bit_depth < 8 else 1
        eight = np.where(grey == header.transparent_grey * spread, np.uint8(255), eight)
    return np.asarray(cv2.cvtColor(eight, cv2.COLOR_GRAY2RGB), np.uint8)


def _to_eight_bits(pixels: _Stored) -> Pixels:
    if pixels.dtype == np.uint16:
        return np.asarray(cv2.convertScaleAbs(pixels, alpha=1 / 257), np.uint8)
    return pixels.astype(np.uint8, copy=False)
