"""Searches by a photo with words beside it: "this, but in red". Is the colour right, is the category kept?"""

from __future__ import annotations

import argparse
import asyncio
import csv
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

import cv2
import numpy as np

from armoire import AnyOf, ArmoireError, AsyncClient, Example, ExampleSet, Hit, Photo, QueryHits
from bench.model_pair import ROOT
from bench.options import Commands, add_command, inputs_note, pair_of, scratch
from bench.report import Table, log, publish
from demo.server import ServerProcess
from domain.taxonomy import Taxonomy
from domain.types import FloatArray
from imaging.ciede2000 import ciede2000
from imaging.colors import Palette

TOP_K = 5
CENTRE = 0.3
"""Of each side: the part of a photo whose median colour is compared."""
NEAR = 20.0
"""A CIEDE2000 difference."""
HEADERS = ("measure", "share of the first five hits")


@dataclass(frozen=True, slots=True)
class LabelledPhoto:
    """A photo of one garment; `category` is the taxonomy's of its label."""

    path: Path
    category: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The first hits of one query.

    Attributes:
        color_said: share whose main colour, as the server tells it, is asked for.
        color_seen: share of which the centre of the photo has a shade of the family that is asked for.
        color_near: share of which it is at most `NEAR` from it, since black cloth is dark grey in photos.
        category_said: share whose category, as the server tells it, is that of the query photo.
        category_labelled: share whose label is of the category of the query photo's label.
    """

    photo: str
    color: str
    category: str
    hits: int
    color_said: float
    color_seen: float
    color_near: float
    category_said: float
    category_labelled: float


def add_to(commands: Commands) -> None:
    parser = add_command(commands, "modified", run, "Searches by a photo and a colour: is the colour right?")
    parser.add_argument(
        "--labels",
        type=Path,
        required=True,
        help="CSV with the columns image (file name without .jpg), label and split (train, validation)",
    )
    parser.add_argument("--items", type=int, default=1500, help="photos of `train` to index (%(default)s)")
    parser.add_argument("--queries", type=int, default=40, help="(%(default)s)")


def run(arguments: argparse.Namespace) -> bool:
    taxonomy = Taxonomy.load(ROOT / "domain/taxonomy.toml")
    shop, asked = read_labels(arguments, taxonomy)
    with scratch() as home, ServerProcess(home, environment=pair_of(arguments).environment) as server:
        outcomes = asyncio.run(
            measure(server.address, shop[: arguments.items], asked, arguments.queries, taxonomy)
        )
    publish(outcome_table(outcomes, inputs_note(arguments, arguments.items)), arguments.json)
    queries: int = arguments.queries
    return len(outcomes) == queries


def read_labels(
    arguments: argparse.Namespace, taxonomy: Taxonomy
) -> tuple[list[LabelledPhoto], list[LabelledPhoto]]:
    """The photos of `train` and of `validation` whose label is a category, in a fixed random order."""
    photos: dict[str, list[LabelledPhoto]] = {"train": [], "validation": []}
    with arguments.labels.open(newline="") as file:
        for row in csv.DictReader(file):
            path = arguments.photos / f"{row['image']}.jpg"
            category = taxonomy.canonical_category(row["label"])
            if category and row["split"] in photos and path.is_file():
                photos[row["split"]].append(LabelledPhoto(path, category))
    for split in photos.values():
        random.Random(0).shuffle(split)
    return photos["train"], photos["validation"]


async def measure(
    address: str,
    shop: Sequence[LabelledPhoto],
    asked: Sequence[LabelledPhoto],
    queries: int,
    taxonomy: Taxonomy,
) -> list[Outcome]:
    labels = {photo.path.name: photo for photo in shop}
    outcomes: list[Outcome] = []
    async with AsyncClient(address) as client:
        await index(client, shop)
        counts = {name.name: await count_colors(client, name.name) for name in taxonomy.categories}
        async for photo, color, found in ask(client, asked, counts, taxonomy):
            outcomes.append(outcome_of(photo, color, found, labels, taxonomy))
            log(f"{outcomes[-1]}")
            if len(outcomes) == queries:
                break
    return outcomes


async def index(client: AsyncClient, shop: Sequence[LabelledPhoto]) -> None:
    jobs = [job async for _, job in client.index_many([photo.path for photo in shop])]
    for job in jobs:
        if not isinstance(job, ArmoireError):
            await client.wait_for_indexing_job(job.id)
    log(f"{len(jobs)} photos are indexed")


async def count_colors(client: AsyncClient, category: str) -> Mapping[str, int]:
    """How many items of a category have a main colour of each family."""
    found = await client.search(text="x", top_k=1, where=f'category="{category}"', facets=["main_color"])
    return {value.value: value.count for value in found.facets[0].values}


async def ask(
    client: AsyncClient,
    asked: Sequence[LabelledPhoto],
    counts: Mapping[str, Mapping[str, int]],
    taxonomy: Taxonomy,
) -> AsyncIterator[tuple[LabelledPhoto, str, QueryHits]]:
    """For each photo the answer to the first colour, in random order, of which there are enough items."""
    for number, photo in enumerate(asked):
        colors = list(dict.fromkeys(map(taxonomy.family_of, taxonomy.colors)))
        random.Random(number).shuffle(colors)
        shown = await garment(client, photo.path)
        for color in colors:
            examples = ExampleSet((Example(photo=shown), Example(text=f"this, but in {color}")))
            (found,) = (await client.search(examples=examples, top_k=TOP_K)).queries
            wanted = {name: test.values for name, test in applied(found)}
            of_category = counts.get("".join(wanted.get("category", ())), {})
            if sum(of_category.get(name, 0) for name in wanted["main_color"]) >= TOP_K:
                yield photo, color, found
                break


async def garment(client: AsyncClient, path: Path) -> Photo:
    """The photo with the box of the garment that is detected with most certainty, if one is."""
    found = (await client.detect(path)).detections
    boxes = (max(found, key=lambda each: each.score).box,) if found else ()
    return Photo(path, boxes)


def applied(found: QueryHits) -> list[tuple[str, AnyOf]]:
    """The fields and tests that the words were understood to ask for."""
    conditions = found.applied_filter.conditions
    return [(each.field, each.test) for each in conditions if isinstance(each.test, AnyOf)]


def outcome_of(
    photo: LabelledPhoto,
    color: str,
    found: QueryHits,
    labels: Mapping[str, LabelledPhoto],
    taxonomy: Taxonomy,
) -> Outcome:
    wanted = {name: test.values for name, test in applied(found)}
    palette, shades = Palette.of(taxonomy), taxonomy.shades_of(color)
    shown = [labels[hit.item.image_name] for hit in found.hits]
    return Outcome(
        photo.path.name,
        color,
        photo.category,
        len(found.hits),
        share([taxonomy.family_of(hit.item.colors[0].name) in wanted["main_color"] for hit in found.hits]),
        share([palette.names[palette.nearest(centre(each.path)[None])[0]] in shades for each in shown]),
        share([difference(centre(each.path), color, taxonomy) <= NEAR for each in shown]),
        share([category_of(hit) in wanted["category"] for hit in found.hits]),
        share([each.category == photo.category for each in shown]),
    )


def category_of(hit: Hit) -> str:
    return hit.item.attributes["category"].value


def share(right: Sequence[bool]) -> float:
    """Of the five hits that there ought to be."""
    return sum(right) / TOP_K


def centre(path: Path) -> FloatArray:
    """The median colour in the centre of a photo, (3,) CIE L*a*b*, by other means than the server's."""
    pixels = cv2.imread(str(path))
    assert pixels is not None
    low, high = 0.5 - CENTRE / 2, 0.5 + CENTRE / 2
    rows, columns = (slice(int(side * low), int(side * high)) for side in pixels.shape[:2])
    lab = cv2.cvtColor(pixels[rows, columns].astype(np.float32) / 255, cv2.COLOR_BGR2Lab)
    median: FloatArray = np.median(lab.reshape(-1, 3), axis=0).astype(np.float32)
    return median


def difference(lab: FloatArray, color: str, taxonomy: Taxonomy) -> float:
    """To the nearest of the shades of a colour."""
    centres = np.array([taxonomy.colors[name] for name in taxonomy.shades_of(color)], np.float32)
    return float(ciede2000(lab, centres).min())


def outcome_table(outcomes: Sequence[Outcome], note: str) -> Table:
    measures = {
        "the main colour, as the server tells it, is asked for": "color_said",
        "the centre of the photo has a shade of the colour that is asked for": "color_seen",
        f"the centre of the photo is within CIEDE2000 {NEAR:g} of the colour that is asked for": "color_near",
        "the category, as the server tells it, is that of the query photo": "category_said",
        "the label is of the category of the query photo's label": "category_labelled",
    }
    rows = [
        [text, f"{fmean(getattr(outcome, name) for outcome in outcomes):.3f}"]
        for text, name in measures.items()
    ]
    notes = (
        note,
        f"{len(outcomes)} photos that are not indexed, each with a colour of which there are enough.",
    )
    return Table("modified", HEADERS, rows, notes, [asdict(outcome) for outcome in outcomes])
