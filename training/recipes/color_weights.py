"""Fits what people call a garment, its family and its shade, from how much of each name it shows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tqdm import tqdm

from domain.taxonomy import Taxonomy
from domain.types import Box, ColorShare, FloatArray, Pixels
from imaging.color_weights import FAMILIES, SHADES, name_shares, seen_families, seen_shares
from imaging.colors import Palette, dominant_colors, shown_families
from imaging.crop import crop, expand
from imaging.decode import DecodeLimits, decode
from imaging.main_color import shown_shades
from training.data.street import StreetPhoto, load_street_photos
from training.evaluation.colors import nearest_box
from training.evaluation.ground_truth import FamilyTruth, GroundTruth, read_ground_truth
from training.evaluation.predictions import choose_photos
from training.evaluation.serving import ServingPath

CENTER_REPEATS = 3
"""How often each centre of the palette is an example of its own name."""
WORN_WEIGHT = 0.25
"""How much a worn garment counts in its true box, and in the box that was found."""
STEPS = 80
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class FitOptions:
    """Chosen by five folds over contributors.

    Attributes:
        best_share: how much the best name counts beside all that people accept.
        decay: on the squares of the factors for features of unit deviation.
    """

    best_share: float
    decay: float


OF_FAMILIES, OF_SHADES = FitOptions(0.2, 2e-3), FitOptions(0.6, 1e-3)


@dataclass(frozen=True, slots=True)
class ColorWeightOptions:
    """`photos` is a folder of labelled photos with `labels`, `street` one of photos of people, both train
    splits; artifacts are folders. The files are written into the folder `out`.
    """

    photos: Path
    labels: Path
    street: Path
    detector: Path
    embedder: Path
    taxonomy: Path
    ground_truth: Path
    out: Path = FAMILIES.parent


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """What a garment shows, of which the names `best` are, of all that people accept."""

    shown: FloatArray
    best: frozenset[str]
    accepted: frozenset[str]
    weight: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Garment:
    """What a garment shows of families, its colours, and what people call it, best first.

    `said` are shades where people said shades, else families.
    """

    families: FloatArray
    colors: tuple[ColorShare, ...]
    said: tuple[str, ...]
    shades: bool = False
    weight: float = 1.0


def fit_color_weights(options: ColorWeightOptions) -> tuple[Path, Path]:
    """Fit to the garments of `train_families.csv` and the dev photos of `colors.csv`; returns both files.

    Raises:
        InvalidInput: a folder or a table is missing or invalid.
        ArtifactError: an artifact cannot be used.
    """
    torch.set_num_threads(1)
    taxonomy = Taxonomy.load(options.taxonomy)
    garments = list(_garments(taxonomy, options))
    palette = Palette.of(taxonomy)
    files = options.out / FAMILIES.name, options.out / SHADES.name
    of_families = [*_palette_families(palette), *(_of_family(each, taxonomy) for each in garments)]
    _write(files[0], of_families, sorted(set(palette.families)), OF_FAMILIES)
    of_shades = [*_palette_shades(palette), *(_of_shade(each, taxonomy, palette) for each in garments)]
    _write(files[1], of_shades, sorted(taxonomy.colors), OF_SHADES)
    return files


def fit(
    examples: Sequence[Example], names: Sequence[str], options: FitOptions
) -> tuple[FloatArray, FloatArray]:
    """Logistic regression by LBFGS: factors (N, F) and offsets (N,) for what is shown (F,)."""
    seen = np.stack([example.shown for example in examples])
    mean, deviation = seen.mean(axis=0), seen.std(axis=0) + 1e-3
    rows = torch.from_numpy(((seen - mean) / deviation).astype(np.float32))
    best, accepted = (
        torch.tensor([[float(name in said) for name in names] for said in column])
        for column in ([e.best for e in examples], [e.accepted for e in examples])
    )
    weights = torch.tensor([example.weight for example in examples])
    layer = torch.nn.Linear(seen.shape[1], len(names))
    torch.nn.init.zeros_(layer.weight)
    torch.nn.init.zeros_(layer.bias)
    optimizer: Any = torch.optim.LBFGS(layer.parameters(), max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimizer.zero_grad()
        likely = torch.softmax(layer(rows), dim=1)
        share = options.best_share
        said = share * _log_sum(likely, best) + (1 - share) * _log_sum(likely, accepted)
        value = options.decay * layer.weight.square().sum() - (weights * said).sum() / weights.sum()
        torch.autograd.backward(value)
        return float(value.detach())

    optimizer.step(loss)
    factors = layer.weight.detach().numpy() / deviation
    return factors, layer.bias.detach().numpy() - factors @ mean


def _log_sum(likely: torch.Tensor, chosen: torch.Tensor) -> torch.Tensor:
    return torch.log((likely * chosen).sum(dim=1) + _TINY)


def _write(file: Path, examples: Sequence[Example], names: list[str], options: FitOptions) -> None:
    layer = fit(examples, names, options)
    factors, offsets = (np.round(values.astype(np.float64), 3).tolist() for values in layer)
    content = {"names": names, "factors": factors, "offsets": offsets}
    lines = [f' "{key}": {json.dumps(value)}' for key, value in content.items()]
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _of_family(garment: Garment, taxonomy: Taxonomy) -> Example:
    families = [taxonomy.family_of(name) for name in garment.said]
    return Example(garment.families, frozenset(families[:1]), frozenset(families), garment.weight)


def _of_shade(garment: Garment, taxonomy: Taxonomy, palette: Palette) -> Example:
    """Of a garment of which only families are known, any of their shades is right."""
    named = [
        {name} if garment.shades else {each for each in taxonomy.colors if taxonomy.family_of(each) == name}
        for name in garment.said
    ]
    shown = shown_shades([garment.colors], palette)[0]
    return Example(shown, frozenset(named[0]), frozenset().union(*named), garment.weight)


def _palette_families(palette: Palette) -> Iterator[Example]:
    """Each centre is called by its own family."""
    for center, family in zip(palette.lab, palette.families, strict=True):
        shares = name_shares(palette.differences(center[None]), palette.families)[0]
        said = frozenset([family])
        yield from [Example(seen_families(shares, shares, center), said, said)] * CENTER_REPEATS


def _palette_shades(palette: Palette) -> Iterator[Example]:
    """Each centre is called by its own name."""
    for center, name in zip(palette.lab, palette.names, strict=True):
        shown = seen_shares(name_shares(palette.differences(center[None]), palette.names)[0])
        yield from [Example(shown, frozenset([name]), frozenset([name]))] * CENTER_REPEATS


def _garments(taxonomy: Taxonomy, options: ColorWeightOptions) -> Iterator[Garment]:
    truth = read_ground_truth(options.ground_truth, taxonomy)
    path = ServingPath.load(options.detector, options.embedder, taxonomy)
    palette = replace(Palette.of(taxonomy), weights=None)
    lying = {t.image: (t.family, *sorted(t.also)) for t in truth.train_families if t.photos == "clothing"}
    dev = _dev_shades(truth, options)
    yield from _of_lying(path, palette, options.photos, lying, shades=False)
    yield from _of_lying(path, palette, options.photos, dev, shades=True)
    yield from _of_worn(path, palette, options.street, truth)


def _dev_shades(truth: GroundTruth, options: ColorWeightOptions) -> dict[str, tuple[str, ...]]:
    """The colours that the dev photos have, by id."""
    photos = choose_photos(options.photos, options.labels, "dev")
    return {photo.path.stem: truth.colors.get(photo.path.stem, ()) for photo in photos}


def _of_lying(
    path: ServingPath, palette: Palette, photos: Path, said: Mapping[str, tuple[str, ...]], *, shades: bool
) -> Iterator[Garment]:
    """The main garments of photos, as they are served; what people said is by id."""
    for image, names in tqdm(sorted(said.items()), desc="lying garments"):
        if names:
            picture = _read(photos / f"{image}.jpg")
            found = _garment(path, palette, picture, path.predict(picture).main.box, names)
            yield replace(found, shades=shades)


def _of_worn(path: ServingPath, palette: Palette, street: Path, truth: GroundTruth) -> Iterator[Garment]:
    """Garments on people, in their true boxes and in those that are found."""
    photos = {photo.path.stem: photo for photo in load_street_photos(street, "train")}
    worn = [t for t in truth.train_families if t.photos == "street" and t.image in photos]
    for each in tqdm(worn, desc="worn garments"):
        photo = photos[each.image]
        picture = _read(photo.path)
        for box in _boxes_of(photo, each, path, picture):
            found = _garment(path, palette, picture, box, (each.family, *sorted(each.also)))
            yield replace(found, weight=WORN_WEIGHT)


def _boxes_of(photo: StreetPhoto, truth: FamilyTruth, path: ServingPath, picture: Pixels) -> list[Box]:
    """None for garments whose boxes are not known, such as scarves."""
    boxes = [garment.box for garment in photo.garments if garment.label == truth.garment]
    found = nearest_box(boxes[0], path.detect(picture)) if boxes else None
    return boxes[:1] if found is None else [boxes[0], found]


def _garment(
    path: ServingPath, palette: Palette, picture: Pixels, box: Box, said: tuple[str, ...]
) -> Garment:
    height, width = picture.shape[:2]
    region = crop(picture, expand(box, path.options.expand_ratio, width, height))
    return Garment(shown_families(region, palette), dominant_colors(region, palette), said)


def _read(file: Path) -> Pixels:
    return decode(file.read_bytes(), DecodeLimits())
