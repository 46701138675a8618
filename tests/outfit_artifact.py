"""A small scorer of outfits, as an artifact: the first components of the embeddings say the score."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from domain.garment_types import Slot
from models.bound import Bound
from models.manifest import Manifest, file_sha256
from models.preprocessing import ImagePreprocessing
from models.session import OnnxSession

SLOTS = tuple(slot.value for slot in Slot)
MAX_ITEMS = 12


def write_outfit_scorer(
    folder: Path, width: int = 4, *, embedder: str = "tiny-embedder", max_items: int = MAX_ITEMS
) -> Path:
    """An artifact whose probability is a sigmoid of the sum, over a set, of the first components."""
    folder.mkdir()
    row = width + len(SLOTS)
    _write_graph(folder / "outfit.onnx", width, row, max_items)
    sets = np.zeros((2, max_items, row), np.float32)
    sets[:, 0, 0], sets[:, 0, width] = (0.5, -0.5), 1.0
    (outputs,) = OnnxSession(folder / "outfit.onnx").run(sets)
    np.savez(folder / "golden.npz", outfit_inputs=sets, outfit_outputs=outputs)
    manifest = Manifest(
        name="tiny-scorer",
        task="score",
        source="written by a test",
        license="Apache-2.0",
        image=ImagePreprocessing(8, 8, "squash", "bilinear", (0.0,) * 3, (1.0,) * 3),
        opset=17,
        files={path.name: file_sha256(path) for path in folder.iterdir()},
        parity={"sets": 8.0},
        bounds={"sets": Bound(at_least=8)},
        embedder=embedder,
        slots=SLOTS,
        max_items=max_items,
        embedding_width=width,
    )
    (folder / "manifest.json").write_text(manifest.to_json())
    return folder


def _write_graph(path: Path, width: int, row: int, max_items: int) -> None:
    first = np.zeros((row, 1), np.float32)
    first[0] = 1.0
    embeddings = np.eye(row, width, dtype=np.float32)
    nodes = [
        helper.make_node("Constant", [], ["first"], value=numpy_helper.from_array(first)),
        helper.make_node("Constant", [], ["embeddings"], value=numpy_helper.from_array(embeddings)),
        helper.make_node("Constant", [], ["items"], value=numpy_helper.from_array(np.array([1], np.int64))),
        helper.make_node("ReduceSum", ["sets", "items"], ["sum"], keepdims=0),
        helper.make_node("MatMul", ["sum", "first"], ["logit"]),
        helper.make_node("Sigmoid", ["logit"], ["probability"]),
        helper.make_node("MatMul", ["sum", "embeddings"], ["found"]),
        helper.make_node("LpNormalization", ["found"], ["missing"], axis=1, p=2),
        helper.make_node("Concat", ["probability", "missing"], ["scores"], axis=1),
    ]
    sets = helper.make_tensor_value_info("sets", TensorProto.FLOAT, ["n", max_items, row])
    scores = helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n", 1 + width])
    graph = helper.make_graph(nodes, "tiny", [sets], [scores])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, str(path))
