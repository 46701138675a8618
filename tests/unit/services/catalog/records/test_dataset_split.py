from __future__ import annotations

from collections import Counter

import pytest

from domain.errors import InvalidInput
from services.catalog.ids import IdSource
from services.catalog.records.dataset_split import DatasetShares, DatasetSplit


def test_the_splits_have_their_shares() -> None:
    shares = DatasetShares(0.7, 0.2, 0.1)
    counts = Counter(shares.split_of(f"image-{number}", "") for number in range(10_000))
    assert counts[DatasetSplit.TRAIN] == pytest.approx(7000, rel=0.05)
    assert counts[DatasetSplit.VAL] == pytest.approx(2000, rel=0.05)
    assert counts[DatasetSplit.TEST] == pytest.approx(1000, rel=0.1)


def test_a_product_is_in_one_split_which_is_the_same_everywhere() -> None:
    shares, ids = DatasetShares(), IdSource()
    assert len({shares.split_of(ids.next(), "product-1") for _ in range(100)}) == 1
    splits = [shares.split_of("", f"product-{number}").value for number in range(12)]
    assert splits == [*["train"] * 6, "test", "val", "val", "val", "train", "train"]


@pytest.mark.parametrize(
    ("shares", "splits"),
    [
        ((1.0, 0.0, 0.0), {DatasetSplit.TRAIN}),
        ((0.0, 1.0, 0.0), {DatasetSplit.VAL}),
        ((0.0, 0.0, 1.0), {DatasetSplit.TEST}),
        ((0.0, 0.4999999, 0.5), {DatasetSplit.VAL, DatasetSplit.TEST}),
    ],
)
def test_a_share_of_nothing_has_no_photos(
    shares: tuple[float, float, float], splits: set[DatasetSplit]
) -> None:
    checked = DatasetShares(*shares).check()
    assert {checked.split_of(f"image-{number}", "") for number in range(500)} == splits


@pytest.mark.parametrize("shares", [(0.5, 0.4, 0.0), (1.5, -0.5, 0.0), (float("nan"), 0.5, 0.5)])
def test_other_shares_are_refused(shares: tuple[float, float, float]) -> None:
    with pytest.raises(InvalidInput, match="sum to 1"):
        DatasetShares(*shares).check()
