"""Pictures and files made for the tests of this folder."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from domain.types import Pixels


def draw_picture(height: int = 48, width: int = 64, seed: int = 0) -> Pixels:
    """Smooth colour gradients with a few hard edges, never square unless asked."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    waves = [
        127 + 120 * np.sin(x / width * random.uniform(2, 6) + y / height * random.uniform(2, 6))
        for _ in range(3)
    ]
    picture = np.stack(waves, axis=2)
    picture[height // 4 : height // 2, width // 3 : width // 2] = random.integers(0, 256, 3)
    return picture.astype(np.uint8)


def encode(picture: Pixels | Image.Image, format: str, **options: Any) -> bytes:
    """`picture` as a file, by Pillow."""
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    file = io.BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def png_chunk(name: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))


def write_png(
    samples: npt.NDArray[np.integer[Any]],
    color_type: int,
    bit_depth: int,
    chunks: Sequence[tuple[bytes, bytes]] = (),
) -> bytes:
    """A PNG of samples (H, W, C) at any depth; Pillow cannot write most of them."""
    height, width = samples.shape[:2]
    rows = b"".join(b"\0" + _pack(row.reshape(-1), bit_depth) for row in samples)
    header = struct.pack(">IIBBBBB", width, height, bit_depth, color_type, 0, 0, 0)
    body = [(b"IHDR", header), *chunks, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(name, payload) for name, payload in body)


def _pack(row: npt.NDArray[np.integer[Any]], bit_depth: int) -> bytes:
    if bit_depth == 16:
        return row.astype(">u2").tobytes()
    bits = np.unpackbits(row.astype(np.uint8)[:, None], axis=1)[:, 8 - bit_depth :]
    return np.packbits(bits.reshape(-1)).tobytes()


def png_header_of(width: int, height: int) -> bytes:
    """A PNG that promises a size and holds no pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header)


def jpeg_header_of(width: int, height: int) -> bytes:
    """A JPEG that promises a size and holds no pixels."""
    frame = struct.pack(">BHHB", 8, height, width, 3) + bytes([1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1])
    return b"\xff\xd8\xff\xc0" + struct.pack(">H", len(frame) + 2) + frame


def webp_header_of(width: int, height: int) -> bytes:
    """A WebP that promises a size and holds no pixels."""
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + struct.pack("<I", 10) + bytes(4) + canvas
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk
