"""Fits the embedder's probe of the age group, from photos whose labels say what is a child's."""

from __future__ import annotations

import csv
import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional
from tqdm import tqdm

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import FloatArray
from imaging.decode import DecodeLimits, decode
from models.artifact import Artifact
from models.manifest import FILE_NAME, PROBES_NAME, file_sha256
from models.probes import Probe, write_probes
from training.data.photos import Photo, read_labels
from training.evaluation.serving import ServingPath

ATTRIBUTE = "age_group"
VALUES = ("adult", "kids")
DECAY = 1e-5
"""On the squares of the factors; chosen by five folds over contributors of the train split."""
SURE_ADULT = 0.7
"""As outfits want it."""
STEPS = 100
FOLDS = 5


@dataclass(frozen=True, slots=True)
class ProbeOptions:
    """`photos` is a folder of photos with `labels`, whose column `kids` says what is a child's; `shoes` has
    the age groups of shoes, where that column is often wrong. Artifacts are folders.
    """

    photos: Path
    labels: Path
    shoes: Path
    detector: Path
    embedder: Path
    taxonomy: Path


@dataclass(frozen=True, slots=True, eq=False)
class LabelledItem:
    """The main item of a photo as it is served, and the whole photo: embeddings (2, D)."""

    photo: Photo
    age_group: str
    embeddings: FloatArray


@dataclass(frozen=True, slots=True)
class ProbeFigures:
    """How well items of others are told.

    Attributes:
        auc: the chance that a child's item has a higher probability of being one than an adult's.
        adults_kept: the share of adults' items that are surely an adult's.
        adults_right: the share of what is surely an adult's that is.
    """

    items: int
    kids: int
    auc: float
    adults_kept: float
    adults_right: float


def fit_probes(options: ProbeOptions) -> dict[str, Any]:
    """Fit to the train split and write the probe into the embedder's artifact; returns the figures, of
    contributors left out in folds and of the validation split.

    Raises:
        InvalidInput: a folder or a table is missing or invalid.
        ArtifactError: an artifact cannot be used.
    """
    torch.set_num_threads(1)
    items = _embedded(options)
    train = [item for item in items if item.photo.split == "train"]
    others = [item for item in items if item.photo.split == "validation"]
    probe = fit(train)
    figures = {"folds": left_out(train), "validation": measure(others, [probe] * len(others))}
    _keep(options.embedder, probe)
    return {name: dataclasses.asdict(each) for name, each in figures.items()}


def fit(items: Sequence[LabelledItem]) -> Probe:
    """Logistic regression by LBFGS, in which both age groups count as much."""
    rows = torch.from_numpy(np.concatenate([item.embeddings for item in items]))
    targets = torch.tensor([VALUES.index(item.age_group) for item in items for _ in item.embeddings])
    counts = torch.bincount(targets, minlength=len(VALUES)).clamp(min=1)
    weights = len(targets) / counts / len(VALUES)
    layer = torch.nn.Linear(rows.shape[1], len(VALUES))
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    optimizer: Any = torch.optim.LBFGS(layer.parameters(), max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimizer.zero_grad()
        value = functional.cross_entropy(layer(rows), targets, weight=weights)
        value = value + DECAY * layer.weight.square().sum()
        torch.autograd.backward(value)
        return float(value.detach())

    optimizer.step(loss)
    return Probe(ATTRIBUTE, VALUES, layer.weight.detach().numpy(), layer.bias.detach().numpy())


def left_out(items: Sequence[LabelledItem]) -> ProbeFigures:
    """Of each contributor's items by a probe that was fitted without them."""
    senders = sorted({item.photo.sender for item in items})
    numbers = np.random.default_rng(0).permutation(len(senders)) % FOLDS
    fold_of = dict(zip(senders, numbers.tolist(), strict=True))
    probes = [
        fit([item for item in items if fold_of[item.photo.sender] != fold])
        for fold in tqdm(range(FOLDS), desc="folds")
    ]
    return measure(items, [probes[fold_of[item.photo.sender]] for item in items])


def measure(items: Sequence[LabelledItem], probes: Sequence[Probe]) -> ProbeFigures:
    """By the main items alone, each with its probe."""
    shares = np.array(
        [probe.probabilities(item.embeddings[:1])[0] for item, probe in zip(items, probes, strict=True)]
    )
    kids = np.array([item.age_group == "kids" for item in items])
    surely = shares[:, 0] >= SURE_ADULT
    ranks = shares[:, 1].argsort().argsort() + 1
    count, others = int(kids.sum()), int((~kids).sum())
    auc = (ranks[kids].sum() - count * (count + 1) / 2) / (count * others)
    return ProbeFigures(
        len(items), count, float(auc), float(surely[~kids].mean()), float(1 - kids[surely].mean())
    )


def _embedded(options: ProbeOptions) -> list[LabelledItem]:
    groups = age_groups(options.labels, options.shoes)
    photos = [p for p in read_labels(options.labels, options.photos) if p.path.is_file()]
    known = [photo for photo in photos if photo.path.stem in groups]
    if not known:
        raise InvalidInput("photos", f"must hold photos that {options.labels} says the age group of")
    path = ServingPath.load(options.detector, options.embedder, Taxonomy.load(options.taxonomy))
    found = []
    for photo in tqdm(known, desc="photos"):
        predicted = path.predict(decode(photo.path.read_bytes(), DecodeLimits()))
        pair = [predicted.main.embedding, predicted.whole.embedding]
        found.append(LabelledItem(photo, groups[photo.path.stem], np.array(pair, np.float32)))
    return found


def age_groups(labels: Path, shoes: Path) -> Mapping[str, str]:
    """The age group by image; without shoes that may be either's.

    Raises:
        InvalidInput: a table is missing, or `labels` has no column `kids`.
    """
    for field, table in (("labels", labels), ("shoes", shoes)):
        if not table.is_file():
            raise InvalidInput(field, f"must be a CSV file: {table}")
    with labels.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    if not rows or "kids" not in rows[0]:
        raise InvalidInput("labels", "must have the column kids")
    groups = {row["image"]: VALUES[row["kids"] == "true"] for row in rows}
    with shoes.open(newline="", encoding="utf-8") as lines:
        groups |= {row["image"]: row["age_group"] for row in csv.DictReader(lines)}
    return {image: group for image, group in groups.items() if group}


def _keep(folder: Path, probe: Probe) -> None:
    """Write the file and its checksum, then load the artifact as a server would."""
    artifact = Artifact.load(folder)
    write_probes(folder / PROBES_NAME, [probe])
    files = artifact.manifest.files | {PROBES_NAME: file_sha256(folder / PROBES_NAME)}
    manifest = dataclasses.replace(artifact.manifest, files=dict(sorted(files.items())))
    (folder / FILE_NAME).write_text(manifest.to_json(), encoding="utf-8")
    _ = Artifact.load(folder).probes
