from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from export.precision.int8 import write_int8
from models.agreement import cosines
from models.session import OnnxSession

Write = Callable[[torch.nn.Module], Path]


def count(path: Path, kind: str) -> int:
    return sum(node.op_type == kind for node in onnx.load(str(path)).graph.node)


def test_convolutions_get_fixed_ranges_but_for_the_ends(
    write: Write, convolutions: torch.nn.Module, images: torch.Tensor, tmp_path: Path
) -> None:
    source, target = write(convolutions), tmp_path / "int8.onnx"
    assert write_int8(source, target, [image[None].numpy() for image in images]) == "static"
    graph = onnx.load(str(target)).graph
    dequantized = {name for node in graph.node if node.op_type == "DequantizeLinear" for name in node.output}
    inside = {node.name: node.input[1] in dequantized for node in graph.node if node.op_type == "Conv"}
    assert inside == {"/stem/Conv": False, "/inner/Conv": True, "/last/Conv": False}
    (before,), (after,) = (OnnxSession(path).run(images.numpy()) for path in (source, target))
    assert 0.99 < cosines(before, after).min() < 0.9999999


def test_ranges_come_from_the_inputs(
    write: Write, convolutions: torch.nn.Module, images: torch.Tensor, tmp_path: Path
) -> None:
    source, target = write(convolutions), tmp_path / "int8.onnx"
    dark = (images // 64).numpy()
    write_int8(source, target, [image[None] for image in dark])
    (before,), (after,) = (OnnxSession(path).run(images.numpy()) for path in (source, target))
    write_int8(source, target, [image[None].numpy() for image in images])
    (better,) = OnnxSession(target).run(images.numpy())
    assert cosines(before, after).min() < cosines(before, better).min()


def test_transformers_get_integer_multiplications(
    write: Write, attention: torch.nn.Module, tokens: torch.Tensor, tmp_path: Path
) -> None:
    source, target = write(attention), tmp_path / "int8.onnx"
    assert write_int8(source, target, []) == "dynamic"
    assert count(target, "MatMulInteger") == 3  # in, out, and the last
    (before,), (after,) = (OnnxSession(path).run(tokens.numpy()) for path in (source, target))
    assert 0.99 < cosines(before, after).min() < 0.9999999


def test_weights_keep_to_seven_bits(write: Write, attention: torch.nn.Module, tmp_path: Path) -> None:
    write_int8(write(attention), tmp_path / "int8.onnx", [])
    weights = [
        onnx.numpy_helper.to_array(tensor)
        for tensor in onnx.load(str(tmp_path / "int8.onnx")).graph.initializer
        if tensor.data_type == onnx.TensorProto.INT8 and len(tensor.dims) == 2
    ]
    assert len(weights) == 3
    assert max(int(np.abs(each.astype(int)).max()) for each in weights) <= 64


def test_the_log_is_left_as_it_was(
    write: Write, attention: torch.nn.Module, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_int8(write(attention), tmp_path / "int8.onnx", [])
    assert not caplog.records
    logging.getLogger("another").warning("still heard")
    assert [record.message for record in caplog.records] == ["still heard"]
