"""Pairs of photos that have only a label: the sentence names the measured colour and the label.

The colour is the one that the server would name, so a figure on such sentences says of colours how well a
model repeats the rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from imaging.colors import Palette, dominant_colors
from training.data.pairs import Pair, write_pairs
from training.data.picture_data import LabelledPicture, PictureData, read_pictures

WORDS = {"longsleeve": "long-sleeved top", "outwear": "coat", "undershirt": "vest", "pants": "trousers"}
"""What a sentence says for labels that are not how people call a garment."""


@dataclass(frozen=True, slots=True)
class WeakPairOptions:
    """`data` is a folder of labelled photos: images/ and labels.csv with image, label, sender and split."""

    data: Path
    out: Path
    taxonomy: Path
    per_label: int = 0


def write_weak_pairs(options: WeakPairOptions) -> int:
    """Write pairs.csv; returns the number of rows.

    `per_label` is the most photos of a label in a split, 0: all. The groups are the contributors; the photos'
    split `validation` is the split `test`.

    Raises:
        InvalidInput: the folder lacks its table or its photos.
    """
    table = options.data / "labels.csv"
    if not table.is_file():
        raise InvalidInput("data", f"must hold images/ and labels.csv: {options.data}")
    found = read_pictures(
        PictureData(
            path=table,
            images=options.data / "images",
            image_suffix=".jpg",
            group_column="sender",
            validation_split="validation",
            limit=options.per_label,
        )
    )
    palette = Palette.of(Taxonomy.load(options.taxonomy))
    pairs = [*weak_pairs(found.train, "train", palette), *weak_pairs(found.validation, "test", palette)]
    return write_pairs(options.out / "pairs.csv", pairs)


def weak_pairs(pictures: Sequence[LabelledPicture], split: str, palette: Palette) -> Iterator[Pair]:
    """A pair for each photo."""
    for picture in tqdm(pictures, desc=f"colours, {split}", unit="photo"):
        color = dominant_colors(picture.file.pixels(), palette)[0].name
        name = picture.label.lower()
        yield Pair(picture.path, f"a photo of a {color} {WORDS.get(name, name)}", name, split, picture.group)
