from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from training.recipes.clip_figures import (  # noqa: E402
    EmbeddedPairs,
    found_picture,
    found_text,
    named,
    neighbor_agreement,
    silhouette,
)
from training.recipes.clip_losses import contrastive_loss, sigmoid_loss  # noqa: E402


def pairs(groups: tuple[str, ...] = ("", "", "", "")) -> EmbeddedPairs:
    """Two labels; the last picture lies with those of the other label."""
    images = torch.nn.functional.normalize(
        torch.tensor([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [1.0, 0.3]]), dim=1
    )
    texts = torch.eye(2)
    return EmbeddedPairs(images, texts, torch.tensor([0, 0, 1, 1]), torch.tensor([0, 0, 1, 1]), texts, groups)


def test_a_sentence_is_found_among_the_nearest() -> None:
    assert found_text(pairs(), 1).tolist() == [True, True, True, False]
    assert found_text(pairs(), 5).all()
    assert found_picture(pairs()).tolist() == [True, True]
    assert named(pairs()).tolist() == [True, True, True, False]


def test_neighbours_are_of_other_groups() -> None:
    assert neighbor_agreement(pairs(), 1).tolist() == [1, 1, 1, 0]
    # The first two are of one person, so that each has to look further.
    assert neighbor_agreement(pairs(("a", "a", "b", "c")), 1).tolist() == [0, 0, 1, 0]


def test_a_silhouette_tells_what_lies_with_others() -> None:
    values = silhouette(pairs()).tolist()
    assert values[0] > 0.5
    assert values[3] < -0.5


def test_pictures_without_a_label_are_left_out() -> None:
    found = pairs()
    some = EmbeddedPairs(
        found.images, found.texts, found.text_ids, torch.tensor([0, 0, 1, -1]), found.prompts, found.groups
    )
    assert len(named(some)) == len(neighbor_agreement(some)) == len(silhouette(some)) == 3
    assert silhouette(some)[2] == 0  # the only one of its label


def test_pairs_with_the_same_sentence_are_no_negatives() -> None:
    logits = torch.tensor([[9.0, 9.0, 0.0], [9.0, 9.0, 0.0], [0.0, 0.0, 9.0]])
    same = torch.tensor([[True, True, False], [True, True, False], [False, False, True]])
    one_by_one = torch.eye(3, dtype=torch.bool)
    assert float(contrastive_loss(logits, same)) == pytest.approx(0.46, abs=0.01)  # log 2 for two of three
    assert float(contrastive_loss(9 * one_by_one.float(), one_by_one)) < 0.001
    assert float(sigmoid_loss(2 * logits - 9, same)) < 0.001
    assert float(sigmoid_loss(2 * logits - 9, one_by_one)) > 5
