"""An ultralytics checkpoint, or a network that is built from a yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch

from export import torchvision_fix
from export.errors import Unsupported


@dataclass(frozen=True, slots=True)
class YoloOptions:
    """What to export and how.

    Attributes:
        checkpoint: a .pt file or the name of a yaml.
        head: "auto" means NMS-free where the network has that head.
        ignore: labels that are never reported, beside one called "ignore".
        min_score: detections below it are not reported, unless the server or a call says otherwise.
    """

    checkpoint: str
    name: str
    height: int = 640
    width: int = 640
    head: Literal["auto", "raw", "nms_free"] = "auto"
    license: str = "AGPL-3.0"
    source: str = ""
    ignore: tuple[str, ...] = ()
    min_score: float = 0.25

    @property
    def source_text(self) -> str:
        """What the manifest says of where the weights come from."""
        return self.source or f"ultralytics {Path(self.checkpoint).name}"


def load_checkpoint(checkpoint: str) -> Any:
    """The `ultralytics.YOLO` of a checkpoint. A yaml has random weights, the same each time.

    Raises:
        Unsupported: it does not exist, cannot be loaded, or is no detector.
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
    head = getattr(library.model, "model", [None])[-1]
    if library.task != "detect" or not hasattr(head, "postprocess"):
        raise Unsupported(
            f"{checkpoint} is a {library.task} model ({type(head).__name__}), not a YOLO detector"
        )
    return library


def labels_of(library: Any) -> tuple[str, ...]:
    """In the order of the class ids."""
    names = library.names
    return tuple(str(names[index]) for index in sorted(names))
