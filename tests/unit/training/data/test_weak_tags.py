from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from training.data.tag_table import default_heads, read_table
from training.data.weak_tags import WeakTagOptions, read_patterns, write_weak_tags

TAXONOMY = Path(__file__).parents[4] / "domain/taxonomy.toml"


def test_photos_have_the_tags_of_their_labels(photos: Path, taxonomy: Taxonomy, tmp_path: Path) -> None:
    count = write_weak_tags(WeakTagOptions(photos, tmp_path, TAXONOMY, prints=12, drawings=11))
    rows = read_table(tmp_path / "tags.csv", None, default_heads(taxonomy))
    assert len(rows) == count
    types = {garment.name: garment for garment in taxonomy.garment_types}
    (polo,) = [row for row in rows if row.file.path == photos / "images" / "0.jpg"]
    assert polo.tags["formality"] == types["polo shirt"].formality
    assert polo.tags["style"] == ("casual", "sporty")
    assert polo.group == "0"
    assert {row.split for row in rows if row.source == "weak"} == {"train", "test"}


def test_patterns_are_exact_where_they_are_made(photos: Path, taxonomy: Taxonomy, tmp_path: Path) -> None:
    write_weak_tags(WeakTagOptions(photos, tmp_path, TAXONOMY, prints=12, drawings=11))
    rows = read_table(tmp_path / "tags.csv", None, default_heads(taxonomy))
    drawn, printed, plain = (
        [row for row in rows if row.source == source] for source in ("drawn", "printed", "measured")
    )
    assert len(drawn) == 11
    assert len(printed) == len(plain) > 0
    for before, after in zip(plain, printed, strict=True):
        assert before.tags == {"pattern": ("plain",)}
        assert after.tags["pattern"] != ("plain",)
        assert before.group == after.group  # the same person's photo is never held out in part
        first, second = (cv2.imread(str(row.file.path)) for row in (before, after))
        assert (abs(first.astype(int) - second) > 20).mean() > 0.01
    assert {row.split for row in (*drawn, *printed, *plain)} == {"train"}


def test_patterns_of_people_are_those_of_the_taxonomy(tmp_path: Path, taxonomy: Taxonomy) -> None:
    table = tmp_path / "patterns.csv"
    assert read_patterns(table, taxonomy) == {}
    table.write_text("image,pattern\na,striped\n")
    assert read_patterns(table, taxonomy) == {"a": "striped"}
    table.write_text("image,pattern\na,zigzag\n")
    with pytest.raises(InvalidInput, match=r"patterns.csv: must have patterns of plain.*'zigzag'"):
        read_patterns(table, taxonomy)
