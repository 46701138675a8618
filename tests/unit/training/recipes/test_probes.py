from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from domain.errors import InvalidInput
from training.data.photos import Photo
from training.recipes.probes import LabelledItem, age_groups, fit, left_out, measure

SHOES = "image,type,age_group\nboots,boots,kids\nclogs,sandals,\n"


def items(count: int, seed: int = 0) -> list[LabelledItem]:
    """A fifth are a child's, which have a larger second number."""
    dice = np.random.default_rng(seed)
    found = []
    for number in range(count):
        group = "kids" if number % 5 == 0 else "adult"
        rows = dice.normal((0.0, 1.5 if group == "kids" else -1.5, 0.0), 0.3, (2, 3)).astype(np.float32)
        photo = Photo(Path(f"{number}.jpg"), "Dress", "dress", f"sender-{number % 7}", "train")
        found.append(LabelledItem(photo, group, rows / np.linalg.norm(rows, axis=1, keepdims=True)))
    return found


def test_what_can_be_told_is_learned() -> None:
    learned = items(60)
    figures = measure(items(60, seed=1), [fit(learned)] * 60)
    assert (figures.items, figures.kids, figures.auc) == (60, 12, 1.0)
    assert figures.adults_kept == figures.adults_right == 1.0


def test_contributors_are_left_out_in_folds() -> None:
    assert left_out(items(60)).auc == 1.0


def test_the_same_items_give_the_same_probe() -> None:
    first, second = fit(items(30)), fit(items(30))
    assert np.array_equal(first.factors, second.factors)
    assert np.array_equal(first.offsets, second.offsets)


def test_shoes_are_as_they_were_annotated(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("image,kids\nboots,false\nclogs,true\ndress,true\nshirt,false\n")
    (tmp_path / "shoes.csv").write_text(SHOES)
    found = age_groups(tmp_path / "labels.csv", tmp_path / "shoes.csv")
    assert found == {"boots": "kids", "dress": "kids", "shirt": "adult"}


def test_labels_without_age_groups_are_refused(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("image,label\nboots,Shoes\n")
    (tmp_path / "shoes.csv").write_text(SHOES)
    with pytest.raises(InvalidInput, match="kids"):
        age_groups(tmp_path / "labels.csv", tmp_path / "shoes.csv")
    with pytest.raises(InvalidInput, match="shoes"):
        age_groups(tmp_path / "labels.csv", tmp_path / "none.csv")
