from __future__ import annotations

import numpy as np
import pytest

from domain.taxonomy import Taxonomy
from training.synthetic.canvas import Garment
from training.synthetic.garments import draw, kinds


def test_every_category_can_be_drawn(taxonomy: Taxonomy) -> None:
    assert {kind.category for kind in kinds().values()} == {c.name for c in taxonomy.categories}


def test_words_and_styles_are_known_to_the_taxonomy(taxonomy: Taxonomy) -> None:
    styles = set(taxonomy.attribute("style").values)
    for kind in kinds().values():
        assert set(kind.styles) <= styles
        assert kind.words


@pytest.mark.parametrize("kind", list(kinds()))
def test_a_garment_fills_its_picture_in_its_colour(kind: str) -> None:
    layer = draw(Garment(kind, "plain", (200, 40, 40), (40, 40, 200)), 128, np.random.default_rng(2))
    alpha = layer[..., 3]
    assert alpha[0].max() > 127
    assert alpha[-1].max() > 127
    assert alpha[:, 0].max() > 127
    assert alpha[:, -1].max() > 127
    assert 0.15 < (alpha > 127).mean() < 0.98
    red, _, blue = np.median(layer[alpha > 200][:, :3], axis=0)
    assert red > blue + 25


def test_the_same_seed_draws_the_same_garment() -> None:
    garment = Garment("dress", "floral", (200, 40, 40), (255, 255, 255))
    first, again, other = (draw(garment, 128, np.random.default_rng(seed)) for seed in (4, 4, 5))
    assert np.array_equal(first, again)
    assert first.shape != other.shape or not np.array_equal(first, other)
