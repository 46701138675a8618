"""Fits which colour family people call a garment, from how much of each family it shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional
from tqdm import tqdm

from domain.taxonomy import Taxonomy
from domain.types import Box, FloatArray, Pixels
from imaging.colors import Palette, shown_families
from imaging.crop import crop, expand
from imaging.decode import DecodeLimits, decode
from imaging.family_weights import FILE, family_shares, log_shares
from training.data.street import load_street_photos
from training.evaluation.ground_truth import GroundTruth, read_ground_truth
from training.evaluation.predictions import choose_photos
from training.evaluation.serving import ServingPath

BEST_SHARE = 0.7
"""Of the probability of all families that people accept, that of the best one."""
CENTER_REPEATS = 3
"""How often each centre of the palette is an example of its own family."""
DECAY = 6e-3
"""On the squares of the factors for shares of unit deviation; chosen by five folds over contributors."""
STEPS = 100


@dataclass(frozen=True, slots=True)
class FamilyWeightOptions:
    """`photos` is a folder of labelled photos with `labels`, `street` one of photos of people, both train
    splits; artifacts are folders.
    """

    photos: Path
    labels: Path
    street: Path
    detector: Path
    embedder: Path
    taxonomy: Path
    ground_truth: Path
    out: Path = FILE


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """What a garment shows of each family, sorted by name, and the families people accept, best first."""

    shown: FloatArray
    accepted: tuple[str, ...]


def fit_family_weights(options: FamilyWeightOptions) -> Path:
    """Fit to the garments of `train_families.csv` and the dev photos of `colors.csv`; returns the file.

    Raises:
        InvalidInput: a folder or a table is missing or invalid.
        ArtifactError: an artifact cannot be used.
    """
    torch.set_num_threads(1)
    taxonomy = Taxonomy.load(options.taxonomy)
    palette = Palette.of(taxonomy)
    truth = read_ground_truth(options.ground_truth, taxonomy)
    path = ServingPath.load(options.detector, options.embedder, taxonomy)
    lying = {t.image: (t.family, *sorted(t.also)) for t in truth.train_families if t.photos == "clothing"}
    examples = [
        *_of_palette(palette),
        *_of_lying(path, palette, options, lying | _dev_families(truth, taxonomy, options)),
        *_of_worn(path, palette, options.street, truth),
    ]
    families = sorted(set(palette.families))
    factors, offsets = (np.round(values.astype(np.float64), 3).tolist() for values in fit(examples, families))
    content = {"families": families, "factors": factors, "offsets": offsets}
    lines = [f' "{key}": {json.dumps(value)}' for key, value in content.items()]
    options.out.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    return options.out


def fit(examples: list[Example], families: list[str]) -> tuple[FloatArray, FloatArray]:
    """Logistic regression by LBFGS: factors (F, F) and offsets (F,) for logarithms of shares."""
    seen = np.stack([log_shares(example.shown) for example in examples])
    mean, deviation = seen.mean(axis=0), seen.std(axis=0) + 1e-3
    rows = torch.from_numpy(((seen - mean) / deviation).astype(np.float32))
    targets = torch.tensor([_target(example, families) for example in examples])
    layer = torch.nn.Linear(len(families), len(families))
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    optimizer: Any = torch.optim.LBFGS(layer.parameters(), max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimizer.zero_grad()
        value = functional.cross_entropy(layer(rows), targets) + DECAY * layer.weight.square().sum()
        torch.autograd.backward(value)
        return float(value.detach())

    optimizer.step(loss)
    factors = layer.weight.detach().numpy() / deviation
    return factors, layer.bias.detach().numpy() - factors @ mean


def _target(example: Example, families: list[str]) -> list[float]:
    best, *others = example.accepted
    rest = (1 - BEST_SHARE) / len(others) if others else 0.0
    shares = dict.fromkeys(others, rest) | {best: BEST_SHARE if others else 1.0}
    return [shares.get(family, 0.0) for family in families]


def _of_palette(palette: Palette) -> Iterator[Example]:
    """Each centre is called by its own family."""
    for center, family in zip(palette.lab, palette.families, strict=True):
        differences = palette.differences(center[None])
        shown = family_shares(differences, palette.families, np.ones(1, np.float32))[0]
        yield from [Example(shown, (family,))] * CENTER_REPEATS


def _dev_families(
    truth: GroundTruth, taxonomy: Taxonomy, options: FamilyWeightOptions
) -> dict[str, tuple[str, ...]]:
    """The families of the colours that the dev photos have, by id."""
    photos = choose_photos(options.photos, options.labels, "dev")
    named = {photo.path.stem: truth.colors.get(photo.path.stem, ()) for photo in photos}
    return {i: tuple(dict.fromkeys(map(taxonomy.family_of, names))) for i, names in named.items() if names}


def _of_lying(
    path: ServingPath, palette: Palette, options: FamilyWeightOptions, accepted: Mapping[str, tuple[str, ...]]
) -> Iterator[Example]:
    """The main garments of photos, as they are served; `accepted` are by id."""
    for image, families in tqdm(sorted(accepted.items()), desc="lying garments"):
        picture = _read(options.photos / f"{image}.jpg")
        yield _example(path, palette, picture, path.predict(picture).main.box, families)


def _of_worn(path: ServingPath, palette: Palette, street: Path, truth: GroundTruth) -> Iterator[Example]:
    """Garments on people in their true boxes; those without one, such as scarves, are left out."""
    photos = {photo.path.stem: photo for photo in load_street_photos(street, "train")}
    worn = [t for t in truth.train_families if t.photos == "street" and t.image in photos]
    for each in tqdm(worn, desc="worn garments"):
        photo = photos[each.image]
        boxes = [garment.box for garment in photo.garments if garment.label == each.garment]
        if boxes:
            accepted = (each.family, *sorted(each.also))
            yield _example(path, palette, _read(photo.path), boxes[0], accepted)


def _example(
    path: ServingPath, palette: Palette, picture: Pixels, box: Box, accepted: tuple[str, ...]
) -> Example:
    height, width = picture.shape[:2]
    region = crop(picture, expand(box, path.options.expand_ratio, width, height))
    return Example(shown_families(region, palette), accepted)


def _read(file: Path) -> Pixels:
    return decode(file.read_bytes(), DecodeLimits())
