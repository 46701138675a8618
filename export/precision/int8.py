"""Graphs whose operators with trained weights compute in 8-bit integers (int8), for CPUs.

Weights use 7 of the 8 bits, with a scale for each output channel. On CPUs without VNNI instructions the sum
of two full 8-bit products overflows, so figures measured on one machine would not hold on another.
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

from export.precision.fp32_nodes import find_fp32_nodes, is_convolutional
from export.progress import tracked

BETWEEN = [
    "Add",
    "Clip",
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
"""Operators between convolutions: in integers they need no conversion to floats and back."""


def write_int8(source: Path, target: Path, inputs: Sequence[npt.NDArray[Any]]) -> str:
    """Returns how it was quantized.

    "static" for convolutional graphs: the ranges of their values come from `inputs`, each (1, ...), and both
    ends stay in fp32. "dynamic" for others: the ranges are taken from each batch at run time.
    """
    with tempfile.TemporaryDirectory() as scratch, _quiet():
        ready = Path(scratch) / "ready.onnx"
        quant_pre_process(str(source), str(ready), skip_symbolic_shape=True)
        graph = onnx.load(str(ready)).graph
        if not is_convolutional(graph):
            _write_dynamic(ready, target)
            return "dynamic"
        excluded = find_fp32_nodes(graph)
        names = excluded.stem | excluded.last_layers | excluded.postprocessing
        _write_static(ready, target, _Calibration(graph.input[0].name, inputs), sorted(names))
        return "static"


def _write_dynamic(source: Path, target: Path) -> None:
    """Quantize multiplications by weights; the range of the other factor is taken from each batch."""
    quantize_dynamic(
        str(source),
        str(target),
        op_types_to_quantize=["MatMul", "Gemm"],
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
    )


def _write_static(source: Path, target: Path, inputs: CalibrationDataReader, excluded: list[str]) -> None:
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
        nodes_to_exclude=excluded,
        calibrate_method=CalibrationMethod.MinMax,
        extra_options={"MatMulConstBOnly": True},  # not the products of two activations, as in attention
    )


class _Calibration(CalibrationDataReader):
    """Feeds the inputs that the ranges are taken from, once."""

    def __init__(self, name: str, inputs: Sequence[npt.NDArray[Any]]) -> None:
        self._feeds = ({name: array} for array in tracked(inputs, "taking ranges", "picture"))

    def get_next(self) -> dict[str, npt.NDArray[Any]] | None:
        return next(self._feeds, None)


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence the quantizer, which warns on the root logger of every operator that it leaves as it is."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
