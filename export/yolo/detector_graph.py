"""The graph of a YOLO detector: normalisation and the choice of the best rows inside, NMS outside."""

from __future__ import annotations

import copy
from typing import Any, ClassVar

import torch

from export.best_rows import best_rows, take
from export.detector_parity import MAX_ROWS
from export.errors import Unsupported
from export.yolo.checkpoint import Size, YoloOptions, blank_input, require_multiple
from models.manifest import Head


class DetectorGraph(torch.nn.Module):
    """Pictures (N, H, W, 3) uint8 in; rows (N, K, 6) and the head (N, 4 + classes, anchors) out.

    Rows are [x1, y1, x2, y2, score, class], in pixels of the input, scores 0 to 1. The head is what they are
    chosen from.
    """

    outputs: ClassVar[tuple[str, ...]] = ("rows", "head")

    def __init__(self, network: Any, kind: Head, max_rows: int) -> None:
        super().__init__()
        self.network = network
        self.kind = kind
        self.max_rows = max_rows
        network.model[-1].postprocess = _keep_anchors

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, ...]:
        head = self._channels_first(self._run(images))
        return self._choose(head)[0], head

    def _run(self, images: torch.Tensor) -> Any:
        return self.network(images.permute(0, 3, 1, 2).float() / 255)

    def _channels_first(self, head: torch.Tensor) -> torch.Tensor:
        return head.permute(0, 2, 1) if self.kind == "nms_free" else head

    def _choose(self, head: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Rows (N, K, 6) and the anchors (N, K) that they come from."""
        if self.kind == "raw":
            return best_rows(head, self.max_rows)
        boxes, scores = head[:, :4], head[:, 4:]
        library = self.network.model[-1]
        best, class_ids, anchors = library.get_topk_index(scores.permute(0, 2, 1), self.max_rows)
        return torch.cat([take(boxes, anchors, 4), best, class_ids], dim=2), anchors


def build_graph(
    library: Any, options: YoloOptions, size: Size, graph_type: type[DetectorGraph] = DetectorGraph
) -> DetectorGraph:
    """Raises Unsupported where the network does not fit the options."""
    network = copy.deepcopy(library.model).cpu().float().eval()
    strides = [int(stride) for stride in network.stride]
    require_multiple(size, max(strides))
    kind = _choose_head(network.model[-1], options.head)
    network.end2end = kind == "nms_free"
    network.fuse(verbose=False)
    anchors = sum((size[0] // stride) * (size[1] // stride) for stride in strides)
    max_rows = min(MAX_ROWS, anchors)
    network.set_head_attr(export=True, format="onnx", xyxy=True, shape=None, dynamic=False, max_det=max_rows)
    graph = graph_type(network, kind, max_rows).eval()
    with torch.no_grad():
        graph(blank_input(size))  # fixes the anchors, so that they become constants of the graph
    return graph


def _choose_head(head: Any, wanted: str | None) -> Head:
    has_nms_free = getattr(head, "one2one_cv2", None) is not None
    if wanted == "nms_free" and not has_nms_free:
        raise Unsupported("this network has no NMS-free head: use --head raw")
    if wanted == "raw" and head.cv2 is None:
        raise Unsupported("this checkpoint was fused to its NMS-free head: use --head nms-free")
    return "nms_free" if has_nms_free and wanted != "raw" else "raw"


def _keep_anchors(predictions: torch.Tensor) -> torch.Tensor:
    return predictions
