"""Graphs whose learnt operators compute in 8-bit integers (int8), for CPUs.

Weights get 7 of the 8 bits and a scale for each output channel: on CPUs without VNNI pairs of full 8-bit
products overflow, and the figures of one machine would not hold on another.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy.typing as npt
import onnx
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_dynamic,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process

from export.ends import find_ends, is_convolutional

BETWEEN = [
    "Add",
    "Concat",
    "GlobalAveragePool",
    "MaxPool",
    "Mul",
    "Relu",
    "Resize",
    "Sigmoid",
    "Slice",
    "Split",
]
"""Operators between convolutions: as integers they save the way to floats and back."""


def write_int8(source: Path, target: Path, inputs: Sequence[npt.NDArray[Any]]) -> str:
    """Returns how: "static" for convolutional graphs, their ranges from `inputs` (1, ...); else "dynamic".

    The ends stay in fp32: they are little work, and what is rounded there shows most.
    """
    with tempfile.TemporaryDirectory() as scratch, _quiet():
        ready = Path(scratch) / "ready.onnx"
        quant_pre_process(str(source), str(ready), skip_symbolic_shape=True)
        graph = onnx.load(str(ready)).graph
        if not is_convolutional(graph):
            _write_dynamic(ready, target)
            return "dynamic"
        ends = find_ends(graph)
        spared = ends.stem | ends.feeders | ends.tail
        _write_static(ready, target, _Inputs(graph.input[0].name, inputs), sorted(spared))
        return "static"


def _write_dynamic(source: Path, target: Path) -> None:
    """Multiplications by weights; the range of the other side is taken from each batch."""
    quantize_dynamic(
        str(source),
        str(target),
        op_types_to_quantize=["MatMul", "Gemm"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
    )


def _write_static(source: Path, target: Path, inputs: CalibrationDataReader, spared: list[str]) -> None:
    quantize_static(
        str(source),
        str(target),
        inputs,
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["Conv", "Gemm", "MatMul", *BETWEEN],
        per_channel=True,
        reduce_range=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=spared,
        calibrate_method=CalibrationMethod.MinMax,
        extra_options={"MatMulConstBOnly": True},  # attention multiplies values by values: these stay
    )


class _Inputs(CalibrationDataReader):
    def __init__(self, name: str, inputs: Sequence[npt.NDArray[Any]]) -> None:
        self._feeds = iter([{name: array} for array in inputs])

    def get_next(self) -> dict[str, npt.NDArray[Any]] | None:
        return next(self._feeds, None)


@contextmanager
def _quiet() -> Iterator[None]:
    """The quantizer speaks to the root logger about what it leaves as it is."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
