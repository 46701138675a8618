"""A small classifier of seeded random weights, as an artifact."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from models.bound import Bound
from models.manifest import Manifest, file_sha256
from models.preprocessing import ImagePreprocessing
from models.session import OnnxSession

SIDE = 32
LABELS = ("Tee, undershirt", "gowns", "sneaker", "umbrella", "lampshade")
"""Of these the taxonomy names the first three: t-shirt, dress and shoes."""


def write_classifier(
    folder: Path, labels: tuple[str, ...] = LABELS, *, seed: int = 0, name: str = "tiny-classifier"
) -> Path:
    """An artifact whose probabilities depend on the colours in sixteen parts of the picture."""
    folder.mkdir()
    _write_graph(folder / "classifier.onnx", len(labels), seed)
    pictures = np.random.default_rng(1).integers(0, 256, (2, SIDE, SIDE, 3), np.uint8)
    (outputs,) = OnnxSession(folder / "classifier.onnx").run(pictures)
    np.savez(folder / "golden.npz", classifier_inputs=pictures, classifier_outputs=outputs)
    manifest = Manifest(
        name=name,
        task="classify",
        source="written by a test",
        license="Apache-2.0",
        image=ImagePreprocessing(
            SIDE, SIDE, "shortest", "bilinear", (0.0, 0.0, 0.0), (1.0, 1.0, 1.0), resize_size=(36, 36)
        ),
        opset=17,
        files={path.name: file_sha256(path) for path in folder.iterdir()},
        parity={"pictures": 8.0},
        bounds={"pictures": Bound(at_least=8)},
        labels=labels,
    )
    (folder / "manifest.json").write_text(manifest.to_json())
    return folder


def _write_graph(path: Path, classes: int, seed: int) -> None:
    weights = np.random.default_rng(seed).normal(0, 0.02, (48, classes)).astype(np.float32)
    nodes = [
        helper.make_node("Constant", [], ["weights"], value=numpy_helper.from_array(weights)),
        helper.make_node("Cast", ["images"], ["pixels"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["pixels"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node(
            "AveragePool", ["planes"], ["means"], kernel_shape=[SIDE // 4] * 2, strides=[SIDE // 4] * 2
        ),
        helper.make_node("Flatten", ["means"], ["rows"]),
        helper.make_node("MatMul", ["rows", "weights"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
    ]
    images = helper.make_tensor_value_info("images", TensorProto.UINT8, ["n", SIDE, SIDE, 3])
    outputs = helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", classes])
    graph = helper.make_graph(nodes, "tiny", [images], [outputs])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, str(path))
