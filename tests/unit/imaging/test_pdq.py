from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from domain.errors import InvalidInput
from domain.types import Pixels
from imaging.decode import DecodeLimits
from imaging.pdq import MAX_DISTANCE, MIN_QUALITY, PhotoHash, distances, hash_photo, hash_pixels, to_words

LIMITS = DecodeLimits()


def draw_photo(seed: int, height: int = 400, width: int = 520) -> Pixels:
    """A picture with detail of many sizes, as photos have: patches in patches."""
    random = np.random.default_rng(seed)
    photo = np.zeros((height, width, 3))
    for cells in (3, 7, 15, 31):
        patches = random.uniform(0, 255 / cells**0.3, (cells, cells, 3)).astype(np.uint8)
        scaled = Image.fromarray(patches).resize((width, height), Image.Resampling.BICUBIC)
        photo += np.asarray(scaled, float) / 2
    return np.clip(photo, 0, 255).astype(np.uint8)


def jpeg(pixels: Pixels, quality: int = 95) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def away(one: PhotoHash, other: PhotoHash) -> int:
    return int(distances(one.bits, to_words([other.bits]))[0])


def resized(pixels: Pixels, factor: float) -> Pixels:
    size = round(pixels.shape[1] * factor), round(pixels.shape[0] * factor)
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))


@pytest.mark.parametrize(
    ("seed", "height", "width", "expected"),
    [
        (0, 400, 520, "5babb70d0c9767762998d1a366e10407b3a790176c3867752a6bc9ed049c97ea"),
        (1, 300, 200, "3f10e63d8c5081e58346f3fb399ff454696e9f42f271236519386633743289d9"),
        (2, 64, 64, "0b34f85c10c949f23ae88756df406e66018b7eeb0ef57e5c983efa82da11e649"),
        (3, 130, 511, "a939a2837a8e1eff8d8209816971e4b788e36b18d6bc97da6fc88468643627d7"),
    ],
)
def test_the_hash_is_that_of_the_reference(seed: int, height: int, width: int, expected: str) -> None:
    """Expected are hashes by `pdqhash` 0.2.8, which wraps Meta's C++; another Pillow may turn a few bits."""
    found = hash_pixels(draw_photo(seed, height, width))
    assert away(found, PhotoHash(bytes.fromhex(expected), 100)) <= 4
    assert found.quality == 100


@pytest.mark.parametrize("seed", range(5))
def test_copies_are_within_the_distance(seed: int) -> None:
    photo = draw_photo(seed)
    original = hash_photo(jpeg(photo), LIMITS)
    height, width = photo.shape[:2]
    copies = {
        "half the size": jpeg(resized(photo, 0.5)),
        "three times the size": jpeg(resized(photo, 3)),
        "quality 50": jpeg(photo, 50),
        "brighter": jpeg(np.clip(photo * 1.15, 0, 255).astype(np.uint8)),
        "cropped by 2 %": jpeg(photo[height // 100 : -height // 100, width // 100 : -width // 100]),
    }
    assert original.usable
    assert {
        name: away(original, hash_photo(copy, LIMITS)) <= MAX_DISTANCE for name, copy in copies.items()
    } == dict.fromkeys(copies, True)


def test_other_photos_are_far_away() -> None:
    hashes = [hash_pixels(draw_photo(seed)) for seed in range(20)]
    apart = [away(one, other) for i, one in enumerate(hashes) for other in hashes[:i]]
    assert min(apart) > 2 * MAX_DISTANCE


@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_plain_picture_has_no_usable_hash(value: int) -> None:
    plain = np.full((300, 400, 3), value, np.uint8)
    assert hash_pixels(plain).quality == 0
    noise = np.random.default_rng(0).integers(-4, 5, plain.shape)
    found = hash_pixels(np.clip(plain + noise, 0, 255).astype(np.uint8))
    assert found.quality < MIN_QUALITY
    assert not found.usable


def test_half_of_the_bits_are_set() -> None:
    bits = hash_pixels(draw_photo(1)).bits
    assert len(bits) == 32
    assert int.from_bytes(bits).bit_count() == 128


def test_distances_count_differing_bits() -> None:
    bits = bytes(range(32))
    one, all_turned = bytes([bits[0] ^ 4, *bits[1:]]), bytes(byte ^ 255 for byte in bits)
    assert distances(bits, to_words([bits, one, all_turned])).tolist() == [0, 1, 256]
    assert distances(bits, to_words([])).tolist() == []


@pytest.mark.parametrize(("height", "width"), [(8, 8), (8, 300), (64, 64), (600, 40)])
def test_any_size_is_hashed(height: int, width: int) -> None:
    assert len(hash_pixels(draw_photo(2, height, width)).bits) == 32


def test_an_undecodable_photo_is_refused() -> None:
    with pytest.raises(InvalidInput, match="content"):
        hash_photo(b"no picture", LIMITS)
