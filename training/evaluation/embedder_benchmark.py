"""Measures an exported embedder: do pictures of one label lie together, and near its words?

Pictures of the gallery are the training split, queries the test split, or else the validation split.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from domain.errors import InvalidInput
from domain.types import FloatArray, Pixels
from models.artifact import Artifact
from models.image_encoder import ImageEncoder
from models.session import OnnxSession
from models.text_encoder import TextEncoder
from training.data.fashion_mnist import load_classes
from training.data.picture_data import LabelledPicture, PictureData, read_pictures
from training.evaluation.intervals import Estimate, mean, share

TEXT = "a photo of a {label}"
NEIGHBOURS = 10
_BATCH = 16
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Pictures with labels; a gallery to search in, and queries with the group of each."""

    name: str
    gallery: Sequence[tuple[LabelledPicture | Pixels, str]]
    queries: Sequence[tuple[LabelledPicture | Pixels, str]]
    groups: Sequence[str]

    @classmethod
    def of_pictures(cls, data: PictureData, limit: int, seed: int = 0) -> Benchmark:
        """A folder or a table of pictures, such as `python -m training convert kagl` makes of KAGL."""
        found = read_pictures(data)
        asked = _some(found.test or found.validation, limit, seed)
        gallery = _some(found.train, limit and 2 * limit, seed)
        return cls(
            data.path.stem,
            [(picture, picture.label) for picture in gallery],
            [(picture, picture.label) for picture in asked],
            [picture.group or str(picture.path) for picture in asked],
        )

    @classmethod
    def of_fashion_mnist(cls, folder: Path, limit: int, seed: int = 0) -> Benchmark:
        """Its ten classes: 60,000 pictures of 28 x 28 pixels for the gallery, 10,000 queries."""
        parts = []
        for split, most in (("train", limit and 2 * limit), ("t10k", limit)):
            pictures, labels = load_classes(folder, split)
            chosen = _some(range(len(labels)), most, seed)
            parts.append([(np.stack([255 - pictures[n]] * 3, axis=2), labels[n]) for n in chosen])
        groups = list(map(str, range(len(parts[1]))))
        return cls("Fashion-MNIST", parts[0], parts[1], groups)


def benchmark_embedder(artifact: Path, benchmark: Benchmark) -> dict[str, Estimate]:
    """Figures by name, of all queries.

    "zero-shot top-1": the nearest of the texts of all labels is that of the query's. "recall@1": the nearest
    picture of the gallery has its label. "precision@10": the share of the ten nearest with its label.
    "10-NN top-1": the label that most of these have.

    Raises:
        ArtifactError: the artifact does not hold, or is for another task.
        InvalidInput: there are too few pictures.
    """
    if len(benchmark.gallery) < NEIGHBOURS or not benchmark.queries:
        raise InvalidInput("data", f"must have {NEIGHBOURS} pictures for training and some for test")
    loaded = Artifact.load(artifact)
    image = ImageEncoder.load(loaded, OnnxSession)
    gallery = _embedded(image, (picture for picture, _ in benchmark.gallery), len(benchmark.gallery))
    queries = _embedded(image, (picture for picture, _ in benchmark.queries), len(benchmark.queries))
    known = np.array([label for _, label in benchmark.gallery])
    wanted = np.array([label for _, label in benchmark.queries])
    near = np.argsort(-(queries @ gallery.T), axis=1, kind="stable")[:, :NEIGHBOURS]
    same = known[near] == wanted[:, None]
    voted = [Counter(row.tolist()).most_common(1)[0][0] for row in known[near]]
    groups = benchmark.groups
    return {
        "zero-shot top-1": share(_zero_shot(loaded, queries, wanted), groups),
        "recall@1": share(same[:, 0].tolist(), groups),
        f"precision@{NEIGHBOURS}": mean(same.mean(axis=1).tolist(), groups),
        f"{NEIGHBOURS}-NN top-1": share((np.array(voted) == wanted).tolist(), groups),
    }


def write_benchmark(path: Path, benchmark: Benchmark, artifact: Path, figures: dict[str, Estimate]) -> None:
    """Write figures as JSON, with what they are of."""
    counts = Counter(label for _, label in benchmark.queries)
    content = {
        "benchmark": benchmark.name,
        "model": Artifact.load(artifact).version.model_version,
        "gallery": len(benchmark.gallery),
        "queries": len(benchmark.queries),
        "labels": len(counts),
        "most frequent label": max(counts.values()) / len(benchmark.queries),
        "figures": {name: asdict(estimate) for name, estimate in figures.items()},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _zero_shot(artifact: Artifact, queries: FloatArray, wanted: npt.NDArray[np.str_]) -> list[bool]:
    text, labels = TextEncoder.load(artifact, OnnxSession), sorted(set(wanted.tolist()))
    rows = text.run(text.preprocess([TEXT.format(label=label.lower()) for label in labels]))
    best = (queries @ rows.T).argmax(axis=1)
    return [labels[index] == label for index, label in zip(best, wanted, strict=True)]


def _embedded(image: ImageEncoder, pictures: Iterable[LabelledPicture | Pixels], count: int) -> FloatArray:
    rows: list[FloatArray] = []
    batch: list[Pixels] = []
    for picture in tqdm(pictures, total=count, desc="pictures"):
        pixels = picture.file.pixels() if isinstance(picture, LabelledPicture) else picture
        batch.append(image.preprocess(pixels))
        if len(batch) == _BATCH:
            rows.append(image.run(np.stack(batch)))
            batch.clear()
    if batch:
        rows.append(image.run(np.stack(batch)))
    return np.concatenate(rows)


def _some(rows: Sequence[T], limit: int, seed: int) -> list[T]:
    """A random part; all where the limit is 0."""
    if not limit or len(rows) <= limit:
        return list(rows)
    chosen = np.random.default_rng(seed).permutation(len(rows))[:limit]
    return [rows[index] for index in sorted(chosen)]
