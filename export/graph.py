"""Torch modules to ONNX files."""

from __future__ import annotations

import warnings
from collections.abc import Collection
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

OPSET = 17
LEAST_HALVED = 4096
"""Weights of fewer numbers are left as they are."""


def write_graph(
    module: torch.nn.Module,
    example: torch.Tensor,
    path: Path,
    *,
    inputs: str,
    outputs: tuple[str, ...],
    any_length: bool = False,
) -> None:
    """Trace a module with one input (N, ...); the first axis of input and outputs stays dynamic.

    With `any_length` the second axis of the input does, too.
    """
    axes = {name: {0: "batch"} for name in (inputs, *outputs)}
    if any_length:
        axes[inputs][1] = "length"
    torch.backends.mha.set_fastpath_enabled(False)  # the fused attention operator has no ONNX form
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the tracer speaks of Python branches, the exporter of its successor
        torch.onnx.export(
            module.eval(),
            (example,),
            str(path),
            input_names=[inputs],
            output_names=list(outputs),
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )
    onnx.checker.check_model(str(path))


def halve_weights(path: Path) -> None:
    """Store the large fp32 weights of a graph as fp16; they are made fp32 again when the graph is loaded.

    The file is half as large, and the graph computes as before, with rounded weights. Weights outside of what
    fp16 can hold are left as they are.
    """
    model = onnx.load(str(path))
    casts = []
    for tensor in model.graph.initializer:
        weights = numpy_helper.to_array(tensor)
        if weights.dtype != np.float32 or weights.size < LEAST_HALVED:
            continue
        if np.abs(weights).max() > np.finfo(np.float16).max:
            continue
        name, stored = tensor.name, f"{tensor.name}_fp16"
        tensor.CopyFrom(numpy_helper.from_array(weights.astype(np.float16), stored))
        casts.append(onnx.helper.make_node("Cast", [stored], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def keep_outputs(source: Path, target: Path, names: Collection[str]) -> None:
    """Copy a graph, leaving only some of its outputs and what they are computed from."""
    model = onnx.load(str(source))
    for output in list(model.graph.output):
        if output.name not in names:
            model.graph.output.remove(output)
    _drop_unneeded(model.graph)
    onnx.checker.check_model(model)
    onnx.save(model, str(target))


def _drop_unneeded(graph: onnx.GraphProto) -> None:
    """Nodes and weights that no output depends on; the nodes are sorted."""
    needed = {output.name for output in graph.output}
    for node in reversed(list(graph.node)):
        if needed.isdisjoint(node.output):
            graph.node.remove(node)
        else:
            needed.update(node.input)
    for tensor in list(graph.initializer):
        if tensor.name not in needed:
            graph.initializer.remove(tensor)
