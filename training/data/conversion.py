"""Public data sets, and a catalogue's own, in the forms that recipes take.

labels.csv                          pictures with one label each, for `classifier`
tags.csv                            tagged garments, for `tagger`
pairs.csv                           pictures with a sentence each, for `clip`
data.yaml, images/, labels/         pictures with boxes, for detectors (links to the pictures)
outfits.jsonl, questions.jsonl, cases.jsonl    for `compatibility`
sheet.jpg                           a sample of what was read
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import Box
from training.data import deepfashion2, fashionpedia
from training.data.boxed_dataset import BoxedFile, write_boxed_dataset
from training.data.catalog_dataset import catalog_labels, catalog_tags, read_catalog_dataset
from training.data.contact_sheet import write_sheet
from training.data.fashionpedia import AttributedGarment, fashionpedia_tags, read_fashionpedia
from training.data.imaterialist import read_imaterialist
from training.data.kagl import kagl_labels, kagl_pairs, kagl_tags, read_kagl, split_of
from training.data.named_outfits import named_outfits
from training.data.outfit_sets import (
    CASES,
    OUTFITS,
    QUESTIONS,
    BlankQuestion,
    CompatibilityCase,
    OutfitSet,
    blank_questions,
    compatibility_cases,
    write_lines,
)
from training.data.pairs import Pair, catalog_pairs, write_pairs
from training.data.picture_data import LabelledPicture
from training.data.picture_file import PictureFile
from training.data.polyvore import polyvore_complaints, read_polyvore
from training.data.street import load_street_photos
from training.data.street_outfits import cut_outfits, street_outfits
from training.data.tag_table import TaggedPicture, default_heads, write_table
from training.data.webdataset_shards import unpack_shards

Counts = dict[str, int]
"""Rows by the file that has them."""


def convert(source: str, data: Path, out: Path, taxonomy: Taxonomy, limit: int = 0) -> Counts:
    """Read a data set as published from a folder, and write what recipes can take of it.

    `limit` leaves only the first products, pictures or outfits, for a quick test; 0 leaves all.

    Raises:
        InvalidInput: the folder does not hold the data set in its published form.
    """
    out.mkdir(parents=True, exist_ok=True)
    return _SOURCES[source](data, out, taxonomy, limit or None)


def _kagl(data: Path, out: Path, taxonomy: Taxonomy, limit: int | None) -> Counts:
    products = read_kagl(data)[:limit]
    tags = [*kagl_tags(products, taxonomy)]
    counts = _write_labels(out, [*kagl_labels(products)]) | _write_tags(out, tags, taxonomy)
    return counts | _write_pairs(out, kagl_pairs(products))


def _catalog(data: Path, out: Path, taxonomy: Taxonomy, limit: int | None) -> Counts:
    garments = read_catalog_dataset(data)[:limit]
    if not garments:
        raise InvalidInput("data", f"has no garments that people have reviewed: {data}")
    tags = [*catalog_tags(garments, default_heads(taxonomy), taxonomy)]
    counts = _write_labels(out, [*catalog_labels(garments)]) | _write_tags(out, tags, taxonomy)
    return counts | _write_pairs(out, catalog_pairs(garments))


def _webdataset(data: Path, out: Path, _: Taxonomy, limit: int | None) -> Counts:
    pairs = unpack_shards(data, out, limit)
    _write_sheet(out, [(pair.file, pair.text) for pair in pairs])
    return _write_pairs(out, pairs)


def _polyvore(variant: str, data: Path, out: Path, _: Taxonomy, limit: int | None) -> Counts:
    found = read_polyvore(data, variant)
    for complaint in polyvore_complaints(found, variant):
        sys.stderr.write(f"note: {complaint}\n")
    return _write_outfits(out, found.outfits, found.questions, found.cases, limit)


def _named(data: Path, out: Path, _: Taxonomy, limit: int | None) -> Counts:
    return _write_asked(out, named_outfits(data), limit)


def _street(data: Path, out: Path, taxonomy: Taxonomy, limit: int | None) -> Counts:
    if not (data / "items.json").is_file():
        raise InvalidInput("data", f"must hold items.json and photos/: {data}")
    files = [
        BoxedFile(photo.path, name, tuple((garment.category, garment.box) for garment in photo.garments))
        for split, name in (("train", "train"), ("development", "val"))
        for photo in load_street_photos(data, split)[:limit]
    ]
    write_boxed_dataset(out, files, [category.name for category in taxonomy.categories])
    outfits = street_outfits(data)
    if (data / "masks").is_dir():
        outfits = [*cut_outfits(data, outfits, out / "garments")]
    return _write_asked(out, outfits, limit) | {"data.yaml": len(files)}


def _write_asked(out: Path, outfits: Sequence[OutfitSet], limit: int | None) -> Counts:
    """Outfits with questions and cases that are made of those of the test split."""
    test = [outfit for outfit in outfits if outfit.split == "test"]
    return _write_outfits(out, outfits, blank_questions(test), compatibility_cases(test), limit)


def _write_outfits(
    out: Path,
    outfits: Sequence[OutfitSet],
    questions: Sequence[BlankQuestion],
    cases: Sequence[CompatibilityCase],
    limit: int | None,
) -> Counts:
    """`limit` leaves the first outfits of each split, and what is asked of their items alone."""
    seen: Counter[str] = Counter()
    kept = []
    for outfit in outfits:
        seen[outfit.split] += 1
        if limit is None or seen[outfit.split] <= limit:
            kept.append(outfit)
    items = {item.id: item for outfit in kept for item in outfit.items}
    asked = [each for each in questions if items.keys() >= {*each.outfit, *each.answers}]
    rated = [each for each in cases if items.keys() >= {*each.outfit}]
    counts = {
        OUTFITS: write_lines(out / OUTFITS, kept),
        QUESTIONS: write_lines(out / QUESTIONS, asked),
        CASES: write_lines(out / CASES, rated),
    }
    pictures = [(item.picture, f"{item.category}: {item.name}") for item in items.values()]
    _write_sheet(out, [(file, text) for file, text in pictures if file is not None and file.path.is_file()])
    return counts


def _deepfashion2(data: Path, out: Path, taxonomy: Taxonomy, limit: int | None) -> Counts:
    files: list[BoxedFile] = []
    for folder, split in (("train", "train"), ("validation", "val")):
        if (data / folder).is_dir():
            pictures = islice(deepfashion2.read_deepfashion2(data / folder), limit)
            files += [BoxedFile(picture.path, split, picture.garments) for picture in pictures]
    if not files:
        raise InvalidInput("data", f"must hold train/ or validation/ of DeepFashion2: {data}")
    return _write_boxes(out, files, taxonomy)


def _fashionpedia(data: Path, out: Path, taxonomy: Taxonomy, limit: int | None) -> Counts:
    splits: dict[str, list[AttributedGarment]] = {}
    for name, split, images in (("train", "train", "train"), ("val", "val", "test")):
        table = data / f"instances_attributes_{name}2020.json"
        if table.is_file():
            splits[split] = read_fashionpedia(table, data / images)[:limit]
    if not splits:
        raise InvalidInput("data", f"must hold instances_attributes_train2020.json: {data}")
    return _write_attributed(out, splits, taxonomy, "fashionpedia")


def _imaterialist(data: Path, out: Path, taxonomy: Taxonomy, limit: int | None) -> Counts:
    garments = read_imaterialist(data)[:limit]
    names = {"train": "train", "validation": "val", "test": "test"}
    splits: dict[str, list[AttributedGarment]] = {}
    for garment in garments:
        splits.setdefault(names[split_of(garment.path.stem)], []).append(garment)
    return _write_attributed(out, splits, taxonomy, "imaterialist")


def _write_attributed(
    out: Path, splits: Mapping[str, Sequence[AttributedGarment]], taxonomy: Taxonomy, source: str
) -> Counts:
    categories = fashionpedia.taxonomy_categories()
    boxes: dict[tuple[str, Path], list[tuple[str, Box]]] = {}
    tags: list[TaggedPicture] = []
    for split, garments in splits.items():
        for garment in garments:
            worn = boxes.setdefault((split, garment.path), [])
            if garment.category in categories:
                worn.append((categories[garment.category], garment.box))
        tags += fashionpedia_tags(garments, "validation" if split == "val" else split, source)
    files = [BoxedFile(path, split, tuple(worn)) for (split, path), worn in boxes.items()]
    return _write_boxes(out, files, taxonomy) | _write_tags(out, tags, taxonomy)


def _write_labels(out: Path, pictures: Sequence[LabelledPicture]) -> Counts:
    with (out / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("image", "label", "split", "group"))
        table.writerows((p.path.absolute(), p.label, p.split, p.group) for p in pictures)
    _write_sheet(out, [(picture.file, picture.label) for picture in pictures])
    return {"labels.csv": len(pictures)}


def _write_tags(out: Path, rows: Sequence[TaggedPicture], taxonomy: Taxonomy) -> Counts:
    count = write_table(out / "tags.csv", rows, default_heads(taxonomy))
    _write_sheet(out, [(row.file, " ".join(map(str, row.tags.values()))) for row in rows], "tags-sheet.jpg")
    return {"tags.csv": count}


def _write_pairs(out: Path, pairs: Iterable[Pair]) -> Counts:
    return {"pairs.csv": write_pairs(out / "pairs.csv", pairs)}


def _write_boxes(out: Path, files: Sequence[BoxedFile], taxonomy: Taxonomy) -> Counts:
    write_boxed_dataset(out, files, [category.name for category in taxonomy.categories])
    shown = [(PictureFile(file.path, box), name) for file in files for name, box in file.garments]
    _write_sheet(out, shown)
    return {"data.yaml": len(files)}


def _write_sheet(out: Path, rows: Iterable[tuple[PictureFile, str]], name: str = "sheet.jpg") -> None:
    if shown := list(rows):
        write_sheet(shown, out / name)


_SOURCES: Mapping[str, Callable[[Path, Path, Taxonomy, int | None], Counts]] = {
    "kagl": _kagl,
    "polyvore": partial(_polyvore, "nondisjoint"),
    "polyvore-disjoint": partial(_polyvore, "disjoint"),
    "polyvore-t": _named,
    "street": _street,
    "catalog": _catalog,
    "webdataset": _webdataset,
    "deepfashion2": _deepfashion2,
    "fashionpedia": _fashionpedia,
    "imaterialist": _imaterialist,
}
SOURCES = tuple(_SOURCES)
