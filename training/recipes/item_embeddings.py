"""Embeddings of items by an exported embedder, kept in a file."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from domain.atomic_file import atomic_file
from domain.types import FloatArray
from models.artifact import Artifact
from models.image_encoder import ImageEncoder
from models.session import OnnxSession
from models.text_encoder import TextEncoder
from training.data.outfit_sets import OutfitItem

_BATCH = 16


def embed_items(items: Sequence[OutfitItem], artifact: Artifact, folder: Path, sha256: str) -> FloatArray:
    """Embeddings (I, D) float32, L2-normalised, of the items' crops, or of their names where there is none.

    They are kept in the folder for runs with the same embedder and the same data, whose sha256 is given.
    """
    parts = (str(artifact.version), sha256, *(item.id for item in items))
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    file = folder / f"embeddings-{key}.npy"
    if not file.is_file():
        found = _embedded(items, artifact)
        with atomic_file(file) as unfinished:
            np.save(unfinished, found)
    kept: FloatArray = np.load(file, allow_pickle=False)
    return kept


def _embedded(items: Sequence[OutfitItem], artifact: Artifact) -> FloatArray:
    pictured = [index for index, item in enumerate(items) if item.picture is not None]
    named = [index for index, item in enumerate(items) if item.picture is None]
    rows = np.zeros((len(items), artifact.manifest.embedding_width), np.float32)
    if pictured:
        image = ImageEncoder.load(artifact, OnnxSession)
        for part in tqdm(_parts(pictured), desc="embedding pictures", unit="batch"):
            files = [file for index in part if (file := items[index].picture) is not None]
            rows[part] = image.run(np.stack([image.preprocess(file.pixels()) for file in files]))
    if named:
        text = TextEncoder.load(artifact, OnnxSession)
        for part in tqdm(_parts(named), desc="embedding names", unit="batch"):
            rows[part] = text.run(text.preprocess([items[index].name for index in part]))
    return rows


def _parts(indices: Sequence[int]) -> list[list[int]]:
    return [list(indices[start : start + _BATCH]) for start in range(0, len(indices), _BATCH)]
