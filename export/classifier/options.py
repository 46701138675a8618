"""Which classifier to export."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

Library: TypeAlias = Literal["timm", "torchvision"]


@dataclass(frozen=True, slots=True)
class ClassifierOptions:
    """What to export.

    Attributes:
        model: a name in the library; with timm also hf-hub:OWNER/NAME or local-dir:FOLDER.
        weights: a file of weights or, with torchvision, the name of published ones. None means the library's
            pretrained ones.
        labels: a file that names the classes; None means those that come with the checkpoint.
        size: (height, width) of the input; None means what the checkpoint is tested with.
        license: of the weights; empty means what the checkpoint states.
    """

    model: str
    name: str
    library: Library = "timm"
    weights: str | None = None
    labels: Path | None = None
    size: tuple[int, int] | None = None
    license: str = ""
    source: str = ""
