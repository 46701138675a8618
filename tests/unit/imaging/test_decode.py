from __future__ import annotations

import contextlib
import io
import re
import struct
import tracemalloc
import zipfile

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from domain.errors import InvalidInput
from domain.types import Pixels
from imaging.decode import DecodeLimits, ImageInfo, decode, open_image, probe
from imaging.header import ImageFormat
from tests.unit.imaging import pictures

LIMITS = DecodeLimits()


def refusal(content: bytes, limits: DecodeLimits = LIMITS) -> str:
    """What probe and decode both say."""
    said = []
    for read in (probe, decode):
        with pytest.raises(InvalidInput) as caught:
            read(content, limits)
        (violation,) = caught.value.violations
        assert violation.field == "content"
        said.append(violation.description)
    assert said[0] == said[1]
    return said[0]


def pillow_pixels(content: bytes) -> Pixels:
    return np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("RGB"))


@pytest.mark.parametrize(
    ("format", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("JPEG", {"subsampling": 0, "quality": 95}),
        ("PNG", {}),
        ("WEBP", {"quality": 80}),
        ("WEBP", {"lossless": True}),
    ],
)
def test_decodes_what_pillow_decodes(format: str, options: dict[str, object]) -> None:
    content = pictures.encode(pictures.draw_picture(), format, **options)
    pixels = decode(content, LIMITS)
    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous
    np.testing.assert_array_equal(pixels, pillow_pixels(content))
    assert probe(content, LIMITS) == ImageInfo(ImageFormat(format.lower()), 64, 48)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_turns_upright(format: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = pictures.encode(pictures.draw_picture(), format, exif=exif)
    pixels = decode(content, LIMITS)
    np.testing.assert_array_equal(pixels, pillow_pixels(content))
    info = probe(content, LIMITS)
    assert (info.height, info.width) == pixels.shape[:2] == ((48, 64) if orientation < 5 else (64, 48))


@pytest.mark.parametrize(
    ("least_px", "reduction"),
    [(1, 8), (100, 8), (101, 4), (200, 4), (201, 2), (401, 2), (402, 1), (2**31, 1)],
)
def test_a_jpeg_is_decoded_as_small_as_is_asked_for(least_px: int, reduction: int) -> None:
    content = pictures.encode(pictures.draw_picture(602, 803), "JPEG", quality=90)
    image = open_image(content, LIMITS).reduced_to(least_px)
    pixels = image.decode()
    assert image.reduction == reduction
    assert pixels.shape[:2] == (-(-602 // reduction), -(-803 // reduction))
    assert image.pixel_count == pixels.shape[0] * pixels.shape[1]
    assert (image.info.width, image.info.height) == (803, 602)
    averaged = cv2.resize(decode(content, LIMITS), pixels.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert np.abs(pixels.astype(int) - averaged).mean() < 3


def test_a_progressive_jpeg_counts_whole() -> None:
    """Its decoder holds something of every pixel, however few it gives."""
    content = pictures.encode(pictures.draw_picture(480, 640), "JPEG", progressive=True)
    image = open_image(content, LIMITS).reduced_to(1)
    assert image.decode().shape == (60, 80, 3)
    assert image.pixel_count == 480 * 640


def test_pictures_whose_decoding_takes_more_memory_count_several_times() -> None:
    deep = np.zeros((8, 10, 4), np.uint16)
    cmyk = pictures.encode(Image.new("CMYK", (10, 8)), "JPEG")
    for content, times in (
        (pictures.write_png(deep, 6, 16), 4),
        (cmyk, 4),
        (pictures.write_png(deep, 6, 8), 1),
    ):
        assert open_image(content, LIMITS).pixel_count == times * 80


@pytest.mark.parametrize("depth", [8, 16])
def test_transparent_pictures_are_blended_with_little_memory_beside_their_own(depth: int) -> None:
    side, stored_bytes = 1500, 4 * depth // 8
    content = pictures.write_png(np.full((side, side, 4), 2**depth - 1, np.uint16), 6, depth)
    tracemalloc.start()
    pixels = decode(content, LIMITS)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert pixels.min() == 255
    assert peak_bytes < (stored_bytes + 3 + 4) * side**2


@pytest.mark.parametrize("orientation", [3, 6])
def test_a_reduced_jpeg_is_upright_too(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = pictures.encode(pictures.draw_picture(480, 640), "JPEG", exif=exif, quality=90)
    pixels = open_image(content, LIMITS).reduced_to(300).decode()
    averaged = cv2.resize(pillow_pixels(content), pixels.shape[1::-1], interpolation=cv2.INTER_AREA)
    assert max(pixels.shape) == 320
    assert np.abs(pixels.astype(int) - averaged).mean() < 2


@pytest.mark.parametrize(("format", "mode"), [("PNG", "RGB"), ("WEBP", "RGB"), ("JPEG", "CMYK")])
def test_what_cannot_be_reduced_keeps_its_pixels(format: str, mode: str) -> None:
    content = pictures.encode(Image.fromarray(pictures.draw_picture()).convert(mode), format)
    np.testing.assert_array_equal(open_image(content, LIMITS).reduced_to(1).decode(), decode(content, LIMITS))


def test_png_may_say_its_orientation_after_the_pixels() -> None:
    content = pictures.encode(pictures.draw_picture(), "PNG")
    turned = b"MM\0*" + struct.pack(">IHHHIHH", 8, 1, 0x0112, 3, 1, 6, 0)
    content = content[:-12] + pictures.png_chunk(b"eXIf", turned) + content[-12:]
    assert decode(content, LIMITS).shape == (64, 48, 3)


@pytest.mark.parametrize("size", [(64, 48), (65, 47)])
def test_transparent_picture_turns_upright_too(size: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = Image.fromarray(pictures.draw_picture(size[1], size[0])).convert("RGBA")
    image.putpixel((0, 0), (10, 20, 30, 0))
    pixels = decode(pictures.encode(image, "PNG", exif=exif), LIMITS)
    assert pixels.shape == (size[0], size[1], 3)
    assert pixels[0, -1].tolist() == [255, 255, 255]


def test_cmyk_jpeg() -> None:
    picture = pictures.draw_picture()
    content = pictures.encode(Image.fromarray(picture).convert("CMYK"), "JPEG", quality=100)
    assert np.abs(decode(content, LIMITS).astype(int) - picture).mean() < 3


def test_ycck_jpeg() -> None:
    picture = pictures.draw_picture()
    inks = Image.fromarray(picture).convert("CMYK")
    # YCCK: the inks C, M, Y seen as RGB and stored as YCbCr, an inverted K beside them, as Adobe's marker
    # with transform 2 announces. Pillow inverts all it is given, so three of them are inverted beforehand.
    cyan, magenta, yellow, black = inks.split()
    ycc = Image.merge("RGB", [cyan, magenta, yellow]).convert("YCbCr")
    stored = Image.merge("CMYK", [*(ImageOps.invert(band) for band in ycc.split()), black])
    content = pictures.encode(stored, "JPEG", quality=100, subsampling=0)
    adobe = content.index(b"Adobe")
    content = content[: adobe + 11] + b"\x02" + content[adobe + 12 :]
    assert np.abs(decode(content, LIMITS).astype(int) - picture).mean() < 4


def test_grey_jpeg() -> None:
    grey = Image.fromarray(pictures.draw_picture()).convert("L")
    pixels = decode(pictures.encode(grey, "JPEG", quality=100), LIMITS)
    assert np.abs(pixels.astype(int) - np.asarray(grey)[..., None]).max() <= 3


def expected_of_samples(samples: np.ndarray, color_type: int, top: int, key: list[int] | None) -> np.ndarray:
    """The picture on white that PNG samples (H, W, C) stand for, 0 to 255, by the specification."""
    has_alpha = color_type in (4, 6)
    color = samples[..., : samples.shape[2] - has_alpha]
    alpha = samples[..., -1:] / top if has_alpha else np.ones_like(color[..., :1], float)
    if key is not None:
        alpha = 1.0 - (color == key).all(axis=2, keepdims=True)
    return np.broadcast_to(color / top * alpha + 1 - alpha, (*samples.shape[:2], 3)) * 255


@pytest.mark.parametrize("with_key", [False, True])
@pytest.mark.parametrize(
    ("color_type", "channels", "bit_depth"),
    [(0, 1, 1), (0, 1, 2), (0, 1, 4), (0, 1, 8), (0, 1, 16), (2, 3, 8), (2, 3, 16)],
)
def test_png_depths_and_transparent_colour(
    color_type: int, channels: int, bit_depth: int, with_key: bool
) -> None:
    samples = np.random.default_rng(1).integers(0, 2**bit_depth, (13, 11, channels))
    key = samples[5, 4].tolist()
    chunks = [(b"tRNS", struct.pack(f">{channels}H", *key))] if with_key else []
    pixels = decode(pictures.write_png(samples, color_type, bit_depth, chunks), LIMITS)
    expected = expected_of_samples(samples, color_type, 2**bit_depth - 1, key if with_key else None)
    assert np.abs(pixels - expected).max() <= 1.01


@pytest.mark.parametrize(("color_type", "channels"), [(4, 2), (6, 4)])
@pytest.mark.parametrize("bit_depth", [8, 16])
def test_png_alpha_is_laid_on_white(color_type: int, channels: int, bit_depth: int) -> None:
    samples = np.random.default_rng(2).integers(0, 2**bit_depth, (13, 11, channels))
    pixels = decode(pictures.write_png(samples, color_type, bit_depth), LIMITS)
    expected = expected_of_samples(samples, color_type, 2**bit_depth - 1, None)
    assert np.abs(pixels - expected).max() <= 1.5


@pytest.mark.parametrize("bit_depth", [1, 2, 4, 8])
def test_png_palette_with_transparency(bit_depth: int) -> None:
    random = np.random.default_rng(3)
    entries = min(2**bit_depth, 16)
    palette = random.integers(0, 256, (entries, 3))
    indices = random.integers(0, entries, (13, 11, 1))
    chunks = [(b"PLTE", palette.astype(np.uint8).tobytes()), (b"tRNS", bytes([0, 128]))]
    pixels = decode(pictures.write_png(indices, 3, bit_depth, chunks), LIMITS)
    alpha = np.concatenate([[0, 128 / 255], np.ones(entries)])[indices]
    expected = palette[indices[..., 0]] * alpha + 255 * (1 - alpha)
    assert np.abs(pixels - expected).max() <= 0.51


@pytest.mark.parametrize("lossless", [False, True])
def test_webp_alpha_is_laid_on_white(lossless: bool) -> None:
    image = Image.fromarray(pictures.draw_picture()).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    content = pictures.encode(image, "WEBP", lossless=lossless)
    stored = np.asarray(Image.open(io.BytesIO(content)).convert("RGBA")).astype(float)
    alpha = stored[..., 3:] / 255
    assert np.abs(decode(content, LIMITS) - (stored[..., :3] * alpha + 255 * (1 - alpha))).max() <= 0.51


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_first_frame_of_an_animation_within_the_limit(format: str) -> None:
    frames = [pictures.draw_picture(seed=seed) for seed in range(3)]
    others = [Image.fromarray(frame) for frame in frames[1:]]
    content = pictures.encode(frames[0], format, save_all=True, append_images=others, lossless=True)
    np.testing.assert_array_equal(decode(content, DecodeLimits(max_frames=3)), frames[0])


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_too_many_frames_are_refused(format: str) -> None:
    others = [Image.fromarray(pictures.draw_picture(seed=seed)) for seed in (1, 2)]
    content = pictures.encode(pictures.draw_picture(), format, save_all=True, append_images=others)
    assert refusal(content) == "has 3 frames; at most 1 allowed"


@pytest.mark.parametrize(
    "header_of", [pictures.png_header_of, pictures.jpeg_header_of, pictures.webp_header_of]
)
def test_a_hundred_megapixels_are_refused_by_the_header(header_of: object) -> None:
    assert callable(header_of)
    content = header_of(12_500, 8_000)
    tracemalloc.start()
    said = refusal(content)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said == "has 100000000 pixels (12500 x 8000); at most 50000000 are allowed"
    assert peak_bytes < 2**20


@pytest.mark.parametrize(
    "header_of", [pictures.png_header_of, pictures.jpeg_header_of, pictures.webp_header_of]
)
@pytest.mark.parametrize("size", [(1, 1), (7, 400), (400, 7)])
def test_too_small_is_refused_by_the_header(header_of: object, size: tuple[int, int]) -> None:
    assert callable(header_of)
    assert refusal(header_of(*size)) == f"is {size[0]} x {size[1]} pixels; each side must have at least 8"


def test_sizes_at_the_limits_pass() -> None:
    content = pictures.encode(pictures.draw_picture(8, 20), "PNG")
    assert decode(content, DecodeLimits(max_pixels=160, max_bytes=len(content))).shape == (8, 20, 3)
    assert "160 pixels (20 x 8); at most 159" in refusal(content, DecodeLimits(max_pixels=159))


def test_too_many_bytes_are_refused() -> None:
    assert refusal(b"x" * 101, DecodeLimits(max_bytes=100)) == "has 101 bytes; at most 100 are allowed"


def test_a_progressive_jpeg_of_endless_scans_is_refused() -> None:
    content = pictures.encode(pictures.draw_picture(), "JPEG", progressive=True)
    last_scan = content.rindex(b"\xff\xda")
    content = content[:last_scan] + content[last_scan:-2] * 200 + b"\xff\xd9"
    assert re.fullmatch(r"has 2\d\d scans; at most 100 are allowed", refusal(content))


def with_comment(content: bytes, comment: bytes) -> bytes:
    """A progressive JPEG with a comment between its first scan and the segment behind that."""
    after = re.compile(rb"\xff\xc4").search(content, content.index(b"\xff\xda"))
    assert after
    segment = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    return content[: after.start()] + segment + content[after.start() :]


def test_scans_behind_a_comment_that_looks_like_the_end_are_counted() -> None:
    content = pictures.encode(pictures.draw_picture(), "JPEG", progressive=True)
    hiding = with_comment(content, b"\xff\xd9")
    assert open_image(hiding, LIMITS).header == open_image(content, LIMITS).header
    last_scan = content.rindex(b"\xff\xda")
    endless = content[:last_scan] + content[last_scan:-2] * 200 + b"\xff\xd9"
    said = refusal(with_comment(endless, b"\xff\xd9"))
    assert re.fullmatch(r"has 2\d\d scans; at most 100 are allowed", said)


def test_a_scan_in_a_comment_is_none_and_an_end_there_does_not_complete_a_jpeg() -> None:
    content = pictures.encode(pictures.draw_picture(), "JPEG", progressive=True)
    hiding = with_comment(content, b"\xff\xda" * 200)
    np.testing.assert_array_equal(decode(hiding, LIMITS), decode(content, LIMITS))
    cut = with_comment(content, b"\xff\xd9")[:-2]
    assert refusal(cut) == "is a truncated JPEG: its data end too early"


def test_a_jpeg_with_restart_markers_is_read_to_its_end() -> None:
    content = pictures.encode(pictures.draw_picture(), "JPEG", restart_marker_blocks=1)
    assert b"\xff\xd0" in content
    assert decode(content, LIMITS).shape == (48, 64, 3)


def test_many_scans_of_a_large_picture_are_refused() -> None:
    content = pictures.encode(pictures.draw_picture(), "JPEG", progressive=True)
    scans = open_image(content, LIMITS).header.scans
    pixels = 48 * 64
    assert decode(content, DecodeLimits(max_scan_pixels=scans * pixels)).shape == (48, 64, 3)
    said = refusal(content, DecodeLimits(max_scan_pixels=scans * pixels - 1))
    assert said == f"has {scans} scans of 3072 pixels; at most {scans - 1} scans are allowed at this size"


@pytest.mark.parametrize("header_of", [pictures.png_header_of, pictures.jpeg_header_of])
def test_a_side_that_no_crop_can_have_is_refused_by_the_header(header_of: object) -> None:
    assert callable(header_of)
    assert refusal(header_of(65_501, 9)) == "is 65501 x 9 pixels; each side may have at most 65500"


def test_empty_is_refused() -> None:
    assert refusal(b"") == "is empty; accepted are JPEG, PNG and WebP"


def zip_archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("shirt.jpg", b"\xff\xd8\xff")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (pictures.encode(pictures.draw_picture(), "GIF"), "a GIF"),
        (pictures.encode(pictures.draw_picture(), "BMP"), "a BMP"),
        (pictures.encode(pictures.draw_picture(), "TIFF"), "a TIFF"),
        (pictures.encode(pictures.draw_picture(), "AVIF"), "an AVIF, HEIC or video file"),
        (b"\n<!DOCTYPE html><html><body>404</body></html>", "an HTML page"),
        (b"\xef\xbb\xbf<html>", "an HTML page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG"),
        (b"%PDF-1.7\n", "a PDF"),
        (zip_archive(), "a ZIP archive"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "not an image"),
        (b"hello", "not an image"),
        (b"\0" * 64, "not an image"),
    ],
)
def test_a_stranger_is_named(content: bytes, name: str) -> None:
    assert refusal(content) == f"is {name}; accepted are JPEG, PNG and WebP"


WHOLE = {
    "JPEG": pictures.encode(pictures.draw_picture(), "JPEG", quality=80),
    "progressive JPEG": pictures.encode(pictures.draw_picture(), "JPEG", progressive=True),
    "JPEG with a thumbnail": pictures.encode(
        pictures.draw_picture(),
        "JPEG",
        exif=b"Exif\0\0" + pictures.encode(pictures.draw_picture(8, 9), "JPEG"),
    ),
    "CMYK JPEG": pictures.encode(Image.fromarray(pictures.draw_picture()).convert("CMYK"), "JPEG"),
    "PNG": pictures.encode(pictures.draw_picture(), "PNG"),
    "transparent PNG": pictures.encode(Image.fromarray(pictures.draw_picture()).convert("RGBA"), "PNG"),
    "WEBP": pictures.encode(pictures.draw_picture(), "WEBP"),
    "lossless WEBP": pictures.encode(pictures.draw_picture(), "WEBP", lossless=True),
}


@pytest.mark.parametrize("name", WHOLE)
def test_every_truncation_is_refused(name: str) -> None:
    content = WHOLE[name]
    decode(content, LIMITS)
    for length in {*range(12, len(content), 41), *range(len(content) - 20, len(content))}:
        assert re.search("truncated|damaged", refusal(content[:length])), length


@pytest.mark.parametrize("name", WHOLE)
def test_bytes_after_the_end_do_no_harm(name: str) -> None:
    content = WHOLE[name]
    np.testing.assert_array_equal(decode(content + b"trailer" * 9, LIMITS), decode(content, LIMITS))


@given(data=st.data())
@settings(max_examples=300, deadline=None)
def test_damage_is_refused_or_decoded_and_never_raises_anything_else(data: st.DataObject) -> None:
    content = bytearray(WHOLE[data.draw(st.sampled_from(sorted(WHOLE)))])
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    limits = DecodeLimits(max_pixels=1_000_000)
    with contextlib.suppress(InvalidInput):
        info = probe(bytes(content), limits)
        pixels = decode(bytes(content), limits)
        assert pixels.shape == (info.height, info.width, 3)
        assert pixels.dtype == np.uint8


def test_pixels_that_contradict_the_header_are_refused() -> None:
    content = bytearray(pictures.encode(pictures.draw_picture(), "PNG"))
    content[-24:-20] = b"\0\0\0\0"
    with pytest.raises(InvalidInput, match="damaged PNG: its pixels cannot be decoded"):
        decode(bytes(content), LIMITS)
