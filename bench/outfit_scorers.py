"""Scorers of outfits side by side, on outfits of people: the rules, learned ones, and both blended.

The outfits are a folder of `python -m training convert`. Wrong items are of the right one's category, so that
no scorer can tell by that.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import cv2
import numpy as np

from bench.model_pair import ROOT
from bench.options import Commands, add_command, scratch
from bench.report import Table, log, publish
from domain.garment_types import GarmentType, Slot
from domain.outfit_rules import OutfitRules
from domain.taxonomy import Taxonomy
from domain.types import FloatArray
from imaging.colors import Palette, dominant_colors
from models.artifact import Artifact
from models.outfit_scorer import OutfitScorer
from models.session import OnnxSession
from models.siamese_encoder import SiameseEncoder, closeness
from services.outfits.piece import Piece
from services.outfits.rule_scorer import RuleScorer
from services.outfits.scorer import Occasion
from training.data.outfit_data import OutfitData, outfit_facts, read_outfit_data
from training.data.outfit_sets import OutfitItem
from training.evaluation.intervals import Estimate
from training.evaluation.outfit_figures import Answers, OutfitTest, ScoreSets, ask, difference, measure
from training.recipes.item_embeddings import embed_items

_BATCH = 512
SHARES = (0.3, 0.5, 0.8)


def add_to(commands: Commands) -> None:
    parser = add_command(
        commands,
        "outfit-scorers",
        run,
        "Scorers of outfits on outfits of people: AUC and fill in the blank, beside the rules.",
    )
    parser.add_argument("--outfits", type=Path, required=True, help="folder with outfits.jsonl")
    parser.add_argument("--scorer", type=Path, help="artifact of a scorer of sets")
    parser.add_argument("--pairs", type=Path, help="artifact of a Siamese network")
    parser.add_argument(
        "--relit",
        type=int,
        metavar="SEED",
        help="give each crop a light of its own, so that none can tell by the light of a common photo",
    )
    parser.add_argument("--split", default="test", choices=("validation", "test"), help="(%(default)s)")


def run(arguments: argparse.Namespace) -> bool:
    outfits = read_outfit_data(OutfitData(path=arguments.outfits))
    test = OutfitTest.of_split(outfits, arguments.split)
    asked = {item.id: item for outfit in getattr(outfits, arguments.split) for item in outfit.items}
    facts = "".join(outfit_facts(outfits).values())
    log(f"{len(getattr(outfits, arguments.split))} outfits, {len(asked)} items")
    with scratch() as folder:
        if arguments.relit is not None:
            asked, facts = relit(asked, folder, arguments.relit), f"{facts} relit {arguments.relit}"
        answers = answers_of(asked, facts, test, arguments)
    publish(scorer_table(answers, test, arguments), arguments.json)
    return True


def answers_of(
    asked: Mapping[str, OutfitItem], facts: str, test: OutfitTest, arguments: argparse.Namespace
) -> dict[str, Answers]:
    """Those of each scorer; `facts` say what the items' pictures are."""
    answers = {"rules": ask(rule_scores(asked), test)}
    if arguments.scorer is not None:
        embedder = Artifact.load(arguments.embedder)
        scorer = OutfitScorer.load(Artifact.load(arguments.scorer), OnnxSession)
        if scorer.embedder != (version := embedder.version.model_version):
            raise SystemExit(f"{arguments.scorer} takes embeddings of {scorer.embedder}, not of {version}")
        embeddings = embed_items([*asked.values()], embedder, arguments.outfits, facts)
        answers["learned"] = ask(set_scores(scorer, asked, embeddings), test)
        for share in SHARES:
            answers[f"{share:g} learned, rest rules"] = blended(answers["learned"], answers["rules"], share)
    if arguments.pairs is not None:
        encoder = SiameseEncoder.load(Artifact.load(arguments.pairs), OnnxSession)
        answers["Siamese"] = ask(pair_scores(encoder, asked), test)
    return answers


def relit(items: Mapping[str, OutfitItem], folder: Path, seed: int) -> dict[str, OutfitItem]:
    """The items with crops of another brightness and white balance each; colours keep their names."""
    rng, found = np.random.default_rng(seed), dict[str, OutfitItem]()
    for number, (id, item) in enumerate(items.items()):
        found[id] = item
        if item.picture is not None:
            gain = rng.uniform(0.78, 1.22) * rng.uniform(0.92, 1.08, 3)
            pixels = np.clip(item.picture.pixels() * gain, 0, 255).astype(np.uint8)
            path = folder / f"{number}.png"
            cv2.imwrite(str(path), cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
            found[id] = replace(item, image=str(path), box=None)
    return found


def rule_scores(items: Mapping[str, OutfitItem]) -> ScoreSets:
    """Scores by the rules, which see colours of crops, or of names where there are no pictures."""
    taxonomy = Taxonomy.load(ROOT / "domain/taxonomy.toml")
    rules = RuleScorer(OutfitRules.load(ROOT / "domain/outfit_rules.toml", taxonomy), taxonomy)
    palette = Palette.of(taxonomy)
    pieces = {id: piece_of(item, taxonomy, palette) for id, item in items.items()}

    def score(sets: Sequence[tuple[str, ...]]) -> FloatArray:
        values = [rules.score([pieces[id] for id in each], Occasion()).value for each in sets]
        return np.array([round(value, 6) for value in values], np.float32)  # so that equal scores are equal

    return score


def piece_of(item: OutfitItem, taxonomy: Taxonomy, palette: Palette) -> Piece:
    """An item as the rules see it: type, colour and formality."""
    kind = type_of(item, taxonomy)
    if item.picture is not None:
        color = dominant_colors(item.picture.pixels(), palette)[0].name
    else:
        color = next(iter(taxonomy.take_colors(item.name)[0]), "")
    return Piece(item.id, kind, color, "", kind.formality)


def type_of(item: OutfitItem, taxonomy: Taxonomy) -> GarmentType:
    """The type that the name says, else the usual one of the category, else one of the slot."""
    known = taxonomy.garment_type(item.category, item.name) or taxonomy.named_garment_type(item.name)
    return known or next(each for each in taxonomy.garment_types if Slot(item.slot) in each.slots)


def set_scores(scorer: OutfitScorer, items: Mapping[str, OutfitItem], embeddings: FloatArray) -> ScoreSets:
    """Scores of a scorer of sets by embeddings (I, D)."""
    row = {id: index for index, id in enumerate(items)}

    def score(sets: Sequence[tuple[str, ...]]) -> FloatArray:
        parts = [sets[start : start + _BATCH] for start in range(0, len(sets), _BATCH)]
        found = [
            scorer.probabilities([[(embeddings[row[id]], items[id].slot) for id in each] for each in part])
            for part in parts
        ]
        return np.concatenate(found) if found else np.zeros(0, np.float32)

    return score


def pair_scores(encoder: SiameseEncoder, items: Mapping[str, OutfitItem]) -> ScoreSets:
    """Scores of a Siamese network, as the server makes them of its embeddings."""
    points = {
        id: encoder.embed(item.picture.pixels()) for id, item in items.items() if item.picture is not None
    }

    def score(sets: Sequence[tuple[str, ...]]) -> FloatArray:
        return np.array([closeness([points[id] for id in each]) for each in sets], np.float32)

    return score


def blended(learned: Answers, rules: Answers, share: float) -> Answers:
    """As the server adds them: the scores of both by their shares."""
    return Answers(
        share * learned.questions + (1 - share) * rules.questions,
        {kind: share * learned.cases[kind] + (1 - share) * rules.cases[kind] for kind in learned.cases},
    )


def scorer_table(answers: Mapping[str, Answers], test: OutfitTest, arguments: argparse.Namespace) -> Table:
    """A row for each scorer: its figures, and what they are above the rules'."""
    figures = {name: measure(each, test) for name, each in answers.items()}
    above = {
        name: difference(each, answers["rules"], test) for name, each in answers.items() if name != "rules"
    }
    kinds = list(figures["rules"])
    rows = [
        [
            name,
            *(
                interval(figures[name][kind]) + (f"; {signed(above[name][kind])}" if name in above else "")
                for kind in kinds
            ),
        ]
        for name in answers
    ]
    counts = ", ".join(f"{kind}: {figures['rules'][kind].count}" for kind in kinds)
    note = (
        f"{arguments.outfits.name}, {arguments.split} split; cases: {counts}. Value (95 % interval over "
        "outfits); and what it is above the rules. Chance: 0.5, of fill in the blank 0.25."
    )
    records = [
        {"scorer": name, "figure": kind, "value": asdict(figures[name][kind])}
        | ({"above the rules": asdict(above[name][kind])} if name in above else {})
        for name in answers
        for kind in kinds
    ]
    return Table("outfit-scorers", ["scorer", *kinds], rows, (note,), records)


def interval(estimate: Estimate) -> str:
    return f"{estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f})"


def signed(estimate: Estimate) -> str:
    return f"{estimate.value:+.3f} ({estimate.low:+.3f} to {estimate.high:+.3f})"
