"""Commands that make data: pictures, data sets, tables of tags and sentences."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from domain.taxonomy import Taxonomy
from training.command.command import AddCommand, compare_data, given

SOURCES = (
    *("kagl", "polyvore", "polyvore-disjoint", "polyvore-t", "street", "catalog", "webdataset"),
    *("deepfashion2", "fashionpedia", "imaterialist"),
)


def add_to(add: AddCommand) -> None:
    _add_samples(add("samples", "draw the sample pictures"))
    _add_dataset(add("dataset", "write pictures with boxes for detectors, as ultralytics reads them"))
    _add_convert(add("convert", "write a public data set, or a catalogue's, in the form that recipes take"))
    _add_weak_tags(add("weak-tags", "tag photos that have only a label by rules, and print patterns on some"))
    _add_weak_pairs(add("weak-pairs", "write sentences of label and measured colour for labelled photos"))
    _add_draw(add("draw", "draw labelled pictures, for runs without photos"))


def _add_samples(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER")
    command.add_argument("--seed", type=int, default=7)
    command.set_defaults(run=_samples)


def _samples(options: argparse.Namespace) -> None:
    from training.data.samples import catalogue, write_samples

    write_samples(options.out, catalogue(), Taxonomy.load(options.taxonomy), options.seed)


def _add_dataset(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="images/ and labels.csv")
    command.add_argument(
        "--out", type=Path, required=True, metavar="FOLDER", help="images, labels, data.yaml"
    )
    command.add_argument(
        "--street", type=Path, metavar="FOLDER", help="photos of people: items.json, photos/"
    )
    command.add_argument("--fashion-mnist", type=Path, metavar="FOLDER", help="idx.gz files")
    command.add_argument("--cache", type=Path, metavar="FOLDER", help="decoded photos (default: ~/.cache)")
    command.add_argument("--scenes", type=int, help="scenes to compose for training (default 5000)")
    command.add_argument("--persons", type=int, help="persons to draw for training (default 600)")
    command.add_argument("--side-px", type=int, help="longer side of each picture (default 384)")
    command.add_argument("--seed", type=int, help="random seed (default 0)")
    command.set_defaults(run=_dataset)


def _dataset(options: argparse.Namespace) -> None:
    from training.data.detection_dataset import DatasetOptions, write_dataset

    compare_data(options.data)
    values = given(options)
    folder = values.pop("out")
    sys.stdout.write(f"{write_dataset(DatasetOptions(**values), folder)}\n")


def _add_convert(command: argparse.ArgumentParser) -> None:
    command.add_argument("source", choices=SOURCES)
    command.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="the data as published")
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="tables and a sheet")
    command.add_argument("--limit", type=int, default=0, help="only so many products, pictures or outfits")
    command.set_defaults(run=_convert)


def _convert(options: argparse.Namespace) -> None:
    from training.data.conversion import convert

    taxonomy = Taxonomy.load(options.taxonomy)
    for name, count in convert(options.source, options.data, options.out, taxonomy, options.limit).items():
        sys.stdout.write(f"{options.out / name}: {count} rows\n")


def _add_weak_tags(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="images/ and labels.csv")
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="tags.csv and pictures/")
    command.add_argument(
        "--street", type=Path, metavar="FOLDER", help="photos of people: items.json, photos/"
    )
    command.add_argument("--prints", type=int, default=800, help="photos to print patterns on (800)")
    command.add_argument("--drawings", type=int, default=600, help="garments to draw (600)")
    command.add_argument("--seed", type=int, default=0, help="random seed (0)")
    command.set_defaults(run=_weak_tags)


def _weak_tags(options: argparse.Namespace) -> None:
    from training.data.weak_tags import WeakTagOptions, write_weak_tags

    count = write_weak_tags(WeakTagOptions(**given(options)))
    sys.stdout.write(f"{options.out / 'tags.csv'}: {count} rows\n")


def _add_weak_pairs(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="images/ and labels.csv")
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="pairs.csv")
    command.add_argument("--per-label", type=int, help="photos of a label in a split at most (all)")
    command.set_defaults(run=_weak_pairs)


def _weak_pairs(options: argparse.Namespace) -> None:
    from training.data.weak_pairs import WeakPairOptions, write_weak_pairs

    count = write_weak_pairs(WeakPairOptions(**given(options)))
    sys.stdout.write(f"{options.out / 'pairs.csv'}: {count} rows\n")


def _add_draw(command: argparse.ArgumentParser) -> None:
    command.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="SPLIT/LABEL/PICTURE.jpg")
    command.add_argument("--per-label", type=int, default=100, help="pictures to train on (default 100)")
    command.add_argument("--side-px", type=int, default=160, help="of the square pictures (default 160)")
    command.add_argument("--seed", type=int, default=0, help="random seed (default 0)")
    command.set_defaults(run=_draw)


def _draw(options: argparse.Namespace) -> None:
    from training.data.drawn_pictures import write_drawn_pictures

    taxonomy = Taxonomy.load(options.taxonomy)
    folder = write_drawn_pictures(options.out, options.per_label, options.side_px, options.seed, taxonomy)
    sys.stdout.write(f"{folder}\n")
