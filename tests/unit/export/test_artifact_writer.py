from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from export.artifact_writer import write_artifact
from export.errors import GateFailure
from export.gates import bounds
from models.golden import Golden
from models.manifest import Manifest
from models.preprocessing import ImagePreprocessing

MANIFEST = Manifest(
    name="tiny",
    task="detect",
    source="a test",
    license="Apache-2.0",
    image=ImagePreprocessing(32, 32, "letterbox", "bilinear", (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
    opset=17,
    files={},
    parity={},
    labels=("dress",),
    head="raw",
)
GOLDEN = {"detector": Golden(np.zeros((1, 2), np.uint8), np.ones((1, 3), np.float32))}


FIGURES = {name: np.float32((bound.at_least or 0) * 1.01) for name, bound in bounds("detect").items()}


def test_writes_what_a_server_loads(tmp_path: Path) -> None:
    (tmp_path / "detector.onnx").write_bytes(b"graph")
    artifact = write_artifact(tmp_path, MANIFEST, FIGURES, GOLDEN)
    assert sorted(artifact.manifest.files) == ["detector.onnx", "golden.npz"]
    assert artifact.manifest.bounds == bounds("detect")
    assert artifact.golden("detector").outputs.tolist() == [[1, 1, 1]]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda figures: figures.pop("pictures"), "pictures is missing"),
        (lambda figures: figures.update(pictures=7.0), "pictures is 7, must be >= 8"),
        (lambda figures: figures.update(surprise=1.0), "surprise has no bound"),
    ],
)
def test_writes_nothing_where_the_figures_do_not_hold(
    tmp_path: Path, change: Callable[[dict[str, float]], object], complaint: str
) -> None:
    (tmp_path / "detector.onnx").write_bytes(b"graph")
    figures = {name: float(value) for name, value in FIGURES.items()}
    change(figures)
    with pytest.raises(GateFailure, match=complaint):
        write_artifact(tmp_path, MANIFEST, figures, GOLDEN)
    assert [path.name for path in tmp_path.iterdir()] == ["detector.onnx"]
