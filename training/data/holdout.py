"""Holding out whole groups: contributors, products, photos."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from domain.errors import InvalidInput


def hold_out(groups: Sequence[str], share: float, seed: int = 0) -> list[bool]:
    """Which rows are held out, so that no group is in both parts; none where all groups are large.

    Groups are held out at random until about `share` of the rows are. A group with more than a third of that
    number is never held out, so that the held-out rows come from many.
    """
    counts = Counter(groups)
    wanted = share * len(groups)
    small = sorted(group for group, count in counts.items() if count <= max(1.0, wanted / 3))
    held: set[str] = set()
    total = 0
    for index in np.random.default_rng(seed).permutation(len(small)):
        if total >= wanted:
            break
        held.add(small[index])
        total += counts[small[index]]
    return [group in held for group in groups]


def hold_out_validation(groups: Sequence[str], share: float) -> list[bool]:
    """`hold_out` for the validation of a recipe, which needs some.

    Raises:
        InvalidInput: all groups are too large to be held out.
    """
    chosen = hold_out(groups, share)
    if not any(chosen):
        raise InvalidInput(
            "data.validation_share",
            f"is {share:g}, nothing is held out: each group has more than a third",
        )
    return chosen
