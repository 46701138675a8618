"""The order of the queue of reviewers against a random one: how many decisions halve the label error?

Photos whose labels no training has seen are indexed by a server, one item each. A reviewer who knows the
labels decides on what `LeaseReviewItems` hands out, through the API, until all is decided; the label error of
the catalogue is counted after each decision. The same for random orders of the same items, without a server.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
import numpy.typing as npt

from armoire import AsyncClient, Box, Photo
from bench.model_pair import ROOT
from bench.modified import LabelledPhoto, read_labels
from bench.options import Commands, add_command, inputs_note, pair_of, scratch
from bench.report import Table, log, publish
from demo.server import ServerProcess
from domain.taxonomy import Taxonomy
from imaging.decode import DecodeLimits, probe

HEADERS = (
    "order",
    "decisions that halve the label error",
    "of random's",
    "errors found in the first quarter",
)
AT_A_TIME = 10
SHUFFLES = 1000


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer found of an item: whether its label was wrong, and how unsure the model had been."""

    item_id: str
    uncertainty: float
    wrong: bool


def add_to(commands: Commands) -> None:
    parser = add_command(
        commands,
        "review-order",
        run,
        "The queue of reviewers against a random order: decisions to halve errors.",
    )
    parser.add_argument(
        "--labels",
        type=Path,
        required=True,
        help="CSV with the columns image (file name without .jpg), label and split (train, validation)",
    )
    parser.add_argument(
        "--items", type=int, default=1000, help="photos of `validation` at most (%(default)s)"
    )
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the curves: a .png, .svg or .pdf")


def run(arguments: argparse.Namespace) -> bool:
    taxonomy = Taxonomy.load(ROOT / "domain/taxonomy.toml")
    _, photos = read_labels(arguments, taxonomy)
    photos = photos[: arguments.items]
    with scratch() as home, ServerProcess(home, environment=pair_of(arguments).environment) as server:
        decisions = asyncio.run(review(server.address, photos, taxonomy))
    curves = curves_of(decisions)
    table = order_table(decisions, curves, inputs_note(arguments, len(photos)))
    publish(table, arguments.json)
    if arguments.plot is not None:
        draw(curves, arguments.plot)
    return len(decisions) == len(photos)


async def review(address: str, photos: Sequence[LabelledPhoto], taxonomy: Taxonomy) -> list[Decision]:
    """The decisions in the order of the queue."""
    async with AsyncClient(address) as client:
        truth = await index(client, photos)
        decisions: list[Decision] = []
        started = time.monotonic()
        while leased := (await client.lease_review_items(max_items=AT_A_TIME)).items:
            for each in leased:
                said = taxonomy.canonical_category(each.item.attributes["category"].value)
                right = truth[each.item.image_id]
                if said == right:
                    await client.verify_item(each.item.id)
                else:
                    await client.correct_item(each.item.id, label=right, verify=True)
                decisions.append(Decision(each.item.id, each.uncertainty, said != right))
        log(f"{len(decisions)} decisions over the API in {time.monotonic() - started:.1f} s")
        return decisions


async def index(client: AsyncClient, photos: Sequence[LabelledPhoto]) -> Mapping[str, str]:
    """The right category by the id of the photo; each photo is one item."""
    jobs = []
    for photo in photos:
        content = photo.path.read_bytes()
        info = probe(content, DecodeLimits())
        jobs.append(await client.index(Photo(content, (Box(0, 0, info.width, info.height),))))
    for job in jobs:
        await client.wait_for_indexing_job(job.id, timeout_s=3600)
    return {job.image_id: photo.category for job, photo in zip(jobs, photos, strict=True)}


def curves_of(decisions: Sequence[Decision]) -> dict[str, npt.NDArray[np.float64]]:
    """The label error after so many decisions, (N + 1,), by the order; `random` is the mean of many."""
    wrong = np.array([each.wrong for each in decisions], dtype=np.float64)
    unsure = np.argsort([-each.uncertainty for each in decisions], kind="stable")
    draw = np.random.default_rng(0)
    shuffled = np.mean([_curve(draw.permutation(wrong)) for _ in range(SHUFFLES)], axis=0)
    return {
        "uncertainty x diversity": _curve(wrong),
        "uncertainty": _curve(wrong[unsure]),
        "random": shuffled,
    }


def _curve(wrong: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    curve: npt.NDArray[np.float64] = (wrong.sum() - np.concatenate([[0.0], wrong.cumsum()])) / len(wrong)
    return curve


def halved(curve: npt.NDArray[np.float64]) -> int:
    """How many decisions bring the error to half of what it was."""
    return int(np.argmax(curve <= curve[0] / 2))


def order_table(
    decisions: Sequence[Decision], curves: Mapping[str, npt.NDArray[np.float64]], note: str
) -> Table:
    random = halved(curves["random"])
    rows = [
        [name, str(halved(curve)), f"{halved(curve) / random:.2f}", f"{_found(curve):.2f}"]
        for name, curve in curves.items()
    ]
    errors = sum(each.wrong for each in decisions)
    share = fmean(each.wrong for each in decisions)
    found = f"{len(decisions)} items, of which {errors} ({share:.3f}) had a wrong category at first."
    return Table("review-order", HEADERS, rows, (note, found), [asdict(each) for each in decisions])


def _found(curve: npt.NDArray[np.float64]) -> float:
    quarter = len(curve) // 4
    return float(1.0 - curve[quarter] / curve[0])


def draw(curves: Mapping[str, npt.NDArray[np.float64]], path: Path) -> None:
    """The label error against the share of items that were decided on."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.0), layout="constrained")
    axes = figure.subplots()
    for (name, curve), color in zip(curves.items(), ("#8f1f35", "#b7791f", "#3b5b73"), strict=True):
        axes.plot(np.linspace(0, 100, len(curve)), 100 * curve, color=color, label=name)
        half = halved(curve)
        axes.plot(100 * half / (len(curve) - 1), 100 * curve[half], marker="o", color=color)
    axes.axhline(50 * curves["random"][0], color="#857d74", linewidth=0.8, linestyle="--")
    axes.set(
        xlabel="items decided on, %", ylabel="items with a wrong category, %", xlim=(0, 100), ylim=(0, None)
    )
    axes.grid(alpha=0.3)
    axes.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
