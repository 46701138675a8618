from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from torch import Tensor  # noqa: E402
from torch.nn import functional  # noqa: E402

from training.recipes.frozen_head import Features, fit_head, solve_head  # noqa: E402


def test_the_head_has_the_weights_of_its_best_epoch() -> None:
    torch.manual_seed(0)
    labels = torch.arange(40) % 2
    rows = torch.randn(40, 6) + 3 * functional.one_hot(labels, 6)
    head, seen = torch.nn.Linear(6, 2), []

    def loss(logits: Tensor, indices: Tensor) -> Tensor:
        return functional.cross_entropy(logits, labels[indices])

    def score(logits: Tensor) -> float:
        seen.append((float((logits.argmax(dim=1) == labels).float().mean()), logits))
        return seen[-1][0]

    best = fit_head(head, Features(rows, torch.arange(40)), rows, loss, score, epochs=12, rate=0.05)
    assert best == max(value for value, _ in seen) > 0.7
    first = next(logits for value, logits in seen if value == best)
    with torch.no_grad():
        torch.testing.assert_close(head(rows), first)


def test_a_solved_head_has_the_weights_of_its_best_penalty() -> None:
    torch.manual_seed(0)
    labels = torch.arange(60) % 3
    rows = 5 + 2 * torch.randn(60, 8) + 4 * functional.one_hot(labels, 8)
    held_labels = torch.arange(30) % 3
    held = 5 + 2 * torch.randn(30, 8) + 4 * functional.one_hot(held_labels, 8)
    head, seen = torch.nn.Linear(8, 3), []

    def loss(logits: Tensor, indices: Tensor) -> Tensor:
        return functional.cross_entropy(logits, labels[indices])

    def score(logits: Tensor) -> float:
        seen.append((-float(functional.cross_entropy(logits, held_labels)), logits))
        return seen[-1][0]

    penalties = (1e-4, 1.0, 1e-2)
    best = solve_head(
        head, Features(rows, torch.arange(60)), held, loss, score, passes=50, penalties=penalties
    )
    assert len(seen) == len(penalties)
    assert best == max(value for value, _ in seen) > -0.9
    found = next(logits for value, logits in seen if value == best)
    with torch.no_grad():
        torch.testing.assert_close(head(held), found, rtol=1e-4, atol=1e-4)
