"""Product images with their texts: "Fashion Product Images" of Kaggle (KAGL), as published.

    FOLDER/styles.csv       id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,
                            productDisplayName
    FOLDER/images/ID.jpg

A display name may contain commas without quotes; it is the rest of its line.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from training.data.pairs import Pair
from training.data.picture_data import LabelledPicture
from training.data.picture_file import PictureFile
from training.data.tag_table import TaggedPicture

COLUMNS = (
    *("id", "gender", "masterCategory", "subCategory", "articleType", "baseColour", "season", "year"),
    *("usage", "productDisplayName"),
)
WORN = ("Apparel", "Footwear", "Accessories")
"""The master categories of what is worn."""


@dataclass(frozen=True, slots=True)
class KaglProduct:
    """A product; `color` is its base colour, `usage` such as "Casual"; "" and "NA" mean unknown."""

    id: str
    path: Path
    master_category: str
    article_type: str
    color: str
    season: str
    usage: str
    name: str


def read_kagl(folder: Path) -> list[KaglProduct]:
    """All products whose image is there, in the order of the table.

    Raises:
        InvalidInput: the table is missing or another one, or there is none of its images.
    """
    table = folder / "styles.csv"
    if not table.is_file():
        raise InvalidInput("data", f"must hold styles.csv and images/: {folder}")
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    if not lines or tuple(lines[0].strip().split(",")[: len(COLUMNS)]) != COLUMNS:
        raise InvalidInput("data", f"styles.csv must have the columns {', '.join(COLUMNS)}")
    products = [
        _product(folder / "images", line, number) for number, line in enumerate(lines[1:], 2) if line.strip()
    ]
    found = [product for product in products if product.path.is_file()]
    if not found:
        raise InvalidInput("data", f"holds none of the images that styles.csv names: {folder}")
    return found


def kagl_labels(products: Sequence[KaglProduct]) -> Iterator[LabelledPicture]:
    """The article types of what is worn, as labels of a classifier."""
    for product in products:
        if product.master_category in WORN and product.article_type:
            yield LabelledPicture(product.path, product.article_type, product.id, split_of(product.id))


def kagl_pairs(products: Sequence[KaglProduct]) -> Iterator[Pair]:
    """The names of what is worn, as a shop writes them."""
    for product in products:
        if product.master_category in WORN and product.name:
            yield Pair(product.path, product.name, product.article_type, split_of(product.id), product.id)


def kagl_tags(products: Sequence[KaglProduct], taxonomy: Taxonomy) -> Iterator[TaggedPicture]:
    """Seasons and styles from the shop's fields, pattern and fit where the name says them.

    The shop's season is when a product was sold, and usages are coarse: both are weak. Formality follows from
    the garment type that the article type names.
    """
    for product in products:
        if product.master_category not in WORN:
            continue
        tags: dict[str, tuple[str, ...] | float] = {}
        for head, values in (
            ("pattern", word_values(product.name, pattern_words())),
            ("fit", word_values(product.name, fit_words())),
            ("seasons", _seasons().get(product.season, ())),
            ("style", _styles().get(product.usage, ())),
        ):
            if values:
                tags[head] = values
        garment = taxonomy.garment_type(product.article_type, product.article_type)
        if garment is not None:
            tags["formality"] = garment.formality
        yield TaggedPicture(PictureFile(product.path), product.id, split_of(product.id), "kagl", tags)


def split_of(key: str, shares: tuple[float, float] = (0.8, 0.1)) -> str:
    """The split of a product, which follows from its id: train, validation, or test for the rest."""
    place = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big") / 2**64
    return "train" if place < shares[0] else "validation" if place < sum(shares) else "test"


def word_values(text: str, words: Mapping[str, str]) -> tuple[str, ...]:
    """The one value that the words of a text name; () where they name none, or several."""
    plain = f" {' '.join(re.findall('[a-z]+', text.lower()))} "
    found = {value for word, value in words.items() if f" {word} " in plain}
    return tuple(found) if len(found) == 1 else ()


def pattern_words() -> Mapping[str, str]:
    """Pattern by word of a product's name."""
    groups = {
        "plain": ("solid", "plain"),
        "striped": ("striped", "stripes", "stripe", "pinstripe"),
        "checked": ("checked", "check", "checks", "plaid", "tartan", "gingham"),
        "dotted": ("dotted", "polka", "polka dot", "dots"),
        "floral": ("floral", "flower", "flowers"),
        "printed": ("printed", "print", "graphic", "camouflage", "paisley", "animal"),
    }
    return MappingProxyType({word: value for value, words in groups.items() for word in words})


def fit_words() -> Mapping[str, str]:
    """Fit by word of a product's name."""
    groups = {
        "tight": ("slim fit", "skinny", "skinny fit", "bodycon", "slim"),
        "regular": ("regular fit", "classic fit", "straight fit"),
        "loose": ("loose fit", "relaxed fit", "baggy", "comfort fit"),
        "oversized": ("oversized", "oversize"),
    }
    return MappingProxyType({word: value for value, words in groups.items() for word in words})


def _seasons() -> Mapping[str, tuple[str, ...]]:
    return {"Spring": ("spring",), "Summer": ("summer",), "Fall": ("autumn",), "Winter": ("winter",)}


def _styles() -> Mapping[str, tuple[str, ...]]:
    return {
        "Casual": ("casual",),
        "Smart Casual": ("casual", "business"),
        "Formal": ("formal", "business"),
        "Sports": ("sporty",),
        "Party": ("party",),
    }


def _product(images: Path, line: str, number: int) -> KaglProduct:
    fields = [field.strip() for field in line.split(",", len(COLUMNS) - 1)]
    if len(fields) < len(COLUMNS):
        raise InvalidInput("data", f"styles.csv line {number} has {len(fields)} of {len(COLUMNS)} columns")
    row = {name: "" if field == "NA" else field for name, field in zip(COLUMNS, fields, strict=True)}
    return KaglProduct(
        row["id"],
        images / f"{row['id']}.jpg",
        row["masterCategory"],
        row["articleType"],
        row["baseColour"],
        row["season"],
        row["usage"],
        row["productDisplayName"].strip('"'),
    )
