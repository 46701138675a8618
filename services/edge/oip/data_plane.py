"""Answers the requests of the protocol, whatever transport they came by."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from domain.errors import ArmoireError, InvalidInput, NotFound
from services.edge.oip.inference import InferRequest, InferResponse
from services.edge.oip.models import VERSION, IndexEntry, IndexState, ModelDescription, OipModel, TensorSpec
from services.edge.oip.parameters import RunOptions, run_options
from services.edge.oip.repository import StoredModels
from services.edge.oip.shared_memory import SharedMemory
from services.edge.oip.statistics import statistics_document
from services.edge.oip.tensors import Tensor, input_field
from services.inference.batching.entries import Array

T = TypeVar("T")
EXTENSIONS = (
    "binary_tensor_data",
    "model_configuration",
    "model_repository",
    "parameters",
    "schedule_policy",
    "statistics",
)
NOT_READY = "the server is not ready"


class Served(Protocol):
    """The models of the moment, each by a name and a version."""

    def use(self, name: str, version: str = "") -> AbstractContextManager[OipModel]:
        """A model, which is resolved now and stays open inside the block.

        `version` is "1" or empty for the default, the full version or an alias of a loaded model.

        Raises:
            NotFound: no such model or version.
        """
        ...

    def entries(self) -> Sequence[IndexEntry]:
        """The names, each with the versions that are loaded; "1" is the default's."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class FixedModels:
    """Models that never change, by name."""

    models: Mapping[str, OipModel]

    @contextmanager
    def use(self, name: str, version: str = "") -> Iterator[OipModel]:
        """See `Served`."""
        model = self.models.get(name)
        if model is None:
            raise NotFound("model", name)
        if version not in ("", VERSION, model.description.versions.get("model_version")):
            raise NotFound("model version", f"{name}/{version}")
        yield model

    def entries(self) -> Sequence[IndexEntry]:
        """See `Served`."""
        return [IndexEntry(name, VERSION, IndexState.READY) for name in self.models]


@dataclass(frozen=True, slots=True, eq=False)
class DataPlane:
    """The protocol's calls; `models_ready` says whether they answer, `release` is the server's version."""

    served: Served
    models_ready: Callable[[], bool]
    release: str = ""
    memory: SharedMemory = field(default_factory=SharedMemory)
    stored: StoredModels = StoredModels()

    @property
    def ready(self) -> bool:
        return self.models_ready()

    def model_ready(self, name: str, version: str = "") -> bool:
        """Whether a model answers, by its name in the protocol or the reference from which it was loaded."""
        if not self.ready:
            return False
        try:
            with self.served.use(name, version):
                return True
        except ArmoireError:
            return self.stored.is_loaded(name, version)

    def server_metadata(self) -> dict[str, Any]:
        shared = ["system_shared_memory"] if self.memory.enabled else []
        return {"name": "armoire", "version": self.release, "extensions": [*EXTENSIONS, *shared]}

    def metadata(self, name: str, version: str = "") -> dict[str, Any]:
        """A model's versions, inputs and outputs. Raises NotFound."""
        versions = [entry.version for entry in self._ready_entries() if entry.name == name]
        with self.served.use(name, version) as model:
            return model.description.metadata(versions)

    def config(self, name: str, version: str = "") -> dict[str, Any]:
        """The ModelConfig in JSON. Raises NotFound."""
        with self.served.use(name, version) as model:
            return model.description.config()

    def statistics(self, name: str = "", version: str = "") -> dict[str, Any]:
        """The statistics of one version of a model, or of all versions of all models if `name` is empty."""
        every = [(entry.name, entry.version) for entry in self._ready_entries()]
        chosen = [(name, version or VERSION)] if name else every
        return {"model_stats": [self._statistics(*each) for each in chosen]}

    async def index(self, ready_only: bool = False) -> list[dict[str, str]]:
        """The models that are loaded; and those that could be, by the references that load them."""
        if ready_only:
            return [entry.document() for entry in self._ready_entries()] if self.ready else []
        entries = self.served.entries()
        if not self.ready:
            entries = [replace(each, state=IndexState.UNAVAILABLE, reason=NOT_READY) for each in entries]
        return [entry.document() for entry in (*entries, *await self.stored.entries())]

    def _ready_entries(self) -> list[IndexEntry]:
        return [entry for entry in self.served.entries() if entry.state is IndexState.READY]

    def _statistics(self, name: str, version: str) -> dict[str, Any]:
        with self.served.use(name, version) as model:
            return statistics_document(model, version)

    async def infer(self, request: InferRequest, encode: Callable[[InferResponse], T]) -> T:
        """Run a model, and encode its response.

        Raises:
            NotFound: no such model or version.
            InvalidInput: an input, output or parameter is wrong; the error names it and the limit.
            Unimplemented: a parameter asks for what this server does not offer.
            FailedPrecondition, Overloaded, DeadlineExceeded, Unavailable: see `Runner.submit`.
        """
        with self.served.use(request.model, request.version) as model:
            rows, options, wanted = _checked(model, request)
            outputs = await model.run(rows, options)
        started_ns = time.monotonic_ns()
        about = model.description
        tensors = tuple(Tensor(name, outputs[name]) for name in wanted)
        version = request.version or VERSION
        encoded = encode(InferResponse(about.name, version, request.id, tensors, dict(about.versions)))
        model.coding.input.add(request.decode_ns)
        model.coding.output.add(time.monotonic_ns() - started_ns)
        return encoded


def _checked(model: OipModel, request: InferRequest) -> tuple[Array, RunOptions, Sequence[str]]:
    """The rows, the options and the names of the outputs; a request that is refused counts as failed."""
    started_ns = time.monotonic_ns()
    about = model.description
    try:
        options = run_options(request.parameters)
        return _rows(about, request.inputs), options, _wanted(about, request.outputs)
    except ArmoireError:
        model.runs.fail.add(time.monotonic_ns() - started_ns)
        raise


def _wanted(about: ModelDescription, names: Sequence[str]) -> Sequence[str]:
    known = [spec.name for spec in about.outputs]
    for name in names:
        if name not in known:
            raise InvalidInput(
                "outputs", f"must be of {', '.join(known)} for model {about.name}, got {name!r}"
            )
    if len(set(names)) < len(names):
        raise InvalidInput("outputs", f"must name each output once, got {', '.join(names)}")
    return names or known


def _rows(about: ModelDescription, inputs: Sequence[Tensor]) -> Array:
    """The rows of the only input."""
    spec = about.input
    if [tensor.name for tensor in inputs] != [spec.name]:
        given = ", ".join(tensor.name for tensor in inputs) or "none"
        raise InvalidInput("inputs", f"must be {spec.name} alone for model {about.name}, got {given}")
    tensor = inputs[0]
    if tensor.datatype is not spec.datatype:
        text = f"must be {spec.datatype.name}, got {tensor.datatype.name}"
        raise InvalidInput(f"{input_field(spec.name)}.datatype", text)
    _check_shape(spec, tensor.shape, about.max_rows)
    _check_values(spec, tensor.array)
    return tensor.array


def _check_shape(spec: TensorSpec, shape: Sequence[int], most: int) -> None:
    count, *dims = shape
    fits = tuple(dims) == spec.dims or (spec.flat and not dims)
    if not fits or not 1 <= count <= most:
        expected = ", ".join(map(str, ("N", *spec.dims)))
        text = f"must be [{expected}] with N from 1 to {most}, got {list(shape)}"
        raise InvalidInput(f"{input_field(spec.name)}.shape", text)


def _check_values(spec: TensorSpec, array: Array) -> None:
    """A value out of range would fail the whole batch, so other callers with it."""
    if spec.largest is None:
        return
    smallest, largest = int(array.min()), int(array.max())
    if smallest < 0 or largest > spec.largest:
        worst = smallest if smallest < 0 else largest
        raise InvalidInput(input_field(spec.name), f"must hold values from 0 to {spec.largest}, got {worst}")
