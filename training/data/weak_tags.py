"""Tagged garments of photos that have only a label: weak tags, which follow from the label by a rule.

Formality, seasons and style are those that `domain/taxonomy.toml` and a convention give to a kind of garment,
so what a tagger learns of them is to tell kinds apart. Patterns are exact where they are drawn or printed on
a plain garment's photo, and measured where a garment is plain; of other photos they are not known.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from domain.errors import InvalidInput
from domain.garment_types import GarmentType
from domain.taxonomy import Taxonomy
from domain.types import Pixels
from training.data.cutout import cut_out
from training.data.examples import Example, ExampleMaker, patterned, styles_by_label
from training.data.photos import Photo, load_photos, of_split
from training.data.picture_file import PictureFile
from training.data.street import StreetPhoto, load_street_photos
from training.data.tag_table import TaggedPicture, default_heads, write_table
from training.data.thumbnails import read_picture, shrink

Tags = Mapping[str, tuple[str, ...] | float]
PATTERNS = Path(__file__).parents[1] / "ground_truth" / "patterns.csv"
"""Patterns of photos that people have looked at."""
SIDE_PX = 256
"""The longer side of the pictures that are written."""
MIN_SIDE_PX = 24.0
"""Worn garments with a shorter side are left out."""


@dataclass(frozen=True, slots=True)
class WeakTagOptions:
    """`data` is a folder of labelled photos, `street` one of people; `prints` and `drawings` are numbers."""

    data: Path
    out: Path
    taxonomy: Path
    street: Path | None = None
    prints: int = 800
    drawings: int = 600
    seed: int = 0


def write_weak_tags(options: WeakTagOptions) -> int:
    """Write tags.csv, and the pictures with printed and drawn patterns; returns the number of rows.

    Photos of the validation split and people of the development split are its split `test`.

    Raises:
        InvalidInput: a folder lacks its table or its photos.
    """
    taxonomy = Taxonomy.load(options.taxonomy)
    maker = ExampleMaker(taxonomy, options.seed)
    photos = load_photos(options.data)
    train = of_split(photos, "train")
    order = np.random.default_rng(options.seed).permutation(len(train))[: options.prints]
    chosen = [train[index] for index in order]
    pictures = options.out / "pictures"
    rows = [
        *photo_tags(photos, taxonomy, read_patterns(PATTERNS, taxonomy)),
        *_street(options.street, taxonomy),
        *printed_tags(chosen, maker, taxonomy, pictures, options.seed),
        *drawn_tags(options.drawings, maker, taxonomy, pictures),
    ]
    return write_table(options.out / "tags.csv", rows, default_heads(taxonomy))


def read_patterns(table: Path, taxonomy: Taxonomy) -> dict[str, str]:
    """The pattern of photos, as people have seen it, by the photo's name; none without the table.

    Raises:
        InvalidInput: a pattern is none of the taxonomy's.
    """
    if not table.is_file():
        return {}
    known = taxonomy.attribute("pattern").values
    with table.open(newline="", encoding="utf-8") as lines:
        found = {row["image"]: row["pattern"] for row in csv.DictReader(lines)}
    if wrong := next((value for value in found.values() if value not in known), None):
        raise InvalidInput(table.name, f"must have patterns of {', '.join(known)}, not {wrong!r}")
    return found


def _street(folder: Path | None, taxonomy: Taxonomy) -> Iterator[TaggedPicture]:
    for split, name in (("train", "train"), ("development", "test")):
        if folder is not None:
            yield from street_tags(load_street_photos(folder, split), name, taxonomy)


def photo_tags(
    photos: Sequence[Photo], taxonomy: Taxonomy, patterns: Mapping[str, str]
) -> Iterator[TaggedPicture]:
    """Photos of single garments; `patterns` are those that people have seen, by the name of the photo."""
    for photo in photos:
        tags = dict(type_tags(taxonomy.garment_type(photo.category, photo.label)))
        if styles := styles_by_label().get(photo.label):
            tags["style"] = styles
        seen = patterns.get(photo.path.stem)
        if seen:
            tags["pattern"] = (seen,)
        source = "weak, pattern by people" if seen else "weak"
        split = "train" if photo.split == "train" else "test"
        yield TaggedPicture(PictureFile(photo.path), photo.sender, split, source, tags)


def street_tags(photos: Iterable[StreetPhoto], split: str, taxonomy: Taxonomy) -> Iterator[TaggedPicture]:
    """Garments that people wear, each in its box."""
    for photo in photos:
        for garment in photo.garments:
            if min(garment.box.width, garment.box.height) >= MIN_SIDE_PX:
                tags = type_tags(taxonomy.garment_type(garment.category, garment.label))
                file = PictureFile(photo.path, garment.box)
                yield TaggedPicture(file, f"street-{photo.path.stem}", split, "weak, worn", tags)


def type_tags(garment: GarmentType | None) -> Tags:
    """Formality and seasons of a garment type; none where there is no type."""
    if garment is None:
        return {}
    return {"formality": garment.formality, "seasons": tuple(map(str, sorted(garment.seasons)))}


def printed_tags(
    photos: Sequence[Photo], maker: ExampleMaker, taxonomy: Taxonomy, folder: Path, seed: int
) -> Iterator[TaggedPicture]:
    """Photos of plain garments, each as it is and with a pattern printed on it; pictures go to the folder.

    Photos whose garment cannot be cut out, or is not plain, are left out.
    """
    rng = np.random.default_rng(seed)
    names = taxonomy.attribute("pattern").values
    for number, photo in enumerate(tqdm(photos, desc="printed patterns")):
        example = _plain_example(photo, maker)
        if example is not None:
            index = int(rng.integers(1, len(names)))
            printed = patterned(example, names[index], index, maker.colors, rng)
            for picture, pattern in ((example.picture, "plain"), (printed.picture, names[index])):
                file = _write(folder / f"printed-{number}-{pattern}.jpg", picture)
                source = "measured" if pattern == "plain" else "printed"
                yield TaggedPicture(file, photo.sender, "train", source, {"pattern": (pattern,)})


def drawn_tags(count: int, maker: ExampleMaker, taxonomy: Taxonomy, folder: Path) -> Iterator[TaggedPicture]:
    """Drawings of garments with exact patterns; pictures go to the folder."""
    names = taxonomy.attribute("pattern").values
    for number, example in enumerate(maker.from_drawings(count, SIDE_PX)):
        if example.pattern is not None:
            pattern = names[int(example.pattern.argmax())]
            file = _write(folder / f"drawn-{number}.jpg", example.picture)
            yield TaggedPicture(file, f"drawn-{number}", "train", "drawn", {"pattern": (pattern,)})


def _plain_example(photo: Photo, maker: ExampleMaker) -> Example | None:
    """The photo of a plain garment, whose mask is known."""
    picture = shrink(read_picture(photo.path), SIDE_PX)
    mask = cut_out(picture)
    if mask is None:
        return None
    (example,) = maker.from_pictures([(picture, mask, photo.category)])
    return example if example.plain else None


def _write(path: Path, picture: Pixels) -> PictureFile:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 90])
    return PictureFile(path)
