"""The two ends of a graph: where pixels come in, and where what was learnt becomes rows or embeddings."""

from __future__ import annotations

from dataclasses import dataclass

import onnx

LEARNT = {"Conv", "ConvTranspose", "Gemm", "MatMul"}


@dataclass(frozen=True, slots=True)
class Ends:
    """Names of nodes.

    `stem`: all up to the first learnt operator, and what follows it before the next. `tail`: all that nothing
    learnt follows. `feeders`: the last learnt ones, before the tail.
    """

    stem: frozenset[str]
    feeders: frozenset[str]
    tail: frozenset[str]


def find_ends(graph: onnx.GraphProto) -> Ends:
    """For a graph whose nodes are sorted and have names."""
    learnt = _learnt(graph)
    followed = _followed(graph, learnt)
    rest = {node.name for node in graph.node} - followed
    return Ends(_stem(graph, learnt), feeders=frozenset(rest & learnt), tail=frozenset(rest - learnt))


def is_convolutional(graph: onnx.GraphProto) -> bool:
    """Whether most of its learnt operators are convolutions."""
    learnt = _learnt(graph)
    kinds = [node.op_type for node in graph.node if node.name in learnt]
    return kinds.count("Conv") > len(kinds) / 2


def _learnt(graph: onnx.GraphProto) -> set[str]:
    """Nodes with trained weights. A detector's fixed sum of distance bins (DFL) has none."""
    constants = {tensor.name for tensor in graph.initializer}
    names = set()
    for node in graph.node:
        if constants.issuperset(name for name in node.input if name):
            constants.update(node.output)
        elif node.op_type in LEARNT and node.input[1] in constants and "/dfl/" not in node.name:
            names.add(node.name)
    return names


def _followed(graph: onnx.GraphProto, learnt: set[str]) -> set[str]:
    """Nodes that something learnt is computed from."""
    needed: set[str] = set()
    names = set()
    for node in reversed(graph.node):
        if not needed.isdisjoint(node.output):
            names.add(node.name)
        if node.name in learnt or node.name in names:
            needed.update(node.input)
    return names


def _stem(graph: onnx.GraphProto, learnt: set[str]) -> frozenset[str]:
    depth: dict[str, int] = {}  # by tensor: the learnt operators on the longest way to it
    names = set()
    for node in graph.node:
        here = max((depth.get(name, 0) for name in node.input), default=0) + (node.name in learnt)
        depth.update(dict.fromkeys(node.output, here))
        if here <= 1:
            names.add(node.name)
    return frozenset(names)
