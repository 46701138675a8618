"""An ultralytics checkpoint, or a network that is built from a yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import torch

from export import torchvision_fix
from export.errors import Unsupported
from models.tolerance import Precision

Size: TypeAlias = tuple[int, int]
"""Height and width of an input, in pixels."""

HEADS: Mapping[str, tuple[str, ...]] = {
    "detect": ("Detect", "v10Detect"),
    "segment": ("Segment", "Segment26"),
    "classify": ("Classify",),
}
"""Classes of the last layer that can be exported, by ultralytics' name of the task."""


@dataclass(frozen=True, slots=True)
class YoloOptions:
    """What to export and how. What is None was not asked for.

    Attributes:
        checkpoint: a .pt file or the name of a yaml.
        size: of the input; None means 640 x 640, or what it was trained with for a classifier.
        head: "auto" means NMS-free where the network has that head.
        ignore: labels that are never reported, beside one called "ignore".
        min_score: detections below it are not reported, unless the server or a call says otherwise; None
            means 0.25.
        no_masks: only the boxes of a segmenter.
        precision: what the export is to be converted to.
    """

    checkpoint: str
    name: str
    size: Size | None = None
    head: Literal["auto", "raw", "nms_free"] | None = None
    license: str = "AGPL-3.0"
    source: str = ""
    ignore: tuple[str, ...] | None = None
    min_score: float | None = None
    no_masks: bool = False
    precision: Precision = "fp32"

    @property
    def source_text(self) -> str:
        """What the manifest says of where the weights come from."""
        return self.source or f"ultralytics {Path(self.checkpoint).name}"


def load_checkpoint(checkpoint: str) -> Any:
    """The `ultralytics.YOLO` of a checkpoint. A yaml has random weights, the same each time.

    Raises:
        Unsupported: it does not exist, cannot be loaded, or is neither detector, segmenter nor classifier.
    """
    torchvision_fix.apply()
    from ultralytics import YOLO  # after the fix: it imports torchvision

    if checkpoint.endswith(".pt") and Path(checkpoint).parent != Path() and not Path(checkpoint).is_file():
        raise Unsupported(f"{checkpoint} does not exist")
    torch.manual_seed(0)
    try:
        library = YOLO(checkpoint)
    except Exception as error:  # of many kinds, from pickle to yaml to the network
        raise Unsupported(f"ultralytics cannot load {checkpoint}: {error}") from error
    head = type(getattr(library.model, "model", [library.model])[-1]).__name__
    if head not in HEADS.get(library.task, ()):
        raise Unsupported(
            f"{checkpoint} is for task {library.task!r} ({type(library).__name__} with head {head}); "
            "what can be exported is a YOLO detector, or a -seg or -cls checkpoint"
        )
    return library


def labels_of(library: Any) -> tuple[str, ...]:
    """In the order of the class ids."""
    names = library.names
    return tuple(str(names[index]) for index in sorted(names))


def require_multiple(size: Size, stride: int) -> None:
    """Raises Unsupported where a side of the input is not a multiple of the network's stride."""
    height, width = size
    if height < stride or width < stride or height % stride or width % stride:
        raise Unsupported(f"--imgsz must be a multiple of {stride}, not {height}x{width}")


def blank_input(size: Size) -> torch.Tensor:
    """Two black pictures."""
    return torch.zeros(2, *size, 3, dtype=torch.uint8)
