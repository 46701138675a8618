"""`armoire detect`: where the garments in photos are."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from armoire.async_client import AsyncClient
from armoire.command.console import Console
from armoire.command.documents import Document
from armoire.command.files import find_photos, read_photo
from armoire.command.options import Commands, add_command, add_model, add_photos, number
from armoire.command.pipelining import in_order
from armoire.command.tables import box_text, table
from armoire.errors import ArmoireError
from armoire.values.inference import Detections

EXAMPLES = """\
  armoire detect street.jpg
  armoire detect photos/ --min-score 0.5 --json > boxes.jsonl"""
CONCURRENCY = 8


def add_to(commands: Commands) -> None:
    summary = "Find the garments in photos, without describing them."
    parser = add_command(commands, "detect", detect, summary, EXAMPLES)
    add_photos(parser, "+", CONCURRENCY)
    parser.add_argument(
        "--min-score",
        type=number,
        metavar="S",
        help="keep garments that the detector is sure of to this score, 0 to 1",
    )
    add_model(parser, "--model", "the detector that answers")


async def detect(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    async def detect_one(path: str) -> Detections:
        return await client.detect(
            await read_photo(path), min_score=arguments.min_score, model_version=arguments.model
        )

    paths = find_photos(arguments.paths)
    console.start("detecting", len(paths))
    async for path, outcome in in_order(detect_one, paths, arguments.concurrency):
        console.step()
        if isinstance(outcome, ArmoireError):
            console.show_failure({"image": path}, path, outcome)
        else:
            console.show(detections_document(path, outcome), _text(path, outcome))
    console.finish()


def detections_document(path: str, found: Detections) -> Document:
    """Boxes in pixels of the upright photo."""
    return {
        "image": path,
        "image_width": found.image_width,
        "image_height": found.image_height,
        "detections": [asdict(each) for each in found.detections],
        "model_version": found.model_version,
        "preprocess_version": found.preprocess_version,
    }


def _text(path: str, found: Detections) -> str:
    rows = table(
        ("label", "score", "box"),
        [(each.label, each.score, box_text(each.box)) for each in found.detections],
    )
    return f"{path}: {found.image_width} x {found.image_height} px\n{rows}\n"
