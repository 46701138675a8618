"""Torch modules to ONNX files."""

from __future__ import annotations

import warnings
from collections.abc import Collection
from pathlib import Path

import onnx
import torch

OPSET = 17


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
