"""What the protocol tells of a model, and the `OipModel` protocol, which runs one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from domain.types import ModelVersion
from services.edge.oip.parameters import INTERACTIVE, PRIORITY_LEVELS, RunOptions
from services.inference.batching.entries import Array
from services.inference.run_statistics import Duration, RunStatistics
from services.oip.datatypes import Datatype

VERSION = "1"
"""The version that stands for the default of the moment. Triton's tools take numbers only."""


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """An input or output; `dims` is the shape of one row, without the number of rows before it.

    Attributes:
        largest: the largest value of an input, whose smallest is 0; None if all are valid.
        flat: whether an input may also come as (N,) instead of (N, 1).
        nhwc: whether rows are pictures.
    """

    name: str
    datatype: Datatype
    dims: tuple[int, ...]
    largest: int | None = None
    flat: bool = False
    nhwc: bool = False

    def metadata(self) -> dict[str, Any]:
        return {"name": self.name, "datatype": self.datatype.name, "shape": [-1, *self.dims]}

    def config(self) -> dict[str, Any]:
        return {"name": self.name, "data_type": self.datatype.config_name, "dims": list(self.dims)}


@dataclass(frozen=True, slots=True)
class ModelDescription:
    """A model as metadata and configuration show it.

    Attributes:
        platform: Triton's name for the format of a graph, or "armoire" for a job.
        max_rows: the most rows that one request may have.
        versions: the full versions of the models in it by their parameter in responses.
        max_batch: the largest batch of a graph; 0 for a job.
        facts: what the manifest says.
    """

    name: str
    platform: str
    input: TensorSpec
    outputs: tuple[TensorSpec, ...]
    max_rows: int
    versions: Mapping[str, str]
    max_batch: int = 0
    facts: Mapping[str, str] = field(default_factory=dict)

    def metadata(self, versions: Sequence[str]) -> dict[str, Any]:
        """`versions` are those that requests for a model of this name may ask for."""
        return {
            "name": self.name,
            "versions": list(versions),
            "platform": self.platform,
            "inputs": [self.input.metadata()],
            "outputs": [spec.metadata() for spec in self.outputs],
        }

    def config(self) -> dict[str, Any]:
        """The ModelConfig in JSON. Source: Triton's model_config.proto."""
        layout = "FORMAT_NHWC" if self.input.nhwc else "FORMAT_NONE"
        return {
            "name": self.name,
            "platform": self.platform,
            "backend": self.platform.partition("_")[0],
            "version_policy": {"latest": {"num_versions": 1}},
            "max_batch_size": self.max_rows,
            "input": [self.input.config() | {"format": layout}],
            "output": [spec.config() for spec in self.outputs],
            "dynamic_batching": self._batching(),
            "parameters": {
                name: {"string_value": value} for name, value in ({**self.versions, **self.facts}).items()
            },
            "model_transaction_policy": {"decoupled": False},
        }

    def _batching(self) -> dict[str, Any]:
        return {
            "preferred_batch_size": [self.max_batch] if self.max_batch else [],
            "max_queue_delay_microseconds": 0,
            "preserve_ordering": False,
            "priority_levels": PRIORITY_LEVELS,
            "default_priority_level": INTERACTIVE,
        }


@dataclass(slots=True)
class CodingTimes:
    """The time that the tensors of requests and responses took to decode and encode."""

    input: Duration = field(default_factory=Duration)
    output: Duration = field(default_factory=Duration)


class OipModel(Protocol):
    """A model of the protocol: a graph or a whole job."""

    @property
    def description(self) -> ModelDescription: ...

    @property
    def runs(self) -> RunStatistics: ...

    @property
    def coding(self) -> CodingTimes: ...

    async def run(self, rows: Array, options: RunOptions) -> Mapping[str, Array]:
        """The outputs by name for the rows of the input, (N, ...) each."""
        ...


class IndexState(Enum):
    """Whether a model answers. Source: Triton's model repository extension."""

    READY = "READY"
    UNAVAILABLE = "UNAVAILABLE"
    LOADING = "LOADING"
    UNLOADING = "UNLOADING"


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One model of the index; `reason` says why it is unavailable."""

    name: str
    version: str
    state: IndexState
    reason: str = ""

    def document(self) -> dict[str, str]:
        """The ModelIndex in JSON."""
        return {
            "name": self.name,
            "version": self.version,
            "state": self.state.value,
            "reason": self.reason,
        }


def versions_of(version: ModelVersion, prefix: str = "model") -> dict[str, str]:
    """The parameters of responses that name a model and its preprocessing."""
    name = "preprocess_version" if prefix == "model" else f"{prefix}_preprocess_version"
    return {f"{prefix}_version": version.model_version, name: version.preprocess_version}
