"""The exact form of the published table, display names with commas included."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from training.data.kagl import (
    fit_words,
    kagl_labels,
    kagl_tags,
    pattern_words,
    read_kagl,
    split_of,
    word_values,
)

STYLES = """\
id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName
15970,Men,Apparel,Topwear,Shirts,Navy Blue,Fall,2011,Casual,Turtle Check Men Navy Blue Shirt
39386,Men,Apparel,Bottomwear,Jeans,Blue,Summer,2012,Casual,Peter England Men Party Blue Slim Fit Jeans
59263,Women,Accessories,Watches,Watches,Silver,Winter,2016,Casual,Titan Women Silver Watch
12967,Unisex,Personal Care,Fragrance,Perfume and Body Mist,NA,Spring,2017,NA,Perfume, for all, of us
30039,Men,Apparel,Topwear,Tshirts,Black,Summer,2011,Formal,Puma Men, Striped, Black T-shirt
10000,Men,Apparel,Topwear,Tshirts,Black,Summer,2011,Formal,Its image is missing
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    (tmp_path / "styles.csv").write_text(STYLES, encoding="utf-8")
    for name in ("15970", "39386", "59263", "12967", "30039"):
        cv2.imwrite(str(tmp_path / "images" / f"{name}.jpg"), np.zeros((8, 6, 3), np.uint8))
    return tmp_path


def test_names_keep_their_commas_and_missing_images_are_left_out(folder: Path) -> None:
    products = read_kagl(folder)
    assert [product.id for product in products] == ["15970", "39386", "59263", "12967", "30039"]
    assert products[4].name == "Puma Men, Striped, Black T-shirt"
    assert (products[3].color, products[3].usage) == ("", "")


def test_labels_are_article_types_of_what_is_worn(folder: Path) -> None:
    labels = {picture.group: picture.label for picture in kagl_labels(read_kagl(folder))}
    assert labels == {"15970": "Shirts", "39386": "Jeans", "59263": "Watches", "30039": "Tshirts"}


def test_tags_are_of_the_shops_fields_and_words(folder: Path, taxonomy: Taxonomy) -> None:
    tags = {picture.group: picture.tags for picture in kagl_tags(read_kagl(folder), taxonomy)}
    types = {garment.name: garment.formality for garment in taxonomy.garment_types}
    assert tags["15970"] == {
        "pattern": ("checked",),
        "seasons": ("autumn",),
        "style": ("casual",),
        "formality": types["shirt"],
    }
    assert tags["39386"]["fit"] == ("tight",)
    assert tags["39386"]["formality"] == types["jeans"]
    assert tags["30039"]["style"] == ("formal", "business")
    assert tags["30039"]["formality"] == types["t-shirt"]


def test_words_that_name_two_values_name_none() -> None:
    assert word_values("A striped polka dot shirt", pattern_words()) == ()
    assert word_values("Slim Fit jeans, skinny", fit_words()) == ("tight",)
    assert word_values("A blueprint", pattern_words()) == ()


def test_the_split_follows_from_the_id() -> None:
    splits = [split_of(str(index)) for index in range(2000)]
    assert splits == [split_of(str(index)) for index in range(2000)]
    assert 0.76 < splits.count("train") / 2000 < 0.84
    assert 0.07 < splits.count("test") / 2000 < 0.13


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("id,name\n1,x\n", "styles.csv must have the columns id, gender"),
        (STYLES.splitlines()[0] + "\n1,Men,Apparel\n", "styles.csv line 2 has 3 of 10 columns"),
        (STYLES.splitlines()[0] + "\n", "holds none of the images"),
    ],
)
def test_other_tables_are_refused(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(InvalidInput, match=r"must hold styles.csv"):
        read_kagl(tmp_path)
    (tmp_path / "styles.csv").write_text(text)
    with pytest.raises(InvalidInput, match=complaint):
        read_kagl(tmp_path)
