"""Drift reports on photos: false alarms of windows alike, and alarms of windows with a change put into them.

The photos are analyzed once, as they are and darkened, in this process; windows are then drawn from what the
models have said.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np

from bench.model_pair import ROOT
from bench.options import Commands, add_command, pair_of
from bench.report import Table, log, publish
from domain.taxonomy import Taxonomy
from domain.types import AnalyzedItem
from services.bulk.models import open_models
from services.drift.comparison import Comparison, Feature, Finding, Limits, Outcome, compare
from services.drift.difference import share_difference
from services.drift.permutations import Exchanges
from services.drift.sample import Garment, Ints, ObservedPhoto, Sample, Source, sample_of
from services.drift.saved_reference import SavedReference
from services.drift.window import Window
from services.inference.repository.source_analyzer import SourceAnalyzer
from settings import load_settings
from training.data.photos import Photo, load_photos

HEADERS = (
    *(
        "the current window",
        "photos",
        "of the reference",
        "alarms",
        "significant",
        "labels",
        "colours",
        "scores",
    ),
    *("label scores", "garments", "embeddings", "median effect: labels", "embeddings"),
)
SAME, HALVES, ONE, DOUBLED = (
    "drawn alike",
    "other contributors",
    "half by one contributor",
    "twice as many of",
)
DARKNESS = (0.9, 0.6)
"""Factors of the pixel values; 1 is the photo as it is."""
DOUBLED_CATEGORIES = ("t-shirt", "trousers", "shoes", "skirt")
DARKENED = 3
"""Every so many photos, one is darkened, too."""
SOURCE = Source("Analyze")
JPEG_QUALITY = 92


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the models say of photos, a unit for each: of all as they are, and of the first darkened."""

    photos: Sequence[Photo]
    by_brightness: Mapping[float, Sample]


@dataclass(frozen=True, slots=True, eq=False)
class Draw:
    """The photos of two windows, as indices into their samples; the current one has that brightness."""

    reference: Ints
    current: Ints
    brightness: float = 1.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many photos each window has."""

    reference: int
    current: int


@dataclass(slots=True)
class Found:
    """What the reports of one kind of draw said."""

    name: str
    sizes: Sizes
    draws: int = 0
    alarms: int = 0
    significant: int = 0
    features: dict[str, int] = field(default_factory=dict)
    effects: dict[str, list[float]] = field(default_factory=dict)
    seconds: float = 0.0

    def add(self, outcome: Outcome) -> None:
        findings = outcome.comparisons[0].findings
        self.draws += 1
        self.alarms += outcome.alarm
        self.significant += any(finding.significant for finding in findings)
        for finding in findings:
            name = finding.feature.value
            self.features[name] = self.features.get(name, 0) + finding.alarm
            self.effects.setdefault(name, []).append(finding.effect)


def add_to(commands: Commands) -> None:
    summary = "Drift reports: false alarms, and alarms of changes that are put into windows of photos."
    parser = add_command(commands, "drift", run, summary)
    parser.add_argument(
        "--data", type=Path, required=True, metavar="FOLDER", help="labels.csv (with senders) and images/"
    )
    parser.add_argument("--answers", type=Path, metavar="FILE", help="keep what the models say, or read it")
    parser.add_argument("--count", type=int, default=3000, help="photos, drawn at random (%(default)s)")
    parser.add_argument("--draws", type=int, default=200, help="of each kind (%(default)s)")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[500], help="photos of the current window (%(default)s)"
    )
    parser.add_argument(
        "--reference-size", type=int, metavar="N", help="photos of the reference (default: as many)"
    )
    parser.add_argument(
        "--labels-alone",
        action="store_true",
        help="the test of labels at its part of the level, which is quick",
    )
    parser.add_argument(
        "--kinds", nargs="+", default=[""], metavar="TEXT", help="only the kinds of draws with such a name"
    )


def run(arguments: argparse.Namespace) -> bool:
    answers = _answers(arguments)
    found = [
        each
        for size in arguments.sizes
        for each in _measure(answers, Sizes(arguments.reference_size or size, size), arguments)
    ]
    publish(_table(found, arguments, answers), arguments.json)
    return all(each.alarms <= 0.05 * each.draws for each in found if each.name == SAME)


# Answers


def _answers(arguments: argparse.Namespace) -> Answers:
    """The answers of the file, or of the models, which the file then keeps."""
    photos, path = load_photos(arguments.data), arguments.answers
    random.Random(0).shuffle(photos)
    photos = photos[: arguments.count]
    if path is not None and path.is_file():
        samples = SavedReference.load(path).samples
    else:
        samples = asyncio.run(_analyze_all(photos, arguments))
        if path is not None:
            SavedReference("", Window(), samples).save(path)
    return Answers(photos, {float(source.method): sample for source, sample in samples.items()})


async def _analyze_all(photos: Sequence[Photo], arguments: argparse.Namespace) -> dict[Source, Sample]:
    os.environ.update(pair_of(arguments).environment)
    taxonomy = Taxonomy.load(ROOT / "domain/taxonomy.toml")
    samples = {}
    async with AsyncExitStack() as closing:
        models = await open_models(load_settings(), taxonomy, closing)
        for brightness in (1.0, *DARKNESS):
            source = Source(f"{brightness:g}")
            chosen_photos = photos if brightness == 1.0 else photos[: len(photos) // DARKENED]
            observed = [
                ObservedPhoto(source, str(number), await _garments(models, _content(photo.path, brightness)))
                for number, photo in enumerate(chosen_photos)
            ]
            samples[source] = sample_of(observed)
            log(f"{len(chosen_photos)} photos at brightness {brightness:g}")
    return samples


async def _garments(models: SourceAnalyzer, content: bytes) -> tuple[Garment, ...]:
    analysis = await models.analyze(content)
    return tuple(_garment(item) for item in analysis.items if item.accepted)


def _content(path: Path, brightness: float) -> bytes:
    if brightness == 1.0:
        return path.read_bytes()
    pixels = cv2.imread(str(path))
    darker = cv2.convertScaleAbs(pixels, alpha=brightness)
    return cv2.imencode(".jpg", darker, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1].tobytes()


def _garment(item: AnalyzedItem) -> Garment:
    category = item.attributes.get("category")
    return Garment(
        item.label,
        item.colors[0].name if item.colors else "",
        float("nan") if item.whole_image else item.score,
        float("nan") if category is None else category.score,
        item.embedding,
    )


# Draws


def _measure(answers: Answers, sizes: Sizes, arguments: argparse.Namespace) -> Iterator[Found]:
    """What reports say of each kind of draw that is asked for."""
    for number, (name, draw) in enumerate(_kinds(answers, sizes).items()):
        if not any(text in name for text in arguments.kinds):
            continue
        rng = np.random.default_rng((sizes.reference, sizes.current, number))
        found, begun_s = Found(name, sizes), perf_counter()
        compared = _labels_alone if arguments.labels_alone else _compared
        for seed in range(arguments.draws):
            found.add(compared(answers, draw(rng), seed))
        found.seconds = perf_counter() - begun_s
        log(f"{name}, {sizes.current}: {found.alarms} of {found.draws}, {found.seconds:.0f} s")
        yield found


def _compared(answers: Answers, draw: Draw, seed: int) -> Outcome:
    before = chosen(answers.by_brightness[1.0], draw.reference)
    now = chosen(answers.by_brightness[draw.brightness], draw.current)
    return compare({SOURCE: before}, {SOURCE: now}, Limits(seed=seed))


def _labels_alone(answers: Answers, draw: Draw, seed: int) -> Outcome:
    """What the labels add to a report, as if none of its other tests found anything."""
    before = chosen(answers.by_brightness[1.0], draw.reference)
    now = chosen(answers.by_brightness[draw.brightness], draw.current)
    labels = np.concatenate([before.labels, now.labels])
    units = np.concatenate([before.garment_units, now.garment_units + before.units])
    limits, said = Limits(seed=seed), labels != ""
    count = limits.exchanges_for([*Feature])
    exchanges = Exchanges.draw(before.units, now.units, count, seed)
    difference = share_difference(labels[said], units[said], exchanges)
    part = Feature.LABELS.weight / sum(feature.weight for feature in Feature)
    significant = difference.p_value <= part * limits.level
    least = limits.min_effect(Feature.LABELS)
    finding = Finding(
        *(Feature.LABELS, difference.p_value, difference.effect, least),
        adjusted_p_value=min(1.0, difference.p_value / part),
        significant=significant,
        alarm=significant and difference.effect >= least,
    )
    return Outcome((Comparison(SOURCE, before, now, (finding,)),), ())


def chosen(sample: Sample, photos: Ints) -> Sample:
    """The photos with these indices of a sample with one unit a photo, as units 0, 1, ..."""
    numbers = np.full(sample.photos, -1)
    numbers[photos] = np.arange(len(photos))
    kept = np.flatnonzero(numbers[sample.garment_units] >= 0)
    kept = kept[np.argsort(numbers[sample.garment_units[kept]], kind="stable")]
    of_garment = np.full(len(sample.garment_units), -1)
    of_garment[kept] = np.arange(len(kept))
    embedded = np.flatnonzero(of_garment[sample.embedded] >= 0)
    return replace(
        sample,
        units=len(photos),
        photo_units=np.arange(len(photos)),
        garment_counts=sample.garment_counts[photos],
        garment_units=numbers[sample.garment_units[kept]],
        labels=sample.labels[kept],
        colors=sample.colors[kept],
        scores=sample.scores[kept],
        label_scores=sample.label_scores[kept],
        embedded=of_garment[sample.embedded[embedded]],
        embeddings=sample.embeddings[embedded],
    )


def _kinds(answers: Answers, sizes: Sizes) -> dict[str, Callable[[np.random.Generator], Draw]]:
    """What makes a draw of each kind, by its name."""
    senders = np.array([photo.sender for photo in answers.photos])
    categories = np.array([photo.category for photo in answers.photos])
    kinds: dict[str, Callable[[np.random.Generator], Draw]] = {
        SAME: partial(_alike, photos=len(senders), sizes=sizes)
    }
    for brightness in DARKNESS:
        darkened = answers.by_brightness[brightness].photos
        kinds[f"{1 - brightness:.0%} darker"] = partial(
            _darker, photos=len(senders), darkened=darkened, sizes=sizes, brightness=brightness
        )
    if max(Counter(senders.tolist()).values()) >= sizes.current // 2:
        kinds[ONE] = partial(_half_by_one, senders=senders, sizes=sizes)
    kinds[HALVES] = partial(_of_others, senders=senders, sizes=sizes)
    for category in DOUBLED_CATEGORIES:
        own = categories == category
        kinds[f"{DOUBLED} {category} ({np.mean(own):.1%})"] = partial(_doubled, own=own, sizes=sizes)
    return kinds


def _alike(rng: np.random.Generator, photos: int, sizes: Sizes) -> Draw:
    order = rng.permutation(photos)
    return Draw(order[: sizes.reference], order[sizes.reference : sizes.reference + sizes.current])


def _darker(rng: np.random.Generator, photos: int, darkened: int, sizes: Sizes, brightness: float) -> Draw:
    reference = darkened + rng.permutation(photos - darkened)[: sizes.reference]
    return Draw(reference, rng.permutation(darkened)[: sizes.current], brightness)


def _half_by_one(rng: np.random.Generator, senders: np.ndarray, sizes: Sizes) -> Draw:
    """Half of the current window is by one contributor, of whom the reference has nothing."""
    half, counts = sizes.current // 2, Counter(senders.tolist())
    sender = rng.choice(sorted(name for name, count in counts.items() if count >= half))
    own, others = np.flatnonzero(senders == sender), rng.permutation(np.flatnonzero(senders != sender))
    rest = others[sizes.reference : sizes.reference + sizes.current - half]
    return Draw(others[: sizes.reference], np.concatenate([rng.permutation(own)[:half], rest]))


def _of_others(rng: np.random.Generator, senders: np.ndarray, sizes: Sizes) -> Draw:
    """The windows have no contributor in common: half of them, drawn at random, have made each."""
    names = rng.permutation(np.unique(senders))
    first = np.isin(senders, names[: len(names) // 2])
    before, now = (rng.permutation(np.flatnonzero(each)) for each in (first, ~first))
    return Draw(before[: sizes.reference], now[: sizes.current])


def _doubled(rng: np.random.Generator, own: np.ndarray, sizes: Sizes) -> Draw:
    """The category has twice the share in the current window."""
    count = round(2 * float(own.mean()) * sizes.current)
    reference = rng.permutation(len(own))[: sizes.reference]
    left = np.setdiff1d(np.arange(len(own)), reference)
    mine, others = (rng.permutation(left[own[left] == is_own]) for is_own in (True, False))
    return Draw(reference, np.concatenate([mine[:count], others[: sizes.current - count]]))


# The table


def _table(found: Sequence[Found], arguments: argparse.Namespace, answers: Answers) -> Table:
    reports, seconds = sum(each.draws for each in found), sum(each.seconds for each in found)
    limits = Limits()
    notes = (
        f"{pair_of(arguments).describe()} {len(answers.photos)} photos; level {limits.level:g}, least "
        f"effects {limits.min_share_effect:g} of shares and {limits.min_energy_effect:g} of distances.",
        f"{reports} reports took {seconds / reports:.2f} s each.",
    )
    records = [asdict(each) for each in found]
    return Table("drift", HEADERS, [_row(each) for each in found], notes, records)


def _row(found: Found) -> tuple[str, ...]:
    def share(count: int) -> str:
        return f"{count / found.draws:.3f}"

    return (
        *(
            found.name,
            str(found.sizes.current),
            str(found.sizes.reference),
            share(found.alarms),
            share(found.significant),
        ),
        *(share(found.features[f.value]) if f.value in found.features else "" for f in Feature),
        *(
            f"{np.median(found.effects[each.value]):.3f}" if each.value in found.effects else ""
            for each in (Feature.LABELS, Feature.EMBEDDINGS)
        ),
    )
