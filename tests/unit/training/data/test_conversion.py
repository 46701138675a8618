"""Small files of each data set's exact form, converted to what recipes take."""

from __future__ import annotations

import csv
import json
import tarfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import Box
from training.data.boxed_pictures import read_dataset
from training.data.conversion import SOURCES, convert
from training.data.imaterialist import mask_box
from training.data.outfit_sets import read_cases, read_outfits, read_questions
from training.data.tag_table import default_heads, read_table


def picture(path: Path, height: int = 40, width: int = 30) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((height, width, 3), 90, np.uint8))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("source", SOURCES)
def test_a_folder_without_the_data_set_is_refused(source: str, tmp_path: Path, taxonomy: Taxonomy) -> None:
    with pytest.raises(InvalidInput, match="data: must hold"):
        convert(source, tmp_path / "empty", tmp_path / "out", taxonomy)


def test_kagl_makes_labels_and_tags(tmp_path: Path, taxonomy: Taxonomy) -> None:
    head = "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName"
    lines = [
        "1,Men,Apparel,Topwear,Shirts,Navy Blue,Fall,2011,Casual,Check Shirt",
        "2,Men,Apparel,Topwear,Tshirts,Red,Summer,2011,Sports,Red Tee",
        "3,Women,Personal Care,Lips,Lipstick,Red,Summer,2011,NA,Lipstick",
    ]
    data = tmp_path / "data"
    for name in "123":
        picture(data / "images" / f"{name}.jpg")
    (data / "styles.csv").write_text("\n".join([head, *lines]))
    out = tmp_path / "out"
    assert convert("kagl", data, out, taxonomy) == {"labels.csv": 2, "tags.csv": 2, "pairs.csv": 2}
    assert [row["text"] for row in rows_of(out / "pairs.csv")] == ["Check Shirt", "Red Tee"]
    assert [row["label"] for row in rows_of(out / "labels.csv")] == ["Shirts", "Tshirts"]
    first, second = read_table(out / "tags.csv", None, default_heads(taxonomy))
    assert first.tags["pattern"] == ("checked",)
    assert second.tags["style"] == ("sporty",)
    assert (out / "sheet.jpg").is_file()
    few = convert("kagl", data, tmp_path / "few", taxonomy, limit=1)
    assert few == {"labels.csv": 1, "tags.csv": 1, "pairs.csv": 1}


def test_a_catalogues_export_keeps_its_splits_and_what_people_said(
    tmp_path: Path, taxonomy: Taxonomy
) -> None:
    rows: list[dict[str, Any]] = [
        {
            "image": "train/a.jpg",
            "text": "striped dress",
            "product_id": "p",
            "item_id": "a",
            "category": "dress",
            "box_xyxy": [0.0, 0.0, 9.0, 9.0],
            "attributes": {"pattern": ["striped"], "style": ["party", "formal"], "color": ["red"]},
        },
        {"image": "val/b.jpg", "product_id": None, "category": "hat", "attributes": {"pattern": ["odd"]}},
    ]
    data = tmp_path / "data"
    for row in rows:
        picture(data / row["image"])
    (data / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    out = tmp_path / "out"
    assert convert("catalog", data, out, taxonomy) == {"labels.csv": 2, "tags.csv": 2, "pairs.csv": 1}
    assert [(row["text"], row["label"]) for row in rows_of(out / "pairs.csv")] == [("striped dress", "dress")]
    labels = rows_of(out / "labels.csv")
    assert [(row["label"], row["split"], row["group"]) for row in labels] == [
        ("dress", "train", "p"),
        ("hat", "validation", ""),
    ]
    first, second = read_table(out / "tags.csv", None, default_heads(taxonomy))
    assert (first.tags["pattern"], first.tags["style"]) == (("striped",), ("party", "formal"))
    assert "pattern" not in second.tags
    assert 0 <= float(second.tags["formality"]) <= 1  # type: ignore[arg-type]
    (data / "pairs.jsonl").write_text("")
    with pytest.raises(InvalidInput, match="has no garments that people have reviewed"):
        convert("catalog", data, out, taxonomy)


def test_shards_of_webdataset_make_pairs(tmp_path: Path, taxonomy: Taxonomy) -> None:
    """Packed from a catalogue's export: the members of a pair lie beside each other."""
    data = tmp_path / "data"
    picture(data / "train" / "a.jpg")
    (data / "train" / "a.txt").write_text("striped dress")
    (data / "train" / "a.json").write_text(json.dumps({"category": "dress", "product_id": "p"}))
    picture(data / "train" / "b.jpg")
    with tarfile.open(data / "train-000000.tar", "w") as tar:
        for path in sorted((data / "train").iterdir()):
            tar.add(path, f"train/{path.name}")
    assert convert("webdataset", data, tmp_path / "out", taxonomy) == {"pairs.csv": 1}
    (row,) = rows_of(tmp_path / "out" / "pairs.csv")
    assert (row["text"], row["label"], row["split"], row["group"]) == ("striped dress", "dress", "train", "p")
    assert Path(row["image"]).read_bytes() == (data / "train" / "a.jpg").read_bytes()


def test_a_shard_that_is_none_is_refused(tmp_path: Path, taxonomy: Taxonomy) -> None:
    (tmp_path / "train-0.tar").write_bytes(b"no tar" * 200)
    with pytest.raises(InvalidInput, match=r"data: train-0.tar cannot be read"):
        convert("webdataset", tmp_path, tmp_path / "out", taxonomy)


def test_deepfashion2_makes_boxes(tmp_path: Path, taxonomy: Taxonomy) -> None:
    data = tmp_path / "data"
    for split in ("train", "validation"):
        picture(data / split / "image" / "000001.jpg")
        item = {
            "scale": 3,
            "viewpoint": 2,
            "zoom_in": 2,
            "occlusion": 2,
            "style": 1,
            "bounding_box": [3, 8, 18, 24],
            "category_id": 10,
            "category_name": "short sleeve dress",
            "segmentation": [[3, 8, 18, 8, 18, 24]],
            "landmarks": [0] * 87,
        }
        content = {"source": "user", "pair_id": 1, "item1": item}
        (data / split / "annos").mkdir()
        (data / split / "annos" / "000001.json").write_text(json.dumps(content))
    assert convert("deepfashion2", data, tmp_path / "out", taxonomy) == {"data.yaml": 2}
    dataset = read_dataset(tmp_path / "out" / "data.yaml")
    assert dataset.labels == tuple(category.name for category in taxonomy.categories)
    (first,) = dataset.train
    assert dataset.labels[int(first.class_ids[0])] == "dress"
    np.testing.assert_allclose(first.boxes_xyxy, [[0.1, 0.2, 0.6, 0.6]], atol=1e-5)
    assert first.pixels().shape == (40, 30, 3)
    assert len(dataset.dev) == 1


def fashionpedia() -> dict[str, Any]:
    return {
        "info": {},
        "licenses": [],
        "images": [{"id": 5, "width": 30, "height": 40, "file_name": "five.jpg"}],
        "categories": [{"id": 1, "name": "top, t-shirt, sweatshirt"}, {"id": 31, "name": "sleeve"}],
        "attributes": [
            {"id": 134, "name": "regular (fit)"},
            {"id": 307, "name": "stripe"},
            {"id": 298, "name": "plain (pattern)"},
        ],
        "annotations": [
            {
                "id": 1,
                "image_id": 5,
                "category_id": 1,
                "attribute_ids": [134, 307],
                "bbox": [3.0, 8.0, 15.0, 16.0],
                "area": 9.0,
                "iscrowd": 0,
                "segmentation": [[3, 8, 18, 8, 18, 24]],
            },
            {
                "id": 2,
                "image_id": 5,
                "category_id": 31,
                "attribute_ids": [],
                "area": 9.0,
                "iscrowd": 0,
                "segmentation": [[1, 2, 9, 2, 9, 12], [4, 4, 10, 4, 6, 6]],
            },
            {
                "id": 3,
                "image_id": 5,
                "category_id": 1,
                "attribute_ids": [298],
                "area": 9.0,
                "iscrowd": 1,
                "segmentation": {"counts": "x", "size": [40, 30]},
            },
        ],
    }


def test_fashionpedia_makes_boxes_and_tags(tmp_path: Path, taxonomy: Taxonomy) -> None:
    data = tmp_path / "data"
    picture(data / "train" / "five.jpg")
    (data / "instances_attributes_train2020.json").write_text(json.dumps(fashionpedia()))
    counts = convert("fashionpedia", data, tmp_path / "out", taxonomy)
    assert counts == {"data.yaml": 1, "tags.csv": 1}
    (tagged,) = read_table(tmp_path / "out" / "tags.csv", None, default_heads(taxonomy))
    assert tagged.tags == {"pattern": ("striped",), "fit": ("regular",)}
    assert tagged.file.box == Box(3, 8, 18, 24)
    (first,) = read_dataset(tmp_path / "out" / "data.yaml").train
    assert len(first.class_ids) == 1


def test_imaterialist_reads_masks_and_attributes(tmp_path: Path, taxonomy: Taxonomy) -> None:
    data = tmp_path / "data"
    kinds = {name: fashionpedia()[name] for name in ("categories", "attributes")}
    picture(data / "train" / "abc.jpg", 4, 3)
    (data / "label_descriptions.json").write_text(json.dumps({"info": {}, **kinds}))
    (data / "train.csv").write_text(
        'ImageId,EncodedPixels,Height,Width,ClassId,AttributesIds\nabc,6 2 10 1,4,3,1,"134,298"\n'
    )
    counts = convert("imaterialist", data, tmp_path / "out", taxonomy)
    assert counts == {"data.yaml": 1, "tags.csv": 1}
    (tagged,) = read_table(tmp_path / "out" / "tags.csv", None, default_heads(taxonomy))
    assert tagged.tags == {"pattern": ("plain",), "fit": ("regular",)}
    assert tagged.file.box == Box(1, 1, 3, 3)
    (data / "train.csv").write_text("ImageId,EncodedPixels,Height,Width,ClassId\nabc.jpg,13 1,4,3,1_307\n")
    with pytest.raises(InvalidInput, match=r"train.csv line 2 cannot be read: .*its runs leave the mask"):
        convert("imaterialist", data, tmp_path / "out", taxonomy)


def test_masks_run_down_the_columns() -> None:
    assert mask_box("1 1", 4, 3) == Box(0, 0, 1, 1)
    assert mask_box("12 1", 4, 3) == Box(2, 3, 3, 4)
    assert mask_box("4 2", 4, 3) == Box(0, 0, 2, 4)  # it goes on in the next column
    with pytest.raises(ValueError, match="leave"):
        mask_box("12 2", 4, 3)


def test_people_in_the_street_make_outfits_with_questions(tmp_path: Path, taxonomy: Taxonomy) -> None:
    data = tmp_path / "data"
    items = [
        {"label": "jeans", "box": [0, 15, 30, 40], "area": 700},
        {"label": "shirt", "box": [0, 0, 30, 24], "area": 700},
        {"label": "hat", "box": [0, 0, 9, 9], "area": 20},
    ]
    rows = [
        {"photo": str(n), "size": [30, 40], "items": items, "split": "development" if n > 1 else "train"}
        for n in range(7)
    ]
    for row in rows:
        picture(data / "photos" / f"{row['photo']}.jpg")
    (data / "items.json").write_text(json.dumps(rows))
    out = tmp_path / "out"
    assert convert("street", data, out, taxonomy) == {
        "outfits.jsonl": 7,
        "questions.jsonl": 5,
        "cases.jsonl": 10,
        "data.yaml": 7,
    }
    boxes = read_dataset(out / "data.yaml")
    assert (len(boxes.train), len(boxes.dev)) == (2, 5)
    assert [boxes.labels[index] for index in boxes.dev[0].class_ids] == ["trousers", "shirt", "hat"]
    first = read_outfits(out / "outfits.jsonl")[0]
    assert [(item.category, item.slot) for item in first.items] == [("trousers", "bottom"), ("shirt", "top")]
    assert first.items[0].box == (0, 15, 30, 40)
    assert (out / "sheet.jpg").is_file()
    (data / "masks").mkdir()
    labels = np.zeros((40, 30), np.uint8)
    labels[20:, :10] = 1
    for row in rows:
        cv2.imwrite(str(data / "masks" / f"{row['photo']}.png"), labels)
    (data / "labels.txt").write_text("null\njeans\nshirt\n")
    convert("street", data, tmp_path / "cut", taxonomy)
    jeans = read_outfits(tmp_path / "cut" / "outfits.jsonl")[0].items[0]
    assert (jeans.slot, jeans.box) == ("bottom", None)
    assert jeans.picture is not None
    pixels = jeans.picture.pixels()
    assert set(np.unique(pixels)) == {90, 128}
    assert (pixels[..., 0] == 90).sum() == 20 * 10
    few = convert("street", data, tmp_path / "few", taxonomy, limit=2)
    assert (few["outfits.jsonl"], few["questions.jsonl"]) == (4, 0)
    assert {question.split for question in read_questions(out / "questions.jsonl")} == {"test"}
    assert [case.group for case in read_cases(out / "cases.jsonl")[:2]] == ["2", "2"]


def test_names_make_outfits_without_pictures(tmp_path: Path, taxonomy: Taxonomy) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for name, first in (("valid", 0), ("test", 10)):
        sets = {
            str(first + n): {
                "upper": {"index": 1, "name": f"shirt {n}"},
                "shoe": {"index": 2, "name": f"pump {n}"},
            }
            for n in range(5)
        }
        (data / f"polyvore_t_{name}.json").write_text(json.dumps(sets))
    out = tmp_path / "out"
    assert convert("polyvore-t", data, out, taxonomy)["outfits.jsonl"] == 10
    first_set = read_outfits(out / "outfits.jsonl")[0]
    assert [(item.id, item.name, item.slot) for item in first_set.items] == [
        ("0_1", "shirt 0", "top"),
        ("0_2", "pump 0", "shoes"),
    ]
    assert first_set.items[0].picture is None
    (data / "polyvore_t_test.json").write_text('{"1": {"shoe": {"index": 2, "name": " "}}}')
    assert convert("polyvore-t", data, out, taxonomy)["outfits.jsonl"] == 6
    assert read_outfits(out / "outfits.jsonl")[-1].items == ()
    (data / "polyvore_t_test.json").write_text('{"1": {"glove": {"index": 1, "name": "x"}}}')
    with pytest.raises(InvalidInput, match=r"polyvore_t_test.json is not of Polyvore-T's form"):
        convert("polyvore-t", data, out, taxonomy)
