from __future__ import annotations

import numpy as np
import pytest

from services.catalog.search.product_vector import OTHERS_WEIGHT, product_vector

PRIMARY, *OTHERS = np.eye(3, dtype=np.float32)


def test_a_product_of_one_photo_has_the_vector_of_its_item() -> None:
    assert product_vector([PRIMARY]) == pytest.approx(PRIMARY)


def test_other_photos_have_a_lower_weight_together() -> None:
    expected = PRIMARY + OTHERS_WEIGHT * (OTHERS[0] + OTHERS[1]) / 2
    assert product_vector([PRIMARY, *OTHERS]) == pytest.approx(expected)
