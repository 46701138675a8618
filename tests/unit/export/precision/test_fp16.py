from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto

from export.precision.fp16 import write_fp16, write_rounded
from export.precision.fp32_nodes import find_fp32_nodes
from models.agreement import cosines
from models.session import OnnxSession

Write = Callable[[torch.nn.Module], Path]


@pytest.fixture(params=["convolutions", "attention"])
def case(request: pytest.FixtureRequest, write: Write) -> tuple[Path, np.ndarray]:
    """A graph and inputs for it."""
    inputs = request.getfixturevalue("images" if request.param == "convolutions" else "tokens")
    return write(request.getfixturevalue(request.param)), inputs.numpy()


@pytest.mark.parametrize("write_lower", [write_fp16, write_rounded])
def test_answers_nearly_as_before(
    case: tuple[Path, np.ndarray], tmp_path: Path, write_lower: Callable[[Path, Path], None]
) -> None:
    source, inputs = case
    write_lower(source, tmp_path / "lower.onnx")
    (before,), (after,) = (OnnxSession(path).run(inputs) for path in (source, tmp_path / "lower.onnx"))
    assert after.dtype == np.float32
    assert cosines(before, after).min() > 0.99999
    assert not np.array_equal(before, after)


def test_runs_more_than_once(case: tuple[Path, np.ndarray], tmp_path: Path) -> None:
    source, inputs = case
    write_fp16(source, tmp_path / "half.onnx")
    session = OnnxSession(tmp_path / "half.onnx")
    answers = [session.run(inputs[:count])[0][:1] for count in (1, 12, 3, 12)]
    assert all(answer == pytest.approx(answers[0], abs=1e-3) for answer in answers)


def test_weights_are_halved_inputs_outputs_and_postprocessing_are_not(
    case: tuple[Path, np.ndarray], tmp_path: Path
) -> None:
    source, _ = case
    write_fp16(source, tmp_path / "half.onnx")
    before, after = onnx.load(str(source)).graph, onnx.load(str(tmp_path / "half.onnx")).graph
    for side in ("input", "output"):
        (was,), (now,) = getattr(before, side), getattr(after, side)
        assert (now.name, now.type.tensor_type.elem_type) == (was.name, was.type.tensor_type.elem_type)
    large = [tensor for tensor in after.initializer if len(tensor.dims) > 1]
    assert {tensor.data_type for tensor in large} == {TensorProto.FLOAT16}
    types = {value.name: value.type.tensor_type.elem_type for value in _inferred(after).value_info}
    norm = next(node for node in after.node if node.op_type == "ReduceL2")
    assert norm.name in find_fp32_nodes(before).postprocessing
    assert types[norm.output[0]] == TensorProto.FLOAT


def test_nothing_goes_through_fp16_in_the_postprocessing(
    case: tuple[Path, np.ndarray], tmp_path: Path
) -> None:
    source, inputs = case
    write_fp16(source, tmp_path / "half.onnx")
    graph = onnx.load(str(tmp_path / "half.onnx")).graph
    postprocessing = find_fp32_nodes(onnx.load(str(source)).graph).postprocessing
    made_by = {name: node for node in graph.node for name in node.output}
    assert made_by[graph.output[0].name].name in postprocessing
    for node in graph.node:
        before = [made_by[name] for name in node.input if name in made_by]
        assert (
            node.op_type != "Cast"
            or node.name in postprocessing
            or not postprocessing & {b.name for b in before}
        )
    (embeddings,) = OnnxSession(tmp_path / "half.onnx").run(inputs)
    assert np.linalg.norm(embeddings, axis=1) == pytest.approx(np.ones(len(inputs)), abs=1e-6)


def test_overflow_shows_in_the_rounded_graph_alone(
    write: Write, overflowing: torch.nn.Module, images: torch.Tensor, tmp_path: Path
) -> None:
    """On a CPU an fp16 graph is computed in fp32, which is why the rounded one is needed."""
    source = write(overflowing)
    write_rounded(source, tmp_path / "rounded.onnx")
    (before,), (after,) = (OnnxSession(p).run(images.numpy()) for p in (source, tmp_path / "rounded.onnx"))
    assert np.isfinite(before).all()
    assert not cosines(before, after).min() > 0.9


def _inferred(graph: onnx.GraphProto) -> onnx.GraphProto:
    opsets = [onnx.helper.make_opsetid("", 17)]
    return onnx.shape_inference.infer_shapes(onnx.helper.make_model(graph, opset_imports=opsets)).graph
