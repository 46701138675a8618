from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from training.data.photos import (
    Photo,
    hold_out_senders,
    load_photos,
    merged_categories,
    of_split,
    read_labels,
)


def write_folder(folder: Path, rows: list[str]) -> Path:
    (folder / "images").mkdir()
    (folder / "labels.csv").write_text("image,label,kids,sender,split\n" + "\n".join(rows), encoding="utf-8")
    for row in rows:
        (folder / "images" / f"{row.split(',')[0]}.jpg").write_bytes(b"")
    return folder


def test_labels_merge_into_categories_of_the_taxonomy(taxonomy: Taxonomy) -> None:
    merged = merged_categories()
    assert set(merged.values()) == {c.name for c in taxonomy.categories} - {"bag"}
    assert merged["Hoodie"] == "long sleeve"
    assert not {"Body", "Not sure", "Other", "Skip"} & set(merged)


def test_rows_without_a_usable_label_or_photo_are_left_out(tmp_path: Path) -> None:
    rows = ["a,Polo,false,1,train", "b,Body,false,1,train", "c,Pants,true,2,validation"]
    folder = write_folder(tmp_path, rows)
    (folder / "images" / "c.jpg").unlink()
    assert [(p.path.name, p.category) for p in load_photos(folder)] == [("a.jpg", "t-shirt")]
    assert [p.category for p in read_labels(folder / "labels.csv", folder / "images")] == [
        "t-shirt",
        "trousers",
    ]


def test_splits_are_kept_apart(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, ["a,Polo,false,1,train", "c,Pants,true,2,validation"])
    assert [p.path.stem for p in of_split(load_photos(folder), "validation")] == ["c"]
    assert [p.path.stem for p in of_split(load_photos(folder), "train")] == ["a"]


@pytest.mark.parametrize("rows", [None, ["a,Body,false,1,train"]])
def test_a_folder_without_usable_photos_is_refused(tmp_path: Path, rows: list[str] | None) -> None:
    if rows is not None:
        write_folder(tmp_path, rows)
    with pytest.raises(InvalidInput, match=r"labels\.csv"):
        load_photos(tmp_path)


def test_held_out_senders_are_in_one_part_only() -> None:
    photos = [Photo(Path(f"{i}.jpg"), "Polo", "t-shirt", str(i % 40), "train") for i in range(400)]
    photos += [Photo(Path(f"big{i}.jpg"), "Polo", "t-shirt", "big", "train") for i in range(200)]
    kept, held = hold_out_senders(photos, 0.1, seed=0)
    assert len(kept) + len(held) == 600
    assert 60 <= len(held) < 75
    assert not {p.sender for p in kept} & {p.sender for p in held}
    assert "big" not in {p.sender for p in held}
    assert hold_out_senders(photos, 0.1, seed=0)[1] == held


def test_a_table_without_a_column_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("image,label,split\n1,Dress,train\n")
    with pytest.raises(InvalidInput, match="sender is missing"):
        read_labels(tmp_path / "labels.csv", tmp_path)
    with pytest.raises(InvalidInput, match="must be a CSV file"):
        read_labels(tmp_path / "other.csv", tmp_path)
