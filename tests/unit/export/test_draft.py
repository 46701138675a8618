from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from domain.errors import ArtifactError
from export import draft
from models.golden import Golden
from models.manifest import ImagePreprocessing, Manifest
from models.parity import bounds

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


def test_finish_writes_what_a_server_loads(tmp_path: Path) -> None:
    (tmp_path / "detector.onnx").write_bytes(b"graph")
    figures = {name: np.float32(max(bound.at_least, 0) * 1.01) for name, bound in bounds("detect").items()}
    artifact = draft.finish(tmp_path, MANIFEST, figures, GOLDEN)
    assert sorted(artifact.manifest.files) == ["detector.onnx", "golden.npz"]
    assert artifact.golden("detector").outputs.tolist() == [[1, 1, 1]]


def test_finish_refuses_figures_that_do_not_hold(tmp_path: Path) -> None:
    (tmp_path / "detector.onnx").write_bytes(b"graph")
    with pytest.raises(ArtifactError, match="pictures is missing"):
        draft.finish(tmp_path, MANIFEST, {}, GOLDEN)
