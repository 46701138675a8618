"""Makes `import torchvision` work where its compiled part does not load.

PyPI's torchvision is built for CUDA; beside a CPU-only torch its extension cannot be loaded, and the import
stops with "operator torchvision::nms does not exist". Ultralytics, timm and open_clip need the import and, of
the operators, `nms` alone. Where the extension loads, nothing is changed.
"""

from __future__ import annotations

import functools
import importlib
import importlib.machinery
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import torch


@functools.cache
def apply() -> torch.library.Library | None:
    """Register a CPU `nms` where torchvision has none; call before importing ultralytics, timm or open_clip.

    Returns the library that holds the operator (the cache keeps it alive), or None where none was needed.
    """
    if _extension_loads():
        return None
    make: Callable[..., torch.library.Library] = torch.library.Library
    library: Any = make("torchvision", "FRAGMENT")
    library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    library.impl("nms", nms, "CPU")
    for module in ("torchvision.extension", "torchvision.ops.boxes"):
        setattr(importlib.import_module(module), "_assert_has_ops", _assert_nothing)  # noqa: B010
    return cast(torch.library.Library, library)


def nms(boxes_xyxy: torch.Tensor, scores: torch.Tensor, iou_threshold: float) -> torch.Tensor:
    """Indices (K,) of the boxes (N, 4) that greedy non-maximum suppression keeps, best score first."""
    rest = scores.argsort(descending=True, stable=True)
    areas = (boxes_xyxy[:, 2] - boxes_xyxy[:, 0]) * (boxes_xyxy[:, 3] - boxes_xyxy[:, 1])
    kept = []
    while rest.numel():
        best, rest = rest[0], rest[1:]
        kept.append(best)
        upper_left = torch.maximum(boxes_xyxy[best, :2], boxes_xyxy[rest, :2])
        lower_right = torch.minimum(boxes_xyxy[best, 2:], boxes_xyxy[rest, 2:])
        shared = (lower_right - upper_left).clamp(min=0).prod(dim=1)
        rest = rest[shared / (areas[best] + areas[rest] - shared) <= iou_threshold]
    return torch.stack(kept) if kept else torch.empty(0, dtype=torch.int64)


def _extension_loads() -> bool:
    spec = importlib.util.find_spec("torchvision")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("torchvision is not installed")
    folder = Path(spec.origin).parent
    candidates = [folder / f"_C{suffix}" for suffix in importlib.machinery.EXTENSION_SUFFIXES]
    return any(_loads(path) for path in candidates if path.exists())


def _loads(path: Path) -> bool:
    load: Callable[[str], object] = torch.ops.load_library
    try:
        load(str(path))
    except OSError:
        return False
    return True


def _assert_nothing() -> None:
    pass
