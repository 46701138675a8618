"""What a model server must offer for a graph, as the artifact says."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from models.artifact import Artifact
from services.inference.batching.entries import Array
from services.inference.remote_sessions.errors import refusal
from services.oip.datatypes import Datatype, datatype_of
from services.oip.stubs import open_inference_pb2 as pb

_INPUTS: Mapping[str, str] = {"text": "tokens"}
_OUTPUTS: Mapping[str, tuple[str, ...]] = {
    "detector": ("rows",),
    "classifier": ("probabilities", "scores"),
}
"""Names of tensors, as exports give them and as this server offers its graphs."""
_ANY = -1


@dataclass(frozen=True, slots=True)
class TensorContract:
    """An input or output; `dims` is the shape of a row, and any of `names` will do."""

    names: tuple[str, ...]
    datatype: Datatype
    dims: tuple[int, ...]

    @classmethod
    def of(cls, names: tuple[str, ...], rows: Array) -> TensorContract:
        """The contract that these rows (N, ...) fulfil."""
        return cls(names, datatype_of(rows.dtype), rows.shape[1:])

    def size_bytes(self, count: int) -> int:
        """The size of `count` rows."""
        return count * math.prod(self.dims) * self.datatype.dtype.itemsize

    def find(self, tensors: Iterable[pb.ModelMetadataResponse.TensorMetadata]) -> str | None:
        """The name of the tensor that fits; None if none does. The caller chooses sizes that are -1."""
        return next((tensor.name for tensor in tensors if self._fits(tensor)), None)

    def _fits(self, tensor: pb.ModelMetadataResponse.TensorMetadata) -> bool:
        rows, *dims = tensor.shape or [0]
        return (
            tensor.name in self.names
            and tensor.datatype == self.datatype.name
            and rows == _ANY
            and len(dims) == len(self.dims)
            and all(size in (_ANY, ours) for size, ours in zip(dims, self.dims, strict=True))
        )

    def __str__(self) -> str:
        return f"{' or '.join(self.names)} {self.datatype.name} {[_ANY, *self.dims]}"


@dataclass(frozen=True, slots=True)
class GraphContract:
    """The only input of a graph and its output."""

    graph: str
    input: TensorContract
    output: TensorContract

    @classmethod
    def of(cls, graph: str, artifact: Artifact) -> GraphContract:
        """The contract of an artifact's graph, whose golden inputs and outputs have its shapes."""
        golden = artifact.golden(graph)
        inputs = TensorContract.of((_INPUTS.get(graph, "images"),), golden.inputs)
        outputs = TensorContract.of(_OUTPUTS.get(graph, ("embeddings",)), golden.outputs)
        return cls(graph, inputs, outputs)

    def output_name(self, metadata: pb.ModelMetadataResponse, where: str) -> str:
        """The output to ask for.

        Raises:
            FailedPrecondition: the server's model has other tensors; the message names both.
        """
        if len(metadata.inputs) != 1 or self.input.find(metadata.inputs) is None:
            raise self._mismatch(where, "takes", metadata.inputs, self.input)
        name = self.output.find(metadata.outputs)
        if name is None:
            raise self._mismatch(where, "gives", metadata.outputs, self.output)
        return name

    def _mismatch(
        self,
        where: str,
        verb: str,
        found: Sequence[pb.ModelMetadataResponse.TensorMetadata],
        needed: TensorContract,
    ) -> Exception:
        told = ", ".join(f"{each.name} {each.datatype} {list(each.shape)}" for each in found)
        return refusal(f"{where} {verb} {told or 'nothing that it tells'}; the {self.graph} needs {needed}")
