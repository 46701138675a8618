"""A graph run without onnxruntime's optimizations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy.typing as npt
import onnxruntime


class UnoptimizedSession:
    """A session that runs a graph operator by operator.

    It computes the same as `OnnxSession` but rounds at other places, as another machine may.
    """

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    @property
    def provider(self) -> str:
        return "cpu"

    @property
    def ready(self) -> bool:
        return True

    def run(self, inputs: npt.NDArray[Any], *, exclusive: bool = False) -> tuple[npt.NDArray[Any], ...]:
        return tuple(self._session.run(None, {self._session.get_inputs()[0].name: inputs}))

    def shrink_arena(self, inputs: npt.NDArray[Any]) -> None:
        """Nothing: the session keeps no memory between runs."""

    def close(self) -> None:
        """Does nothing: the graph is freed with the last reference to it."""
