"""`armoire analyze`: what is in photos."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator
from pathlib import Path

from armoire.async_bulk import BULK_WINDOW
from armoire.async_client import AsyncClient
from armoire.command.console import CommandFailed, Console, UsageError
from armoire.command.documents import analysis_document
from armoire.command.files import find_photos, read_photo
from armoire.command.options import Commands, add_command, add_model, add_photos, number
from armoire.command.pictures import load_drawing, save
from armoire.command.pipelining import in_order
from armoire.command.tables import attributes_text, box_text, categories_text, colors_text, table
from armoire.deadlines import BULK_TIMEOUT_S
from armoire.errors import ArmoireError
from armoire.photos import Photo
from armoire.values.inference import AnalyzedItem, ImageAnalysis
from armoire.values.types import Box, Priority

EXAMPLES = """\
  armoire analyze street.jpg
  armoire analyze street.jpg --draw boxes.png
  armoire analyze street.jpg --detector garments-3f2a91c04d7e   # tries a model that is not the default
  armoire analyze street.jpg --box 40,60,300,500 --crops cut/
  armoire analyze photos/ --json > garments.jsonl"""


def add_to(commands: Commands) -> None:
    summary = "Find, describe and embed the garments in photos."
    parser = add_command(commands, "analyze", analyze, summary, EXAMPLES)
    add_photos(parser, "+", BULK_WINDOW)
    parser.add_argument(
        "--min-score",
        type=number,
        metavar="S",
        help="keep garments that the detector is sure of to this score, 0 to 1",
    )
    parser.add_argument(
        "--draw",
        metavar="OUT.png",
        type=Path,
        help="save the photos with boxes and labels (needs the [images] extra)",
    )
    parser.add_argument(
        "--box",
        action="append",
        default=[],
        dest="boxes",
        type=box,
        metavar="X1,Y1,X2,Y2",
        help="describe this region instead of what the detector finds, in pixels of the upright photo; "
        "may be given again; for one photo",
    )
    parser.add_argument(
        "--crops", metavar="FOLDER", type=Path, help="save what was cut out of the photos, as JPEGs"
    )
    parser.add_argument(
        "--bulk", action="store_true", help="let the calls of others go first, also for one photo"
    )
    for kind in ("detector", "embedder", "classifier"):
        add_model(parser, f"--{kind}", f"the {kind} that answers")


async def analyze(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    paths = find_photos(arguments.paths)
    if arguments.boxes and len(paths) != 1:
        raise UsageError("--box is for one photo")
    drawing = load_drawing(arguments.draw) if arguments.draw else None
    drawn = []
    console.start("analyzing", len(paths))
    async for path, outcome in _analyzed(client, paths, arguments):
        console.step()
        if isinstance(outcome, ArmoireError):
            console.show_failure({"image": path}, path, outcome)
            continue
        console.show(analysis_document(path, outcome), _text(path, outcome))
        if arguments.crops:
            _save_crops(path, outcome, arguments.crops)
        if drawing:
            drawn.append(drawing.draw_analysis(await read_photo(path), outcome))
    console.finish()
    if drawing and not drawn:
        raise CommandFailed(f"nothing to draw in {arguments.draw}")
    if drawing:
        save(drawing.lay_grid(drawn), arguments.draw, console)


def _analyzed(
    client: AsyncClient, paths: list[str], arguments: argparse.Namespace
) -> AsyncIterator[tuple[str, ImageAnalysis | ArmoireError]]:
    """Each photo with its outcome; a single one is analyzed by a call of its own, ahead of bulk work."""

    async def analyze_one(path: str) -> ImageAnalysis:
        return await client.analyze(
            Photo(await read_photo(path), tuple(arguments.boxes)),
            min_score=arguments.min_score,
            include_crops=bool(arguments.crops),
            priority=Priority.BULK if arguments.bulk else Priority.INTERACTIVE,
            detector_version=arguments.detector,
            embedder_version=arguments.embedder,
            classifier_version=arguments.classifier,
        )

    if len(paths) == 1:
        return in_order(analyze_one, paths, 1)
    return client.analyze_many(
        paths,
        min_score=arguments.min_score,
        include_crops=bool(arguments.crops),
        detector_version=arguments.detector,
        embedder_version=arguments.embedder,
        classifier_version=arguments.classifier,
        window=arguments.concurrency,
        timeout_s=arguments.timeout_s or BULK_TIMEOUT_S,
    )


def _save_crops(path: str, analysis: ImageAnalysis, folder: Path) -> None:
    """Save the crops under the photo's name, numbered in the order of the items."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number_of_item, item in enumerate(analysis.items):
            if item.crop is not None:
                (folder / f"{Path(path).stem}-{number_of_item}.jpg").write_bytes(item.crop)
    except OSError as error:
        raise CommandFailed(f"cannot save crops in {folder}: {error.strerror}") from error


def box(text: str) -> Box:
    """A box of a text such as 10,20,110,220."""
    try:
        x1, y1, x2, y2 = map(float, text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected X1,Y1,X2,Y2 in pixels, not {text!r}") from None
    return Box(x1, y1, x2, y2)


def _text(path: str, analysis: ImageAnalysis) -> str:
    size = f"{analysis.image_width} x {analysis.image_height} px"
    milliseconds = analysis.timings.total_ns / 1e6
    warnings = "".join(f", {issue}" for issue in analysis.warnings)
    classified = bool(analysis.classifier_version)
    headers = (
        "label",
        "score",
        "box",
        "attributes",
        *(["categories"] if classified else []),
        "colors",
        "note",
    )
    rows = table(headers, [_row(item, classified) for item in analysis.items])
    return f"{path}: {size}, {milliseconds:.0f} ms{warnings}\n{rows}\n"


def _row(item: AnalyzedItem, classified: bool) -> tuple[object, ...]:
    """With a column for the classifier's categories where the server has one."""
    categories = [categories_text(item.categories)] if classified else []
    described = attributes_text(item.attributes), *categories, colors_text(item.colors)
    return item.label, item.score, box_text(item.box), *described, _note(item)


def _note(item: AnalyzedItem) -> str:
    if item.reason:
        return f"rejected: {item.reason}"
    notes = ["whole image"] if item.whole_image else []
    return ", ".join([*notes, *item.warnings])
