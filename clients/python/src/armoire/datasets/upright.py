"""Photos as boxes refer to them: upright."""

from __future__ import annotations

import io

from PIL import Image

_ORIENTATION_TAG = 0x0112
_TURNS: dict[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""Source: Exif 2.32, 4.6.4 (tag 0x0112)."""
_SUFFIXES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}


def upright_file(content: bytes) -> tuple[bytes, str]:
    """A photo whose stored pixels are upright, and the suffix of its name.

    It is the original, byte for byte, unless EXIF turns it: then it is a PNG of the turned pixels, which
    loses nothing, and says nothing of an orientation any more.

    Raises:
        OSError: it cannot be decoded.
    """
    with Image.open(io.BytesIO(content)) as image:
        turn = _turn_of(image)
        if turn is None:
            return content, _SUFFIXES.get(image.format or "", "jpg")
        turned = _plain(image).transpose(turn)
    buffer = io.BytesIO()
    turned.save(buffer, "PNG", icc_profile=image.info.get("icc_profile"))
    return buffer.getvalue(), "png"


def upright_pixels(content: bytes) -> Image.Image:
    """The turned pixels, RGB. Raises OSError where they cannot be decoded."""
    with Image.open(io.BytesIO(content)) as image:
        turn = _turn_of(image)
        pixels = _plain(image).convert("RGB")
        return pixels if turn is None else pixels.transpose(turn)


def _turn_of(image: Image.Image) -> Image.Transpose | None:
    exif = Image.Exif()
    exif.load(image.info.get("exif", b""))
    return _TURNS.get(exif.get(_ORIENTATION_TAG, 1))


def _plain(image: Image.Image) -> Image.Image:
    """The pixels in a mode that PNG has."""
    return image.convert("RGB") if image.mode not in ("1", "L", "LA", "P", "RGB", "RGBA") else image.copy()
