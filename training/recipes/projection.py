"""Fine-tuning of the embedder's last layer on what people have reviewed: it takes seconds.

The trunk and the text tower stay as they are. Of each reviewed garment the trunk's features are computed
once, as it is and mirrored; then the projection into the common space is trained so that what people said of
an attribute is the most probable of its values, as when it serves, while embeddings stay near to where they
were. The share of the change that is kept is chosen on the val split. So texts, colours and everything that
nobody has reviewed change little, and the same export, parity checks and back-fill apply as for any embedder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import FloatArray, Pixels
from imaging.crop import fit_padded
from models.artifact import Artifact
from models.attributes import build_vocabularies
from models.session import OnnxSession
from models.text_encoder import TextEncoder
from training.recipes.artifact_weights import load_artifact
from training.recipes.provenance import git_commit
from training.recipes.two_towers import CONFIG_NAME, as_input, build

ATTRIBUTES = ("category", "pattern", "style")
"""What is learnt; colours are measured in pixels, and named by people only where that is wrong."""
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
_BATCH = 32


@dataclass(frozen=True, slots=True)
class ProjectionOptions:
    """`data` is a folder that `armoire export dataset --format image-text` wrote, `start_from` an artifact.

    `anchor` weighs how far embeddings move against the questions that are answered wrongly.
    """

    data: Path
    out: Path
    taxonomy: Path
    start_from: Path
    steps: int = 300
    learning_rate: float = 1e-3
    anchor: float = 4.0
    seed: int = 0
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """A reviewed garment: its picture, its split, and what people say of each attribute."""

    path: Path
    split: str
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """Features (N, F) of garments, and the index of the right value of each attribute (N,), -1 for none."""

    features: Tensor
    targets: Mapping[str, Tensor]


def train_projection(options: ProjectionOptions) -> Path:
    """Train; returns the checkpoint that open_clip loads.

    Raises:
        InvalidInput: there is no reviewed garment of the train split, or the artifact is another model's.
    """
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    artifact = Artifact.load(options.start_from)
    image = artifact.manifest.image
    if image is None:
        raise InvalidInput("start-from", "is no artifact of an embedder")
    model: Any = build(options.out, image.width)
    load_artifact(model, options.start_from)
    model.eval()
    labels = _labels(Taxonomy.load(options.taxonomy), artifact)
    pairs = read_pairs(options.data)
    seen = _examples(model, _of(pairs, "train"), labels, image.width, mirrored=True)
    held = _examples(model, _of(pairs, "val"), labels, image.width, mirrored=False)
    if not len(seen.features):
        raise InvalidInput("data", f"must hold a reviewed garment of the train split: {options.data}")
    before = model.visual.head.proj.weight.detach().clone()
    scale = float(model.logit_scale.detach().exp())
    words = {name: torch.from_numpy(embeddings) for name, (_, embeddings) in labels.items()}
    after = _fit(before, seen, words, scale, options)
    accuracies = {share: _accuracy(before + share * (after - before), held, words) for share in SHARES}
    best = max(SHARES, key=lambda share: (accuracies[share], -abs(share - 0.5)))
    with torch.no_grad():
        model.visual.head.proj.weight.copy_(before + best * (after - before))
    path = options.out / f"{CONFIG_NAME}.pt"
    torch.save(model.state_dict(), path)
    facts = {name: str(value) for name, value in asdict(options).items()}
    metrics = {
        "facts": {"params": facts, "made with": {"commit": git_commit()}},
        "rows": [{"step": float(options.steps), "val category": accuracies[best]}],
        "garments": {split: len(_of(pairs, split)) for split in ("train", "val")},
        "share": best,
        "val_category": {str(share): accuracy for share, accuracy in accuracies.items()},
        "train_category": {"before": _accuracy(before, seen, words), "after": _accuracy(after, seen, words)},
    }
    (options.out / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", encoding="utf-8")
    return path


def read_pairs(folder: Path) -> list[Pair]:
    """The garments of `pairs.jsonl`. Raises InvalidInput if there is none."""
    table = folder / "pairs.jsonl"
    if not table.is_file():
        raise InvalidInput("data", f"must hold pairs.jsonl: {folder}")
    rows = [json.loads(line) for line in table.read_text(encoding="utf-8").splitlines()]
    return [_pair(folder, row) for row in rows]


def _pair(folder: Path, row: Mapping[str, Any]) -> Pair:
    said = {name: values[0] for name, values in row["attributes"].items() if len(values) == 1}
    return Pair(folder / row["image"], row["image"].split("/")[0], {**said, "category": row["category"]})


def _of(pairs: Sequence[Pair], split: str) -> list[Pair]:
    return [pair for pair in pairs if pair.split == split]


def _labels(taxonomy: Taxonomy, artifact: Artifact) -> dict[str, tuple[tuple[str, ...], FloatArray]]:
    """The values of each attribute that is learnt with their embeddings (V, D), as when it serves."""
    texts = TextEncoder.load(artifact, partial(OnnxSession, intra_op_threads=1))
    vocabularies = build_vocabularies(taxonomy, texts)
    return {
        name: (vocabulary.values, vocabulary.embeddings)
        for name, vocabulary in vocabularies.items()
        if name in ATTRIBUTES
    }


@torch.no_grad()
def _examples(
    model: Any,
    pairs: Sequence[Pair],
    labels: Mapping[str, tuple[tuple[str, ...], FloatArray]],
    side_px: int,
    *,
    mirrored: bool,
) -> Examples:
    pictures = [_picture(pair.path, side_px) for pair in pairs]
    pictures += [np.ascontiguousarray(picture[:, ::-1]) for picture in pictures if mirrored]
    batches = [
        model.visual.trunk(as_input(np.stack(pictures[start : start + _BATCH])))
        for start in range(0, len(pictures), _BATCH)
    ]
    width = model.visual.head.proj.weight.shape[1]
    features = torch.cat(batches) if batches else torch.zeros((0, width))
    targets = {name: _targets(pairs, name, values, mirrored) for name, (values, _) in labels.items()}
    return Examples(features, targets)


def _targets(pairs: Sequence[Pair], name: str, values: Sequence[str], mirrored: bool) -> Tensor:
    places = {value: index for index, value in enumerate(values)}
    found = [places.get(pair.answers.get(name, ""), -1) for pair in pairs]
    return torch.tensor(found * 2 if mirrored else found, dtype=torch.int64)


def _picture(path: Path, side_px: int) -> Pixels:
    """(S, S, 3): padded to a square by reflection, as crops are when they are served."""
    read = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if read is None:
        raise InvalidInput("data", f"has a picture that cannot be read: {path}")
    return fit_padded(cv2.cvtColor(read, cv2.COLOR_BGR2RGB).astype(np.uint8), side_px, side_px)


def _fit(
    before: Tensor, seen: Examples, words: Mapping[str, Tensor], scale: float, options: ProjectionOptions
) -> Tensor:
    """The projection (D, F) after training."""
    weight = before.clone().requires_grad_()
    optimizer = torch.optim.Adam([weight], lr=options.learning_rate * float(before.std()))
    former = functional.normalize(seen.features @ before.T, dim=1)
    for _ in range(options.steps):
        embedded = functional.normalize(seen.features @ weight.T, dim=1)
        loss = options.anchor * (1.0 - (embedded * former).sum(dim=1)).mean()
        for name, vectors in words.items():
            if (seen.targets[name] >= 0).any():
                logits = scale * embedded @ vectors.T
                loss = loss + functional.cross_entropy(logits, seen.targets[name], ignore_index=-1)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return weight.detach()


def _accuracy(weight: Tensor, examples: Examples, words: Mapping[str, Tensor]) -> float:
    """Of the garments whose category is known, the share that is named rightly; 0 without any."""
    known = examples.targets["category"] >= 0
    if not known.any():
        return 0.0
    embedded = functional.normalize(examples.features[known] @ weight.T, dim=1)
    right = (embedded @ words["category"].T).argmax(dim=1) == examples.targets["category"][known]
    return float(right.float().mean())
