from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from training.data.thumbnails import load_thumbnails, read_picture, shrink


def write_photo(path: Path, color: tuple[int, int, int], height: int = 120) -> Path:
    """A flat garment on a lighter ground, 100 wide."""
    picture = np.full((height, 100, 3), 230, np.uint8)
    picture[30:90, 25:75] = color[::-1]
    cv2.imwrite(str(path), picture)
    return path


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    return [write_photo(tmp_path / "a.png", (200, 0, 0)), write_photo(tmp_path / "b.png", (0, 0, 200), 60)]


def test_pictures_lie_in_squares(paths: list[Path], tmp_path: Path) -> None:
    thumbnails = load_thumbnails(paths, 60, tmp_path / "cache", workers=1)
    assert len(thumbnails) == 2
    assert [thumbnails.picture(index).shape for index in (0, 1)] == [(60, 50, 3), (36, 60, 3)]
    assert tuple(thumbnails.picture(0)[30, 25]) == (200, 0, 0)
    mask = thumbnails.mask(0)
    assert mask is not None
    assert mask.shape == (60, 50)


def test_what_is_kept_is_read_again_until_a_photo_changes(paths: list[Path], tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    load_thumbnails(paths, 60, cache, workers=1)
    (file,) = cache.iterdir()
    made_ns = file.stat().st_mtime_ns
    load_thumbnails(paths, 60, cache, workers=1)
    assert file.stat().st_mtime_ns == made_ns

    before = paths[0].stat()
    write_photo(paths[0], (0, 200, 0))
    os.utime(paths[0], ns=(before.st_atime_ns, before.st_mtime_ns - 10**9))
    thumbnails = load_thumbnails(paths, 60, cache, workers=1)
    assert tuple(thumbnails.picture(0)[30, 25]) == (0, 200, 0)
    assert list(cache.iterdir()) == [file]


def test_a_cache_of_before_holds_while_it_is_younger_than_its_photos(
    paths: list[Path], tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    load_thumbnails(paths, 60, cache, workers=1)
    (file,) = cache.iterdir()
    with np.load(file) as stored:
        kept = {name: stored[name] for name in ("pixels", "masks", "sizes")}
    kept["pixels"] = np.full_like(kept["pixels"], 7)
    np.savez(file, **kept)
    assert tuple(load_thumbnails(paths, 60, cache, workers=1).picture(0)[0, 0]) == (7, 7, 7)
    younger_ns = file.stat().st_mtime_ns + 10**9
    os.utime(paths[1], ns=(younger_ns, younger_ns))
    assert tuple(load_thumbnails(paths, 60, cache, workers=1).picture(0)[0, 0]) == (230, 230, 230)


def test_other_sizes_are_kept_apart(paths: list[Path], tmp_path: Path) -> None:
    for side in (60, 40):
        assert load_thumbnails(paths, side, tmp_path / "cache", workers=1).pixels.shape[1] == side
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_what_is_no_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.jpg").write_bytes(b"words")
    with pytest.raises(OSError, match=r"c\.jpg"):
        read_picture(tmp_path / "c.jpg")


def test_the_longer_side_is_brought_to_size() -> None:
    assert shrink(np.zeros((10, 40, 3), np.uint8), 20).shape == (5, 20, 3)
