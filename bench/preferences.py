"""Simulated users with hidden tastes: how much better does a ranking suit them after some feedback?

Each user judges random pieces of a rack; the others are ranked by how well they complete a look, once by the
rules alone and then with what the feedback has said. The rack is random, or made of photos of garments, whose
colours and embeddings are the served models'.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bench.model_pair import ROOT
from bench.modified import LabelledPhoto, read_labels
from bench.options import Commands, add_command, load_raw, scratch
from bench.raw_loop import RawModels
from bench.report import Table, log, publish
from bench.simulated_tastes import Rack, Trial, random_rack, trial
from domain.outfit_rules import OutfitRules
from domain.preference_rules import Facet, PreferenceRules
from domain.preferences import Appearance
from domain.taxonomy import Taxonomy
from imaging.colors import dominant_colors
from imaging.decode import DecodeLimits, open_image
from services.outfits.piece import Piece
from services.outfits.rule_scorer import RuleScorer

HEADERS = ("feedback on pieces", "NDCG@10", "of that without feedback (95 % interval)", "judgements shuffled")
RESAMPLES = 2000
_BATCH = 16


def add_to(commands: Commands) -> None:
    parser = add_command(
        commands,
        "preferences",
        run,
        "Simulated users: NDCG@10 of what completes a look, after some feedback.",
    )
    parser.add_argument("--users", type=int, default=200, help="(%(default)s)")
    parser.add_argument("--pieces", type=int, default=600, help="half of them are ranked (%(default)s)")
    parser.add_argument("--counts", type=int, nargs="+", default=[0, 5, 10, 20, 40], help="(%(default)s)")
    parser.add_argument(
        "--labels",
        type=Path,
        help="CSV with the columns image (file name without .jpg), label and split (train, validation): "
        "the pieces are photos of `validation` in --photos, instead of random ones",
    )


def run(arguments: argparse.Namespace) -> bool:
    taxonomy = Taxonomy.load(ROOT / "domain/taxonomy.toml")
    scorer = RuleScorer(OutfitRules.load(ROOT / "domain/outfit_rules.toml", taxonomy), taxonomy)
    rules = PreferenceRules.load(ROOT / "domain/preference_rules.toml")
    rack = rack_of(arguments, taxonomy)
    counts = sorted({0, *arguments.counts})
    told, shuffled = [], []
    for user in range(arguments.users):
        told.append(trial(rack, scorer, rules, user, counts))
        shuffled.append(trial(rack, scorer, rules, user, counts, shuffled=True))
    log(f"{arguments.users} users, {len(rack.pieces)} pieces")
    publish(preference_table(told, shuffled, counts, note_of(arguments, rack)), arguments.json)
    return True


def rack_of(arguments: argparse.Namespace, taxonomy: Taxonomy) -> Rack:
    if arguments.labels is None:
        return random_rack(arguments.pieces, taxonomy, seed=1)
    _, photos = read_labels(arguments, taxonomy)
    with scratch() as home:
        return photo_rack(photos[: arguments.pieces], load_raw(arguments, home), taxonomy)


def photo_rack(photos: Sequence[LabelledPhoto], models: RawModels, taxonomy: Taxonomy) -> Rack:
    """A piece of each photo whose category has a garment type."""
    pieces, seen = [], []
    for start in range(0, len(photos), _BATCH):
        batch = photos[start : start + _BATCH]
        contents = [photo.path.read_bytes() for photo in batch]
        for photo, content, vector in zip(batch, contents, models.embed(contents), strict=True):
            kind = taxonomy.garment_type(photo.category)
            if kind is None:
                continue
            picture = open_image(content, DecodeLimits()).decode()
            color = dominant_colors(picture, models.palette)[0].name
            pieces.append(Piece(photo.path.stem, kind, color, "plain", kind.formality, vector))
            traits = {Facet.CATEGORY: (photo.category,), Facet.TYPE: (kind.name,), Facet.COLOR: (color,)}
            seen.append(Appearance(traits, vector))
    return Rack(tuple(pieces), tuple(seen))


def note_of(arguments: argparse.Namespace, rack: Rack) -> str:
    kind = "random pieces" if arguments.labels is None else "photos of garments"
    half = len(rack.pieces) // 2
    return f"{arguments.users} users, {len(rack.pieces)} {kind}, of which {half} are judged at most."


def preference_table(
    told: Sequence[Trial], shuffled: Sequence[Trial], counts: Sequence[int], note: str
) -> Table:
    rows = [
        [
            str(count),
            f"{_means(told, count).mean():.3f}",
            _ratio(told, count) if count else "",
            f"{_means(shuffled, count).mean():.3f}",
        ]
        for count in counts
    ]
    return Table("preferences", HEADERS, rows, (note,), [asdict(each) for each in told])


def _ratio(trials: Sequence[Trial], count: int) -> str:
    """The mean after feedback by that before, with an interval from resampled users."""
    before, after = _means(trials, 0), _means(trials, count)
    drawn = np.random.default_rng(0).integers(0, len(trials), (RESAMPLES, len(trials)))
    low, high = np.quantile(after[drawn].mean(axis=1) / before[drawn].mean(axis=1), [0.025, 0.975])
    return f"{after.mean() / before.mean():.2f} ({low:.2f}–{high:.2f})"


def _means(trials: Sequence[Trial], count: int) -> npt.NDArray[np.float64]:
    return np.array([each.after[count] for each in trials])
