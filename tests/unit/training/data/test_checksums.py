from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from training.data.checksums import Source, clothing_photos, complaints, fashion_mnist, provenance, sha256_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "b.jpg").write_bytes(b"two")
    (tmp_path / "images" / "a.jpg").write_bytes(b"one")
    (tmp_path / "labels.csv").write_bytes(b"image\n")
    return tmp_path


@pytest.fixture
def source(folder: Path) -> Source:
    names = ("labels.csv", "images/")
    return Source("toys", "CC0-1.0", {name: sha256_of(folder / name) for name in names})


def test_a_folders_sum_is_that_of_sha256sum(folder: Path) -> None:
    lines = "".join(
        f"{hashlib.sha256(content).hexdigest()}  {name}\n"
        for name, content in (("a.jpg", b"one"), ("b.jpg", b"two"))
    )
    assert sha256_of(folder / "images") == hashlib.sha256(lines.encode()).hexdigest()


def test_what_is_published_passes(folder: Path, source: Source) -> None:
    assert not list(complaints(source, folder))
    assert provenance(source, folder) == "toys, CC0-1.0, as published"


@pytest.mark.parametrize("changed", ["labels.csv", "images/a.jpg", "images/new.jpg"])
def test_a_changed_file_is_named(folder: Path, source: Source, changed: str) -> None:
    (folder / changed).write_bytes(b"other")
    name = changed.split("/")[0]
    (complaint,) = complaints(source, folder)
    assert re.search(f"{name}.*differs", complaint)
    assert provenance(source, folder) == "not the published toys"


def test_a_missing_file_is_named(folder: Path, source: Source) -> None:
    (folder / "labels.csv").unlink()
    (complaint,) = complaints(source, folder)
    assert "labels.csv is missing" in complaint


def test_sums_are_whole() -> None:
    for source in (clothing_photos(), fashion_mnist()):
        assert all(len(sum) == 64 for sum in source.sha256.values())
