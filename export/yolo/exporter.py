"""An ultralytics checkpoint to an artifact, by what kind of network it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from domain.types import Pixels
from export.yolo.checkpoint import YoloOptions, load_checkpoint
from export.yolo.classifier import export_classifier
from export.yolo.detector import export_detector
from models.artifact import Artifact


def export_yolo(
    options: YoloOptions, folder: Path, pictures: list[Pixels], report: Callable[[str], None]
) -> Artifact:
    """Write the artifact into an empty folder.

    Raises:
        GateFailure: a parity figure does not hold.
        Unsupported: the network is of another kind, or does not fit the options.
    """
    report(f"loading {options.checkpoint}")
    library = load_checkpoint(options.checkpoint)
    export = export_classifier if library.task == "classify" else export_detector
    return export(library, options, folder, pictures, report)
