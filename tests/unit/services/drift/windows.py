"""Samples of made photos, drawn from fixed distributions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from services.drift.sample import Garment, ObservedPhoto, Sample, Source, sample_of

SOURCE = Source("Analyze", "detector-1", "embedder-1")
SHARES = {"dress": 0.5, "shirt": 0.3, "hat": 0.2}
WIDTH = 16


def made_photos(
    seed: int,
    photos: int,
    *,
    shares: Mapping[str, float] = SHARES,
    moved: float = 0.0,
    photos_of_call: int = 1,
) -> Iterator[ObservedPhoto]:
    """Photos with one garment each; all embeddings and scores are `moved` by as much."""
    random = np.random.default_rng(seed)
    labels = random.choice(list(shares), photos, p=list(shares.values()))
    for number, label in enumerate(labels):
        vector = random.normal(size=WIDTH).astype(np.float32) + np.float32(moved)
        score = float(random.beta(5.0, 2.0)) + moved
        garment = Garment(str(label), "red", score, 0.5, vector / np.linalg.norm(vector))
        yield ObservedPhoto(SOURCE, f"{seed}/{number // photos_of_call}", (garment,))


def made_sample(
    seed: int,
    photos: int,
    *,
    shares: Mapping[str, float] = SHARES,
    moved: float = 0.0,
    photos_of_call: int = 1,
) -> Sample:
    found = made_photos(seed, photos, shares=shares, moved=moved, photos_of_call=photos_of_call)
    return sample_of(list(found))
