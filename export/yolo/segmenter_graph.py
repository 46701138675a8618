"""The graph of a YOLO segmenter: a detector's, with what masks are made of."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

import torch

from export.best_rows import take
from export.yolo.detector_graph import DetectorGraph
from models.manifest import Head

SEGMENTER_OUTPUTS = ("rows", "mask_coefficients", "mask_prototypes")


class SegmenterGraph(DetectorGraph):
    """Pictures (N, H, W, 3) uint8 in; rows and head as `DetectorGraph`, and what masks are made of.

    That is coefficients (N, K, M) of the rows, prototypes (N, M, H / 4, W / 4), and the coefficients
    (N, M, anchors) that those of the rows are chosen from. Rows and head depend on no layer of masks.
    """

    outputs: ClassVar[tuple[str, ...]] = ("rows", "head", *SEGMENTER_OUTPUTS[1:], "head_coefficients")

    def __init__(self, network: Any, kind: Head, max_rows: int) -> None:
        from ultralytics.nn.modules import Detect

        super().__init__(network, kind, max_rows)
        head = network.model[-1]
        head.export = False  # so that it also returns the coefficients as they are
        head._inference = partial(Detect._inference, head)  # a segmenter's appends them to boxes and scores

    @property
    def mask_channels(self) -> int:
        """M."""
        return int(self.network.model[-1].nm)

    def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, ...]:
        (predictions, prototypes), raw = self._run(images)
        coefficients = raw.get("one2one", raw)["mask_coefficient"]
        head = self._channels_first(predictions)
        rows, anchors = self._choose(head)
        return rows, head, take(coefficients, anchors, self.mask_channels), prototypes, coefficients
