"""The graph of a YOLO detector: normalisation and the choice of the best rows inside, NMS outside."""

from __future__ import annotations

import copy
from typing import Any

import torch

from export.errors import Unsupported
from export.yolo.checkpoint import YoloOptions
from models.manifest import Head

MAX_ROWS = 300


class DetectorGraph(torch.nn.Module):
    """Pictures (N, H, W, 3) uint8 in; rows (N, K, 6) and the head (N, 4 + classes, anchors) out.

    Rows are [x1, y1, x2, y2, score, class], in pixels of the input, scores 0 to 1. The head is what they are
    chosen from.
    """

    def __init__(self, network: Any, kind: Head, max_rows: int) -> None:
        super().__init__()
        self.network = network
        self.kind = kind
        self.max_rows = max_rows
        self._select = network.model[-1].postprocess
        network.model[-1].postprocess = _keep_anchors

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        head = self.network(images.permute(0, 3, 1, 2).float() / 255)
        if self.kind == "nms_free":
            return self._select(head), head.permute(0, 2, 1)
        return self._best_rows(head), head

    def _best_rows(self, head: torch.Tensor) -> torch.Tensor:
        boxes, scores = head[:, :4], head[:, 4:]
        best, class_ids = scores.max(dim=1)
        best, anchors = best.topk(self.max_rows, dim=1)
        boxes = boxes.gather(2, anchors[:, None].expand(-1, 4, -1)).permute(0, 2, 1)
        return torch.cat([boxes, best[..., None], class_ids.gather(1, anchors)[..., None].float()], dim=2)


def build_graph(library: Any, options: YoloOptions) -> DetectorGraph:
    """Raises Unsupported where the network does not fit the options."""
    network = copy.deepcopy(library.model).cpu().float().eval()
    strides = [int(stride) for stride in network.stride]
    if options.height % max(strides) or options.width % max(strides):
        raise Unsupported(
            f"--imgsz must be a multiple of {max(strides)}, not {options.height}x{options.width}"
        )
    kind = _choose_head(network.model[-1], options.head)
    network.end2end = kind == "nms_free"
    network.fuse(verbose=False)
    anchors = sum((options.height // stride) * (options.width // stride) for stride in strides)
    max_rows = min(MAX_ROWS, anchors)
    network.set_head_attr(export=True, format="onnx", xyxy=True, shape=None, dynamic=False, max_det=max_rows)
    graph = DetectorGraph(network, kind, max_rows).eval()
    with torch.no_grad():
        graph(blank_input(options))  # fixes the anchors, so that they become constants of the graph
    return graph


def blank_input(options: YoloOptions) -> torch.Tensor:
    """Two black pictures."""
    return torch.zeros(2, options.height, options.width, 3, dtype=torch.uint8)


def _choose_head(head: Any, wanted: str) -> Head:
    has_nms_free = getattr(head, "one2one_cv2", None) is not None
    if wanted == "nms_free" and not has_nms_free:
        raise Unsupported("this network has no NMS-free head: use --head raw")
    if wanted == "raw" and head.cv2 is None:
        raise Unsupported("this checkpoint was fused to its NMS-free head: use --head nms-free")
    return "nms_free" if has_nms_free and wanted != "raw" else "raw"


def _keep_anchors(predictions: torch.Tensor) -> torch.Tensor:
    return predictions
