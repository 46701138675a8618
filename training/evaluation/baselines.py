"""Graphs of well-known models with random weights, to compare latency with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from export import torchvision_fix
from export.clip.image_tower import ImageTower
from export.graph import keep_outputs, write_graph
from export.yolo.detector_graph import DetectorGraph
from models.preprocessing import ImagePreprocessing

VIT = "vit-b-32"
YOLO = "yolov8n"
YOLO_SIDE_PX = 640
MAX_ROWS = 300


def write_baselines(folder: Path) -> None:
    """Write vit-b-32/image.onnx and yolov8n/detector.onnx; their input is (N, H, W, 3) uint8.

    Random weights cannot pass the parity gate of an export, but take as long as trained ones.
    """
    torchvision_fix.apply()
    torch.manual_seed(0)
    write_vit(folder / VIT / "image.onnx")
    write_yolo(folder / YOLO / "detector.onnx")


def write_vit(path: Path) -> None:
    """Write the image tower of open_clip's ViT-B-32 at 224 px."""
    import open_clip  # after the fix: it imports torchvision

    path.parent.mkdir(parents=True, exist_ok=True)
    settings = ImagePreprocessing(
        224, 224, "square-pad-reflect", "bicubic", (0.481, 0.458, 0.408), (0.269, 0.261, 0.276)
    )
    tower = ImageTower(open_clip.create_model("ViT-B-32").eval(), settings).eval()
    write_graph(tower, _blank(224), path, inputs="images", outputs=("embeddings",))


def write_yolo(path: Path) -> None:
    """Write ultralytics' YOLOv8n at 640 px for the 80 classes of COCO, best class of every anchor."""
    import ultralytics  # after the fix: it imports torchvision

    path.parent.mkdir(parents=True, exist_ok=True)
    network: Any = ultralytics.YOLO("yolov8n.yaml").model.float().eval()
    network.fuse(verbose=False)
    network.set_head_attr(export=True, format="onnx", xyxy=True, shape=None, dynamic=False, max_det=MAX_ROWS)
    graph = DetectorGraph(network, "raw", MAX_ROWS).eval()
    with torch.no_grad():
        graph(_blank(YOLO_SIDE_PX))  # fixes the anchors, so that they become constants of the graph
    full = path.with_suffix(".full.onnx")
    write_graph(graph, _blank(YOLO_SIDE_PX), full, inputs="images", outputs=("rows", "head"))
    keep_outputs(full, path, ("rows",))
    full.unlink()


def _blank(side_px: int) -> torch.Tensor:
    return torch.zeros(2, side_px, side_px, 3, dtype=torch.uint8)
