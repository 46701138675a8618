"""Hostile and odd pictures, made anew by each run: repeated headers, lying sizes, bombs, broken metadata."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from tests.unit.imaging.pictures import (
    draw_picture,
    encode,
    jpeg_header_of,
    png_chunk,
    png_header_of,
    webp_header_of,
    write_png,
)

BOMB_BYTES = 2**25
"""What the compressed parts of bombs grow to."""
SEGMENTS = 25_000


@dataclass(frozen=True, slots=True)
class HostilePicture:
    """A picture, and what its refusal says: a regular expression; "" where the picture is served."""

    name: str
    content: bytes
    refusal: str = ""


def hostile_pictures() -> list[HostilePicture]:
    return [*_jpegs(), *_jpegs_with_odd_metadata(), *_pngs(), *_odd_pngs(), *_webps()]


def _jpegs() -> Iterator[HostilePicture]:
    plain = encode(draw_picture(), "JPEG")
    progressive = encode(draw_picture(), "JPEG", progressive=True)
    last_scan = progressive.rindex(b"\xff\xda")
    endless = progressive[:last_scan] + progressive[last_scan:-2] * 300 + b"\xff\xd9"
    frame, _ = segment_of(plain, 0xC0)
    yield HostilePicture("scans", endless, "scans; at most 100")
    yield HostilePicture("scans behind a comment", behind_first_scan(endless), "scans; at most 100")
    yield HostilePicture("ended in a comment", behind_first_scan(progressive)[:-2], "truncated")
    yield HostilePicture("comments", after_start(plain, b"\xff\xfe\0\2" * SEGMENTS), "truncated or damaged")
    yield HostilePicture("fill bytes", after_start(plain, b"\xff" * 100_000), "truncated or damaged")
    yield HostilePicture("two frame headers", after_start(plain, frame), "pixels cannot be decoded")
    yield HostilePicture(
        "a second frame behind the data", plain[:-2] + resized(frame, 9000, 5000) + plain[-2:]
    )
    yield HostilePicture("large frame, few data", plain.replace(frame, resized(frame, 700, 700)))
    yield HostilePicture("no rows", plain.replace(frame, resized(frame, 64, 0)), "at least 8")
    yield HostilePicture("64 gigapixels", jpeg_header_of(65_500, 65_500), "at most 50000000")
    yield HostilePicture("a long side", jpeg_header_of(65_535, 9), "each side may have at most 65500")
    yield HostilePicture("1 px", encode(draw_picture(1, 400), "JPEG"), "at least 8")
    yield HostilePicture("half", plain[: len(plain) // 2], "truncated")
    yield HostilePicture(
        "12 bits", plain.replace(frame, frame[:4] + b"\x0c" + frame[5:]), "cannot be decoded"
    )
    yield HostilePicture("lossless", plain.replace(b"\xff\xc0", b"\xff\xc3"), "is a lossless")
    yield HostilePicture("arithmetic", plain.replace(b"\xff\xc0", b"\xff\xc9"), "arithmetic-coded JPEG")
    yield HostilePicture("extended", plain.replace(b"\xff\xc0", b"\xff\xc1"))


def _jpegs_with_odd_metadata() -> Iterator[HostilePicture]:
    plain = encode(draw_picture(), "JPEG")
    for name, payload in _odd_segments().items():
        yield HostilePicture(name, after_start(plain, payload))
    for mode in ("CMYK", "L"):
        image = Image.fromarray(draw_picture()).convert(mode)
        yield HostilePicture(mode, encode(image, "JPEG"))
        for name, payload in _odd_segments().items():
            yield HostilePicture(f"{mode}, {name}", after_start(encode(image, "JPEG"), payload))


def _odd_segments() -> dict[str, bytes]:
    """Marker segments of metadata that say something wrong."""
    loop = b"II*\0" + struct.pack("<IH", 8, 1) + struct.pack("<HHII", 0x8769, 4, 1, 8) + struct.pack("<I", 8)
    return {
        "orientation 9": jpeg_segment(0xE1, b"Exif\0\0" + exif_of(9)),
        "orientation of another type": jpeg_segment(0xE1, b"Exif\0\0" + exif_of(6, kind=2)),
        "EXIF without entries": jpeg_segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff"),
        "EXIF of 65535 entries": jpeg_segment(
            0xE1, b"Exif\0\0II*\0" + struct.pack("<IH", 8, 65535) + bytes(60_000)
        ),
        "EXIF that contains itself": jpeg_segment(0xE1, b"Exif\0\0" + loop),
        "no EXIF at all": jpeg_segment(0xE1, b"Exif\0\0"),
        "a profile that is none": jpeg_segment(0xE2, b"ICC_PROFILE\0\1\1" + b"junk" * 50),
        "part 9 of 3 of a profile": jpeg_segment(0xE2, b"ICC_PROFILE\0\x09\3" + b"junk" * 50),
        "an index of pictures": jpeg_segment(0xE2, b"MPF\0II*\0\x08\0\0\0\xff\xff" + b"\xb0" * 99),
        "Photoshop": jpeg_segment(0xED, b"Photoshop 3.0\0" + b"8BIM\x03\xed\0\0\0\0\0\1x"),
        "Adobe": jpeg_segment(0xEE, b"Adobe\0"),
        "JFIF": jpeg_segment(0xE0, b"JFIF\0"),
    }


def _pngs() -> Iterator[HostilePicture]:
    plain = encode(draw_picture(), "PNG")
    zeros = zlib.compress(bytes(BOMB_BYTES))
    header = plain[8:33]
    yield HostilePicture("PNG header twice", png_with(plain, header), "cannot be decoded")
    yield HostilePicture("PNG header 300 times", png_with(plain, header * 300), "cannot be decoded")
    yield HostilePicture(
        "other PNG header", png_with(plain, png_header_of(9000, 5000)[8:]), "cannot be decoded"
    )
    yield HostilePicture("PNG chunks", png_with(plain, png_chunk(b"tEXt", b"a\0b") * SEGMENTS), "truncated")
    yield HostilePicture("profile bomb", png_with(plain, png_chunk(b"iCCP", b"p\0\0" + zeros)))
    yield HostilePicture("text bomb", png_with(plain, png_chunk(b"zTXt", b"t\0\0" + zeros)))
    yield HostilePicture("more data than rows", png_of(64, 48, 2, zeros))
    yield HostilePicture("fewer data than rows", png_of(640, 480, 2, zlib.compress(bytes(99))), "cannot be")
    yield HostilePicture("data that are no zlib", png_of(64, 48, 2, b"junk" * 99), "cannot be decoded")
    yield HostilePicture("no data", png_header_of(64, 48) + png_chunk(b"IEND", b""), "cannot be decoded")
    yield HostilePicture("no palette", png_of(64, 48, 3, zlib.compress(bytes(65 * 48))), "cannot be decoded")
    yield HostilePicture(
        "colour type 5", png_of(64, 48, 5, zlib.compress(bytes(65 * 48))), "cannot be decoded"
    )
    yield HostilePicture(
        "4 billion frames", png_with(plain, png_chunk(b"acTL", b"\xff" * 8)), "at most 1 allowed"
    )
    yield HostilePicture("PNG of 2 gigapixels", png_header_of(46_000, 46_000), "at most 50000000")
    yield HostilePicture(
        "PNG of a long side", png_header_of(2**31 - 1, 8), "each side may have at most 65500"
    )
    yield HostilePicture("PNG of 1 px", encode(draw_picture(400, 1), "PNG"), "at least 8")
    yield HostilePicture("half a PNG", plain[: len(plain) // 2], "truncated")
    yield HostilePicture("PNG header too short", plain[:8] + png_chunk(b"IHDR", b"\0\0\0\x40"), "damaged")


def _odd_pngs() -> Iterator[HostilePicture]:
    deep = draw_picture().astype(np.uint16) * 257
    alpha = np.concatenate([deep, deep[..., :1]], axis=2)
    yield HostilePicture("16 bits", write_png(deep, 2, 16))
    yield HostilePicture("16 bits and alpha", write_png(alpha, 6, 16))
    yield HostilePicture("16 bits, grey", write_png(deep[..., :1], 0, 16))
    yield HostilePicture("16 bits, grey and alpha", write_png(deep[..., :2], 4, 16))
    yield HostilePicture("short transparency", write_png(deep[..., :1], 0, 16, [(b"tRNS", b"\0")]))
    yield HostilePicture("palette of one", write_png(deep[..., :1] * 0, 3, 1, [(b"PLTE", b"\1\2\3")]))
    yield HostilePicture(
        "index behind the palette", write_png(draw_picture()[..., :1], 3, 8, [(b"PLTE", b"\1\2\3")])
    )
    yield HostilePicture("very wide", encode(draw_picture(8, 65_500), "PNG"))
    yield HostilePicture("very high", encode(draw_picture(65_500, 8), "PNG"))
    yield HostilePicture("one colour", encode(draw_picture() * 0, "PNG"))
    yield HostilePicture("gamma 0", write_png(draw_picture(), 2, 8, [(b"gAMA", bytes(4))]))
    yield HostilePicture("a profile of junk", write_png(draw_picture(), 2, 8, [(b"iCCP", b"p\0\0junk")]))
    yield HostilePicture(
        "EXIF of junk", write_png(draw_picture(), 2, 8, [(b"eXIf", b"II*\0\xff\xff\xff\xff")])
    )


def _webps() -> Iterator[HostilePicture]:
    plain = encode(draw_picture(), "WEBP")
    others = [Image.fromarray(draw_picture(seed=seed)) for seed in range(1, 40)]
    inside = plain[12:]
    yield HostilePicture(
        "40 frames", encode(draw_picture(), "WEBP", save_all=True, append_images=others), "40 frames"
    )
    yield HostilePicture("a small canvas", riff(canvas(10, 10), inside), "cannot be decoded")
    yield HostilePicture("a large canvas", riff(canvas(6000, 8000), inside), "cannot be decoded")
    yield HostilePicture(
        "flag of an animation without frames", riff(canvas(64, 48, flags=2)), "cannot be decoded"
    )
    yield HostilePicture("a canvas alone", webp_header_of(64, 48), "cannot be decoded")
    yield HostilePicture(
        "a large picture in a small one", riff(canvas(64, 48), vp8l_of(16_000, 16_000)), "cannot be"
    )
    yield HostilePicture("WebP chunks", riff(canvas(64, 48), webp_chunk(b"JUNK", b"") * SEGMENTS + inside))
    yield HostilePicture("268 megapixels", riff(vp8l_of(16_384, 16_384)), "at most 50000000")
    yield HostilePicture("no chunk of pixels", riff(webp_chunk(b"JUNK", bytes(9))), "damaged")
    yield HostilePicture("WebP of 1 px", encode(draw_picture(1, 64), "WEBP"), "at least 8")
    yield HostilePicture("half a WebP", plain[: len(plain) // 2], "truncated")
    yield HostilePicture(
        "WebP that says it is shorter", plain[:4] + struct.pack("<I", 20) + plain[8:], "cannot be"
    )
    yield HostilePicture("WebP with EXIF of junk", encode(draw_picture(), "WEBP", exif=b"Exif\0\0junk"))
    yield HostilePicture(
        "WebP with a profile of junk", encode(draw_picture(), "WEBP", icc_profile=b"junk" * 40)
    )


def jpeg_segment(marker: int, payload: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload


def segment_of(content: bytes, marker: int) -> tuple[bytes, int]:
    """The first segment of a JPEG with that marker, and where it starts."""
    start = content.index(bytes([0xFF, marker]))
    return content[start : start + 2 + int.from_bytes(content[start + 2 : start + 4])], start


def resized(frame: bytes, width: int, height: int) -> bytes:
    """A frame header of a JPEG that says another size."""
    return frame[:5] + struct.pack(">HH", height, width) + frame[9:]


def after_start(content: bytes, segments: bytes) -> bytes:
    return content[:2] + segments + content[2:]


def behind_first_scan(content: bytes) -> bytes:
    """A progressive JPEG with the end of an image in a comment behind its first scan."""
    tables = content.index(b"\xff\xc4", content.index(b"\xff\xda"))
    return content[:tables] + jpeg_segment(0xFE, b"\xff\xd9") + content[tables:]


def exif_of(orientation: int, kind: int = 3) -> bytes:
    return b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, kind, 1, orientation, 0, 0)


def png_with(content: bytes, chunks: bytes) -> bytes:
    """A PNG with chunks between its header and its pixels."""
    return content[:33] + chunks + content[33:]


def png_of(width: int, height: int, color_type: int, data: bytes) -> bytes:
    """A PNG of 8 bits with compressed rows as given."""
    header = png_header_of(width, height)
    ihdr = header[16:24] + bytes([8, color_type, 0, 0, 0])
    return header[:8] + png_chunk(b"IHDR", ihdr) + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")


def webp_chunk(name: bytes, payload: bytes) -> bytes:
    return name + struct.pack("<I", len(payload)) + payload + bytes(len(payload) % 2)


def canvas(width: int, height: int, flags: int = 0) -> bytes:
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return webp_chunk(b"VP8X", struct.pack("<I", flags) + sizes)


def vp8l_of(width: int, height: int) -> bytes:
    """A lossless bitstream that promises a size."""
    return webp_chunk(b"VP8L", b"\x2f" + struct.pack("<I", width - 1 | (height - 1) << 14) + bytes(20))


def riff(*chunks: bytes) -> bytes:
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body
