"""The windows that the bench of drift reports draws."""

from __future__ import annotations

import numpy as np

from bench.drift import Sizes, _alike, _darker, _doubled, _half_by_one, _of_others, chosen
from domain.types import FloatArray
from services.drift.sample import Sample, sample_of
from tests.unit.services.drift.windows import made_photos

RNG_SEED = 1


def test_chosen_photos_are_a_sample_of_these_alone() -> None:
    photos = list(made_photos(1, 40))
    indices = np.array([7, 3, 30])
    found, wanted = chosen(sample_of(photos), indices), sample_of([photos[index] for index in indices])
    assert (found.units, found.photos) == (3, 3)
    np.testing.assert_array_equal(found.labels, wanted.labels)
    np.testing.assert_array_equal(found.garment_units, wanted.garment_units)
    for unit in range(3):
        np.testing.assert_array_equal(of_unit(found, unit), of_unit(wanted, unit))


def of_unit(sample: Sample, unit: int) -> FloatArray:
    """The embeddings of a unit."""
    return sample.embeddings[sample.garment_units[sample.embedded] == unit]


def test_windows_share_no_photo() -> None:
    rng = np.random.default_rng(RNG_SEED)
    senders = np.array(["a"] * 60 + ["b"] * 40 + ["c"] * 100)
    drawn = [
        _alike(rng, 200, Sizes(60, 50)),
        _half_by_one(rng, senders, Sizes(70, 50)),
        _of_others(rng, senders, Sizes(30, 30)),
        _doubled(rng, senders == "b", Sizes(60, 50)),
    ]
    for draw in drawn:
        assert not set(draw.reference) & set(draw.current)
        assert len(set(draw.current)) == len(draw.current)


def test_the_changes_are_in_the_windows() -> None:
    rng = np.random.default_rng(RNG_SEED)
    senders = np.array(["a"] * 60 + ["b"] * 40 + ["c"] * 100)
    half = _half_by_one(rng, senders, Sizes(70, 50))
    (most,) = [name for name in "abc" if np.sum(senders[half.current] == name) >= 25][:1]
    assert most not in senders[half.reference]
    others = _of_others(rng, senders, Sizes(30, 30))
    assert not set(senders[others.reference]) & set(senders[others.current])
    doubled = _doubled(rng, senders == "b", Sizes(60, 50))
    assert np.sum(senders[doubled.current] == "b") == 20
    darker = _darker(rng, 200, 60, Sizes(50, 50), 0.6)
    assert min(darker.reference) >= 60 > max(darker.current)
