"""The graph of an FCOS detector: normalisation and the choice of the best rows inside, NMS outside."""

from __future__ import annotations

from typing import Any, ClassVar

import torch

from export.best_rows import best_rows
from export.fcos.network import MAX_ROWS, STRIDES, FcosConfig
from models.manifest import Head


class FcosGraph(torch.nn.Module):
    """Pictures (N, S, S, 3) uint8 in; rows (N, K, 6) and the head (N, 4 + classes, anchors) out.

    Rows are [x1, y1, x2, y2, score, class], in pixels of the input. A score is the geometric mean of the
    probability of the class and of the centerness.
    """

    outputs: ClassVar[tuple[str, ...]] = ("rows", "head")
    kind: Head = "raw"

    def __init__(self, network: Any, config: FcosConfig) -> None:
        super().__init__()
        self.network = network.eval()
        self._side = config.input_px
        anchors = anchor_boxes(network, config.input_px)
        self._max_rows = min(MAX_ROWS, len(anchors))
        self._anchors = anchors[None]
        self._mean, self._std = (torch.tensor(each).view(1, 3, 1, 1) for each in (config.mean, config.std))

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        pictures = (images.permute(0, 3, 1, 2).float() / 255 - self._mean) / self._std
        found = self.network.head(list(self.network.backbone(pictures).values()))
        boxes = self.network.head.box_coder.decode(found["bbox_regression"], self._anchors)
        scores = (found["cls_logits"].sigmoid() * found["bbox_ctrness"].sigmoid()).sqrt()
        head = torch.cat([boxes.clamp(0, self._side), scores], dim=2).permute(0, 2, 1)
        return best_rows(head, self._max_rows)[0], head


def anchor_boxes(network: Any, side: int) -> torch.Tensor:
    """The anchors (A, 4) x1, y1, x2, y2 of a square input, in the order of the head's outputs."""
    from torchvision.models.detection.image_list import ImageList

    maps = [torch.zeros(1, 1, side // stride, side // stride) for stride in STRIDES]
    anchors: torch.Tensor = network.anchor_generator(
        ImageList(torch.zeros(1, 3, side, side), [(side, side)]), maps
    )[0]
    return anchors
