"""A small Siamese network as an artifact: the embedding of a picture is the direction of its mean colour."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

from models.bound import Bound
from models.manifest import Manifest, file_sha256
from models.preprocessing import ImagePreprocessing
from models.session import OnnxSession

SIDE = 16


def write_siamese(folder: Path) -> Path:
    """An artifact of embeddings (3,): red pictures lie together, and far from green ones."""
    folder.mkdir()
    _write_graph(folder / "siamese.onnx")
    pictures = np.random.default_rng(1).integers(1, 256, (2, SIDE, SIDE, 3), np.uint8)
    (outputs,) = OnnxSession(folder / "siamese.onnx").run(pictures)
    np.savez(folder / "golden.npz", siamese_inputs=pictures, siamese_outputs=outputs)
    manifest = Manifest(
        name="tiny-pairs",
        task="compare",
        source="written by a test",
        license="Apache-2.0",
        image=ImagePreprocessing(SIDE, SIDE, "squash", "bilinear", (0.0,) * 3, (1.0,) * 3),
        opset=17,
        files={path.name: file_sha256(path) for path in folder.iterdir()},
        parity={"pictures": 8.0},
        bounds={"pictures": Bound(at_least=8)},
        embedding_width=3,
    )
    (folder / "manifest.json").write_text(manifest.to_json())
    return folder


def _write_graph(path: Path) -> None:
    nodes = [
        helper.make_node("Cast", ["images"], ["pixels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["pixels"], ["means"], axes=[1, 2], keepdims=0),
        helper.make_node("LpNormalization", ["means"], ["embeddings"], axis=1, p=2),
    ]
    images = helper.make_tensor_value_info("images", TensorProto.UINT8, ["n", SIDE, SIDE, 3])
    embeddings = helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ["n", 3])
    graph = helper.make_graph(nodes, "tiny", [images], [embeddings])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(path))
