from __future__ import annotations

import numpy as np
import pytest

from training.evaluation import balanced, retrieved, top1


def test_balanced_accuracy_counts_every_category_alike() -> None:
    wanted = ["dress"] * 9 + ["hat"]
    found = ["dress"] * 10
    assert top1(wanted, found) == pytest.approx(0.9)
    assert balanced(wanted, found) == pytest.approx(0.5)


def test_a_query_is_retrieved_where_its_own_row_is_nearest() -> None:
    catalogue = np.eye(4, dtype=np.float32)
    queries = catalogue[[0, 1, 3, 3]]
    assert retrieved(catalogue, queries) == pytest.approx(0.75)
