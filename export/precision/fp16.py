"""Graphs in half precision (fp16), and how a GPU rounds in them.

Half precision has 11 bits, which are steps of 0.5 for box corners beyond 512 px. So the postprocessing inside
the graph stays in fp32.
"""

from __future__ import annotations

from graphlib import TopologicalSorter
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.transformers.float16 import DEFAULT_OP_BLOCK_LIST, convert_float_to_float16

from domain.types import FloatArray
from export.precision.fp32_nodes import find_fp32_nodes

LARGEST = 65504.0


def write_fp16(source: Path, target: Path) -> None:
    """Weights and values in fp16, postprocessing in fp32; inputs and outputs keep their types."""
    model = onnx.load(str(source))
    postprocessing = find_fp32_nodes(model.graph).postprocessing
    model = convert_float_to_float16(
        model,
        keep_io_types=True,
        # Its fp16 kernel on the CPU writes beyond its memory (onnxruntime issue 27768, seen in 1.31).
        op_block_list=[*DEFAULT_OP_BLOCK_LIST, "LayerNormalization"],
        node_block_list=sorted(postprocessing),
    )
    _drop_duplicates(model.graph)
    _drop_round_trips(model.graph)
    _sort(model.graph)
    _reshape_after_transposes(model.graph)
    onnx.checker.check_model(model)
    onnx.save(model, str(target))


def write_rounded(source: Path, target: Path) -> None:
    """The fp32 graph with every weight and value before its postprocessing rounded to fp16, as on a GPU.

    On a CPU onnxruntime computes an fp16 graph in fp32, which hides what rounding and overflow do.
    """
    model = onnx.load(str(source))
    graph = model.graph
    postprocessing = find_fp32_nodes(graph).postprocessing
    halved = {name for node in graph.node if node.name not in postprocessing for name in node.input}
    for tensor in graph.initializer:
        if tensor.name in halved and tensor.data_type == TensorProto.FLOAT:
            tensor.CopyFrom(numpy_helper.from_array(_rounded(numpy_helper.to_array(tensor)), tensor.name))
    floats = _float_values(onnx.shape_inference.infer_shapes(model).graph)
    nodes = []
    for node in graph.node:
        rounded = [] if node.name in postprocessing else [name for name in node.output if name in floats]
        nodes += [node, *(cast for name in rounded for cast in _round(node, name))]
    del graph.node[:]
    graph.node.extend(nodes)
    onnx.save(model, str(target))


def _rounded(values: FloatArray) -> FloatArray:
    return np.asarray(np.clip(values, -LARGEST, LARGEST).astype(np.float16), dtype=np.float32)


def _float_values(graph: onnx.GraphProto) -> set[str]:
    values = (*graph.value_info, *graph.output)
    return {value.name for value in values if value.type.tensor_type.elem_type == TensorProto.FLOAT}


def _round(node: onnx.NodeProto, name: str) -> list[onnx.NodeProto]:
    """Two casts after an output, which is renamed so that the second cast can carry its name."""
    exact, half = f"{name}_exact", f"{name}_half"
    node.output[list(node.output).index(name)] = exact
    return [
        helper.make_node("Cast", [exact], [half], name=half, to=TensorProto.FLOAT16),
        helper.make_node("Cast", [half], [name], name=f"{name}_rounded", to=TensorProto.FLOAT),
    ]


def _drop_duplicates(graph: onnx.GraphProto) -> None:
    """The converter adds a cast for every operator that needs one, all with the same output: keep one."""
    made: set[str] = set()
    for node in list(graph.node):
        if made.isdisjoint(node.output):
            made.update(node.output)
        else:
            graph.node.remove(node)


def _drop_round_trips(graph: onnx.GraphProto) -> None:
    """Connect directly what the converter connects through fp16: fp32 operators, and an output."""
    added = [node for node in graph.node if node.name.endswith("_cast_to_fp16_node")]
    halves = {node.output[0]: node.input[0] for node in added}
    outputs = {value.name for value in graph.output}
    names: dict[str, str] = {}
    for node in list(graph.node):
        if _is_cast_to_float(node) and node.input[0] in halves:
            origin = halves[node.input[0]]
            names |= {origin: node.output[0]} if node.output[0] in outputs else {node.output[0]: origin}
            graph.node.remove(node)
    for node in graph.node:
        for tensors in (node.input, node.output):
            tensors[:] = [names.get(name, name) for name in tensors]
    _drop_unused(graph)


def _drop_unused(graph: onnx.GraphProto) -> None:
    while True:
        used = {name for node in graph.node for name in node.input} | {value.name for value in graph.output}
        unused = [node for node in graph.node if used.isdisjoint(node.output)]
        if not unused:
            return
        for node in unused:
            graph.node.remove(node)


def _reshape_after_transposes(graph: onnx.GraphProto) -> None:
    """Put a reshape to the same shape after each transpose of the outer axes.

    It costs nothing. Without it the CPU's optimizer fuses the transpose with the multiplication that follows,
    and that stops the process (onnxruntime issue 28392, seen in 1.31).
    """
    nodes = []
    shapes: set[int] = set()
    for node in graph.node:
        nodes.append(node)
        axes = next((list(a.ints) for a in node.attribute if a.name == "perm"), [])
        if node.op_type == "Transpose" and axes[-1:] == [len(axes) - 1]:
            output, raw = node.output[0], f"{node.output[0]}_transposed"
            node.output[0] = raw
            shapes.add(len(axes))
            nodes.append(helper.make_node("Reshape", [raw, f"same_{len(axes)}"], [output], name=raw))
    for rank in sorted(shapes):
        graph.initializer.append(numpy_helper.from_array(np.zeros(rank, np.int64), f"same_{rank}"))
    del graph.node[:]
    graph.node.extend(nodes)


def _is_cast_to_float(node: onnx.NodeProto) -> bool:
    return any(attribute.name == "to" and attribute.i == TensorProto.FLOAT for attribute in node.attribute)


def _sort(graph: onnx.GraphProto) -> None:
    """Topological order: the converter leaves its casts at the end."""
    makers = {name: index for index, node in enumerate(graph.node) for name in node.output}
    needs = {
        index: [makers[name] for name in node.input if name in makers]
        for index, node in enumerate(graph.node)
    }
    nodes = [graph.node[index] for index in TopologicalSorter(needs).static_order()]
    del graph.node[:]
    graph.node.extend(nodes)
