"""Drawn pictures with labels, for runs without photos."""

from __future__ import annotations

from pathlib import Path

from domain.taxonomy import Taxonomy
from training.data.drawn_pictures import write_drawn_pictures
from training.data.picture_data import PictureData, read_pictures


def drawn(folder: Path, seed: int) -> dict[str, bytes]:
    taxonomy = Taxonomy.load(Path("domain/taxonomy.toml"))
    write_drawn_pictures(folder, per_label=2, side_px=64, seed=seed, taxonomy=taxonomy)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.jpg")}


def test_each_category_has_pictures_in_each_split(tmp_path: Path) -> None:
    drawn(tmp_path, 0)
    data = PictureData(path=tmp_path, validation_split="validation", test_split="test")
    counts = read_pictures(data).counts()
    names = sorted(category.name for category in Taxonomy.load(Path("domain/taxonomy.toml")).categories)
    assert counts == [(name, 2, 1, 1) for name in names]


def test_a_seed_draws_the_same_and_splits_differ(tmp_path: Path) -> None:
    one = drawn(tmp_path / "one", 3)
    assert one == drawn(tmp_path / "two", 3)
    assert len(set(one.values())) == len(one)
    assert set(one.values()).isdisjoint(drawn(tmp_path / "three", 4).values())
