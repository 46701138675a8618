"""Which photos of a window are compared."""

from __future__ import annotations

import numpy as np

from services.drift.sample import Garment, ObservedPhoto, Sampler, Source, sample_of
from tests.unit.services.drift.windows import SOURCE, made_photos


def test_arrays_hold_what_was_said() -> None:
    vector = np.array([0.6, 0.8], np.float32)
    sample = sample_of(
        [
            ObservedPhoto(SOURCE, "call", (Garment("dress", "red", 0.9, 0.7, vector), Garment("hat"))),
            ObservedPhoto(SOURCE, "call", ()),
            ObservedPhoto(SOURCE, "other", (Garment(),)),
        ]
    )
    assert (sample.units, sample.photos) == (2, 3)
    assert sample.photo_units.tolist() == [0, 0, 1]
    assert sample.garment_counts.tolist() == [2, 0, 1]
    assert sample.garment_units.tolist() == [0, 0, 1]
    assert sample.labels.tolist() == ["dress", "hat", ""]
    assert sample.embedded.tolist() == [0]
    np.testing.assert_array_equal(sample.embeddings, vector[None])
    assert np.isnan(sample.scores).tolist() == [False, True, True]


def test_a_sample_is_the_same_in_whatever_order_photos_come() -> None:
    photos = list(made_photos(1, 300, photos_of_call=2))
    first, second = Sampler(40), Sampler(40)
    for photo in photos:
        first.add(photo)
    for photo in reversed(photos):
        second.add(photo)
    one, other = first.samples()[SOURCE], second.samples()[SOURCE]
    assert (one.units, one.photos) == (40, 80)
    assert sorted(one.scores.tolist()) == sorted(other.scores.tolist())


def test_sources_have_samples_of_their_own() -> None:
    sampler = Sampler(10)
    for source in (SOURCE, Source("Detect", "detector-1")):
        sampler.add(ObservedPhoto(source, "call", ()))
    assert set(sampler.samples()) == {SOURCE, Source("Detect", "detector-1")}
