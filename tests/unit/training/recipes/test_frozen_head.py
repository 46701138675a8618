from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from torch import Tensor  # noqa: E402
from torch.nn import functional  # noqa: E402

from training.recipes.frozen_head import Features, fit_head  # noqa: E402


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
