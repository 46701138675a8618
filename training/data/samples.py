"""Draws the sample pictures that ship with the application, and their table samples.csv."""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from tqdm import tqdm

from domain.taxonomy import Taxonomy
from domain.types import Box, Pixels
from imaging.crop import crop, expand
from training.data.color_names import lab_to_rgb
from training.data.examples import Example, ExampleMaker, paste
from training.data.persons import OVERSAMPLING, shrunk
from training.data.thumbnails import shrink
from training.synthetic.body import Body, Build, Pose
from training.synthetic.canvas import Garment, Rgba
from training.synthetic.fabric import Rgb, as_pixels, smooth_noise
from training.synthetic.garments import draw, kinds
from training.synthetic.person import TALL, Outfit, draw_person
from training.synthetic.places import draw_place

COLUMNS = ("file", "product_name", "category", "color", "price", "boxes")


@dataclass(frozen=True, slots=True)
class Piece:
    """One garment of a sample; its colours are names of the taxonomy."""

    kind: str
    color: str
    pattern: str
    accent: str


@dataclass(frozen=True, slots=True)
class Look:
    """How the pieces of a sample are worn: by whom, in which place, and which part of the outfit each is."""

    place: str
    parts: tuple[str, ...]
    build: Build
    pose: Pose
    tucked: bool
    bag_side: int
    gap: float


@dataclass(frozen=True, slots=True)
class Sample:
    """A product picture; the first piece is the product. With a `look`, a person wears the pieces."""

    name: str
    price: str
    ground: str
    pieces: tuple[Piece, ...]
    height: int
    width: int
    look: Look | None = None

    @property
    def file(self) -> str:
        return self.name.lower().replace(" ", "-") + ".jpg"


def catalogue() -> list[Sample]:
    """All samples, read from samples.toml beside this file."""
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return [*(_sample(row) for row in table["samples"]), *(_person(row) for row in table.get("people", ()))]


def _sample(row: Mapping[str, Any]) -> Sample:
    height, width = row["size"]
    pieces = tuple(Piece(*piece) for piece in row["pieces"])
    return Sample(row["name"], row["price"], row["ground"], pieces, height, width)


def _person(row: Mapping[str, Any]) -> Sample:
    height, width = row["size"]
    build, pose = dict(row["build"]), row["pose"]
    build |= {name: tuple(build[name]) for name in ("skin", "hair")}
    look = Look(
        row["place"],
        tuple(row["pieces"]),
        Build(**build),
        Pose(pose["sway"], pose["tilt_deg"], _pairs(pose["arms"]), _pairs(pose["legs"])),
        row["tucked"],
        row["bag_side"],
        row["gap"],
    )
    pieces = tuple(Piece(*piece) for piece in row["pieces"].values())
    return Sample(row["name"], row["price"], "", pieces, height, width, look)


def _pairs(rows: Sequence[Sequence[float]]) -> tuple[tuple[float, float], tuple[float, float]]:
    (first, second), (third, fourth) = rows
    return (first, second), (third, fourth)


def write_samples(folder: Path, samples: Sequence[Sample], taxonomy: Taxonomy, seed: int = 7) -> None:
    """Write every picture as JPEG, and samples.csv.

    The column `boxes` is a JSON list of [category, x1, y1, x2, y2]; the first box is the product's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "samples.csv").open("w", newline="", encoding="utf-8") as table:
        rows = csv.DictWriter(table, COLUMNS, lineterminator="\n")
        rows.writeheader()
        for index, sample in enumerate(tqdm(samples, desc="samples")):
            picture, objects = draw_sample(sample, taxonomy, np.random.default_rng([seed, index]))
            quality = [cv2.IMWRITE_JPEG_QUALITY, 85]
            cv2.imwrite(str(folder / sample.file), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), quality)
            rows.writerow(_row(sample, objects))


def draw_sample(
    sample: Sample, taxonomy: Taxonomy, rng: np.random.Generator
) -> tuple[Pixels, list[tuple[str, Box]]]:
    """Draw a sample; returns the picture and the category and box of each piece."""
    if sample.look is not None:
        return _draw_worn(sample, sample.look, taxonomy, rng)
    picture = _ground(sample, _rgb(sample.ground, taxonomy), rng)
    objects = []
    for piece, slot in zip(sample.pieces, slots(len(sample.pieces)), strict=True):
        picture, box = _place(picture, draw(_garment(piece, taxonomy), 640, rng), slot)
        objects.append((kinds()[piece.kind].category, box))
    return picture, objects


def _draw_worn(
    sample: Sample, look: Look, taxonomy: Taxonomy, rng: np.random.Generator
) -> tuple[Pixels, list[tuple[str, Box]]]:
    """A person who wears the pieces, drawn larger and shrunk; the box of each is that of what is seen."""
    large = (OVERSAMPLING * sample.height, OVERSAMPLING * sample.width)
    foot = (large[1] / 2, 0.96 * large[0])
    worn = {part: _garment(piece, taxonomy) for part, piece in zip(look.parts, sample.pieces, strict=True)}
    outfit = Outfit(**worn, tucked=look.tucked, bag_side=look.bag_side, gap=look.gap)
    ground = draw_place(*large, round(foot[1]), rng, look.place)
    body = Body(look.build, look.pose)
    person = draw_person(ground, body, outfit, foot, 0.9 * large[0] / TALL, rng)
    picture = cv2.resize(person.picture, (sample.width, sample.height), interpolation=cv2.INTER_AREA)
    objects = [
        (kinds()[piece.kind].category, shrunk(person.boxes[part], OVERSAMPLING))
        for part, piece in zip(look.parts, sample.pieces, strict=True)
    ]
    return np.asarray(picture, np.uint8), objects


def _garment(piece: Piece, taxonomy: Taxonomy) -> Garment:
    return Garment(piece.kind, piece.pattern, _rgb(piece.color, taxonomy), _rgb(piece.accent, taxonomy))


def sample_examples(maker: ExampleMaker, taxonomy: Taxonomy, seed: int = 7) -> list[Example]:
    """Training examples: every garment of every sample, cropped with some background."""
    examples = []
    for index, sample in enumerate(catalogue()):
        picture, objects = draw_sample(sample, taxonomy, np.random.default_rng([seed, index]))
        height, width = picture.shape[:2]
        for piece, (_, box) in zip(sample.pieces, objects, strict=True):
            region = shrink(crop(picture, expand(box, 0.25, width, height)), 192)
            color, pattern = maker.colors.names.index(piece.color), maker.pattern_index(piece.pattern)
            examples.append(maker.known(region, None, piece.kind, color, pattern))
    return examples


def slots(count: int) -> Sequence[Box]:
    """Positions of the pieces in a picture, as shares of its width and height."""
    return {
        1: (Box(0.09, 0.07, 0.91, 0.93),),
        2: (Box(0.05, 0.05, 0.52, 0.95), Box(0.57, 0.2, 0.95, 0.9)),
        3: (Box(0.04, 0.05, 0.5, 0.95), Box(0.53, 0.05, 0.97, 0.52), Box(0.58, 0.6, 0.94, 0.94)),
    }[count]


def _place(picture: Pixels, layer: Rgba, slot: Box) -> tuple[Pixels, Box]:
    height, width = picture.shape[:2]
    room = slot.width * width, slot.height * height
    scale = min(room[0] / layer.shape[1], room[1] / layer.shape[0])
    layer = np.asarray(cv2.resize(layer, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    x = round(slot.x1 * width + (room[0] - layer.shape[1]) / 2)
    y = round(slot.y1 * height + (room[1] - layer.shape[0]) / 2)
    shaded = _with_shadow(picture, layer, x, y)
    return paste(shaded, layer, x, y)[0], Box(x, y, x + layer.shape[1], y + layer.shape[0])


def _with_shadow(picture: Pixels, layer: Rgba, x: int, y: int) -> Pixels:
    """Add a soft shadow, a little below and to the right."""
    dark = np.zeros(picture.shape[:2], np.uint8)
    dark[y : y + layer.shape[0], x : x + layer.shape[1]] = layer[..., 3]
    moved = cv2.warpAffine(dark, np.array([[1.0, 0, 5], [0, 1.0, 7]]), dark.shape[::-1])
    shade = 1 - 0.3 * cv2.GaussianBlur(moved, (0, 0), 7)[..., None] / np.float32(255)
    return as_pixels(picture * shade)


def _ground(sample: Sample, color: Rgb, rng: np.random.Generator) -> Pixels:
    """A grainy wall, lit from above, in a desaturated tone of `color`."""
    tone = 0.45 * np.asarray(color, np.float32) + 0.55 * 245
    light = np.linspace(1.02, 0.92, sample.height, dtype=np.float32)[:, None]
    light = light + 0.015 * smooth_noise(sample.height, sample.width, 4, rng)
    grain = rng.normal(0, 1.5, (sample.height, sample.width, 1))
    return as_pixels(tone * light[..., None] + grain)


def _rgb(name: str, taxonomy: Taxonomy) -> Rgb:
    red, green, blue = (int(c) for c in lab_to_rgb(np.asarray(taxonomy.colors[name], np.float32)))
    return red, green, blue


def _row(sample: Sample, objects: Sequence[tuple[str, Box]]) -> dict[str, str]:
    boxes = [[name, round(box.x1), round(box.y1), round(box.x2), round(box.y2)] for name, box in objects]
    return {
        "file": sample.file,
        "product_name": sample.name,
        "category": objects[0][0],
        "color": sample.pieces[0].color,
        "price": sample.price,
        "boxes": json.dumps(boxes),
    }
