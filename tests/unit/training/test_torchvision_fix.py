from __future__ import annotations

import pytest

torch = pytest.importorskip("torch", reason="exporting needs torch")

from export import torchvision_fix  # noqa: E402


def test_torchvision_imports_and_has_nms() -> None:
    torchvision_fix.apply()
    from torchvision.ops import nms

    boxes = torch.tensor([[0.0, 0, 10, 10], [1, 1, 11, 11], [20, 20, 30, 30]])
    assert nms(boxes, torch.tensor([0.5, 0.9, 0.1]), 0.5).tolist() == [1, 2]


def test_nms_keeps_what_hardly_overlaps_best_first() -> None:
    boxes = torch.tensor([[0.0, 0, 10, 10], [0, 0, 10, 9], [5, 0, 15, 10]])
    scores = torch.tensor([0.2, 0.9, 0.3])
    assert torchvision_fix.nms(boxes, scores, 0.5).tolist() == [1, 2]
    assert torchvision_fix.nms(boxes, scores, 0.95).tolist() == [1, 2, 0]
    assert torchvision_fix.nms(boxes[:0], scores[:0], 0.5).tolist() == []


def test_applying_twice_changes_nothing() -> None:
    assert torchvision_fix.apply() is torchvision_fix.apply()
