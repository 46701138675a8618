"""`python -m demo.flywheel`: reviews make a better embedder, in one loop from the queue to the switch.

A server indexes labelled photos, and a reviewer who knows the labels decides on what its queue hands out. The
reviewed items are exported; the embedder's last layer is trained on those of the train split; the export
checks the new artifact; the server loads it, back-fills the catalogue beside the live collection, and
compares both versions on the test split, which no training has seen. Only if the new one is not worse there
do searches go to it.

Without --photos the pictures are drawn, in the manner of the samples.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from armoire import Agreement, AsyncClient, Box, Photo
from demo.photos import read_samples
from demo.server import ROOT, ServerProcess
from domain.taxonomy import Taxonomy
from imaging.decode import DecodeLimits, probe

SHARES = (0.5, 0.1, 0.4)
"""Of the train, val and test split: the demo has few photos, and the figure is that of the test split."""
AT_A_TIME = 25
EMBEDDER = ROOT / "artifacts" / "demo-embedder"
NEW = "flywheel-embedder"
RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Labelled:
    """A photo, and the right category of each of its garments."""

    path: Path
    boxes: tuple[Box, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many garments of the test split each version names rightly.

    `difference` is that of the shares with its interval, None where searches stayed with the former version.
    """

    before: Agreement
    after: Agreement
    difference: tuple[float, float, float] | None
    corrected: int
    decided: int


def main(argv: Sequence[str] | None = None) -> int:
    arguments = parse_arguments(argv)
    home = Path(os.environ.get("ARMOIRE_HOME", ".armoire")).resolve() / "flywheel"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    taxonomy = Taxonomy.load(ROOT / "domain/taxonomy.toml")
    photos = labelled(arguments, taxonomy) if arguments.photos else drawn(home / "drawn", arguments.sets)
    models = home / "models"
    models.mkdir()
    with ServerProcess(home / "server", environment={"ARMOIRE_MODELS__FOLDER": str(models)}) as server:
        started = time.monotonic()
        outcome = asyncio.run(turn(server, home, photos, taxonomy))
        say(f"{time.monotonic() - started:.0f} s in all")
        say(conclusion(outcome))
        if arguments.keep:
            shares = ",".join(map(str, SHARES))
            say(f"Look at {server.http_url}/app/review/statistics?of=test&shares={shares}")
            say("End with Ctrl-C.")
            wait()
    return 0


def parse_arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m demo.flywheel",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--photos", type=Path, metavar="FOLDER", help="photos of one garment each, NAME.jpg")
    parser.add_argument(
        "--labels", type=Path, metavar="CSV", help="their labels: columns image (NAME), label, split"
    )
    parser.add_argument("--split", default="validation", help="the rows of --labels to take (%(default)s)")
    parser.add_argument("--items", type=int, default=400, help="photos at most (%(default)s)")
    parser.add_argument("--sets", type=int, default=6, help="drawn sets of 26 photos (%(default)s)")
    parser.add_argument("--keep", action="store_true", help="leave the server running at the end")
    given = parser.parse_args(argv)
    if (given.photos is None) != (given.labels is None):
        parser.error("--photos and --labels go together")
    return given


def labelled(arguments: argparse.Namespace, taxonomy: Taxonomy) -> list[Labelled]:
    """The photos whose label is a category; each is one garment as large as the photo."""
    found = []
    with arguments.labels.open(newline="") as file:
        for row in csv.DictReader(file):
            path = arguments.photos / f"{row['image']}.jpg"
            category = taxonomy.canonical_category(row["label"])
            if category and row["split"] == arguments.split and path.is_file():
                info = probe(path.read_bytes(), DecodeLimits())
                found.append(Labelled(path, (Box(0, 0, info.width, info.height),), (category,)))
    return found[: arguments.items]


def drawn(folder: Path, sets: int) -> list[Labelled]:
    """Sets of samples, each drawn anew."""
    photos = []
    for number in range(sets):
        run("training", "samples", "--out", str(folder / str(number)), "--seed", str(100 + number))
        for photo in read_samples(folder / str(number)):
            labels, boxes = zip(*photo.garments, strict=True)
            photos.append(Labelled(photo.path, boxes, labels))
    return photos


async def turn(server: ServerProcess, home: Path, photos: Sequence[Labelled], taxonomy: Taxonomy) -> Outcome:
    """One turn of the loop."""
    async with AsyncClient(server.address) as client:
        truth = await index(client, photos)
        (live,) = {item.model_version async for item in client.iter_items()}
        say(f"{len(photos)} photos with {len(truth)} garments are indexed by {live}")
        corrected, said = await review(client, truth, taxonomy)
        say(f"{len(said)} decisions, of which {corrected} corrected the category")
        shares = ",".join(map(str, SHARES))
        pairs = home / "pairs"
        options = ["--format", "image-text", "--partly-reviewed", "--splits", shares]
        run("armoire", "--address", server.address, "export", "dataset", str(pairs), *options)
        train(home, pairs)
        version = (await client.load_model(NEW))[0].version
        operation = await client.start_backfill(version)
        await client.wait_for_operation(operation.id, timeout_s=3600)
        told = await client.get_review_statistics(split="test", shares=SHARES)
        of = {each.model_version: each for each in told.agreements if each.attribute == "category"}
        before, after = of[live], of[version]
        difference = None
        if after.agreed >= before.agreed:
            await switch(client, version)
            difference = await compared(client, pairs, said, truth)
        return Outcome(before, after, difference, corrected, len(said))


async def index(client: AsyncClient, photos: Sequence[Labelled]) -> dict[str, str]:
    """The right category by the id of the item."""
    jobs = [await client.index(Photo(photo.path, photo.boxes)) for photo in photos]
    truth: dict[str, str] = {}
    for job, photo in zip(jobs, photos, strict=True):
        await client.wait_for_indexing_job(job.id, timeout_s=3600)
        async for item in client.iter_items(image_id=job.image_id):
            nearest = max(range(len(photo.boxes)), key=lambda n: _overlap(item.box, photo.boxes[n]))
            truth[item.id] = photo.categories[nearest]
    return truth


def _overlap(one: Box, other: Box) -> float:
    width = min(one.x2, other.x2) - max(one.x1, other.x1)
    height = min(one.y2, other.y2) - max(one.y1, other.y1)
    shared = max(0.0, width) * max(0.0, height)
    whole = (one.x2 - one.x1) * (one.y2 - one.y1) + (other.x2 - other.x1) * (other.y2 - other.y1)
    return shared / (whole - shared)


async def review(
    client: AsyncClient, truth: Mapping[str, str], taxonomy: Taxonomy
) -> tuple[int, dict[str, str]]:
    """Decide on all that the queue hands out.

    Returns how many were wrong, and by item what the model had said.
    """
    wrong, said = 0, {}
    while leased := (await client.lease_review_items(max_items=AT_A_TIME)).items:
        for each in leased:
            item, right = each.item, truth[each.item.id]
            said[item.id] = taxonomy.canonical_category(item.attributes["category"].value) or ""
            if said[item.id] == right:
                await client.verify_item(item.id)
            else:
                wrong += 1
                await client.correct_item(item.id, label=right, verify=True)
    return wrong, said


def train(home: Path, pairs: Path) -> None:
    """Train on the exported pairs, and export the result, which checks it against what was trained."""
    out = home / "run"
    run("training", "projection", "--data", str(pairs), "--start-from", str(EMBEDDER), "--out", str(out))
    metrics = json.loads((out / "metrics.json").read_text())
    say(f"trained on {metrics['garments']['train']} garments; {metrics['share']:g} of the change is kept")
    of_model = ["clip", "armoire-demo", "--config", str(out / "armoire-demo.json"), "--half-text-weights"]
    weights = ["--pretrained", str(out / "armoire-demo.pt"), "--name", NEW, "--license", "Apache-2.0"]
    target = ["--source", "make flywheel", "--out", str(home / "models" / NEW)]
    run("export", *of_model, *weights, *target, environment={"BENTOML_HOME": str(home / "bentoml")})


async def switch(client: AsyncClient, version: str) -> None:
    """Let new photos and searches go to the new version."""
    await client.set_model_alias(version)
    (filled,) = [each for each in await client.list_collections() if each.model_version == version]
    await client.swap_collection(filled.name)


async def compared(
    client: AsyncClient, pairs: Path, said: Mapping[str, str], truth: Mapping[str, str]
) -> tuple[float, float, float]:
    """The change of the share of rightly named garments of the test split, with its 95 % interval.

    Source: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993): percentiles.
    """
    changes = []
    for line in (pairs / "pairs.jsonl").read_text().splitlines():
        row = json.loads(line)
        if row["image"].startswith("test/"):
            item = await client.get_item(row["item_id"], include_alternatives=True)
            now = item.attributes["category"].alternatives[0].value
            changes.append((now == truth[item.id]) - (said[item.id] == truth[item.id]))
    values = np.array(changes, dtype=np.float64)
    draw = np.random.default_rng(0).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.quantile(values[draw].mean(axis=1), (0.025, 0.975))
    return float(values.mean()), float(low), float(high)


def conclusion(outcome: Outcome) -> str:
    """The figures, and what they say."""
    before, after = outcome.before, outcome.after
    shown = (
        f"Test split, {before.reviewed} garments that no training has seen: "
        f"{before.agreed / before.reviewed:.3f} right before, {after.agreed / after.reviewed:.3f} after."
    )
    if outcome.difference is None:
        return f"{shown} The new version is worse, so searches stay with the former one."
    change, low, high = outcome.difference
    figure = f"{shown} Change {change:+.3f} (95 % {low:+.3f} to {high:+.3f}). Searches go to the new version."
    if low > 0:
        return figure
    lacking = (
        "too few corrections, or too few test photos, to tell" if outcome.corrected else "nothing to correct"
    )
    return f"{figure} The interval holds 0: {lacking} ({outcome.corrected} of {outcome.decided} were wrong)."


def run(module: str, *arguments: str, environment: Mapping[str, str] = {}) -> None:
    """Run a command of this repository. Raises SystemExit with its messages if it fails."""
    command = [sys.executable, "-m", module, *arguments]
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT
        )
        if done.returncode:
            output.seek(0)
            raise SystemExit(f"{' '.join(command)}\n{output.read().decode(errors='replace')[-4000:]}")


def say(text: str) -> None:
    print(text, flush=True)


def wait() -> None:
    """Return at Ctrl-C."""
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    sys.exit(main())
