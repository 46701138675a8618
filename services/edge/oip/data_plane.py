"""Answers the requests of the protocol, whatever transport they came by."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from domain.errors import ArmoireError, InvalidInput, NotFound
from services.edge.oip.inference import InferRequest, InferResponse
from services.edge.oip.models import VERSION, ModelDescription, OipModel, TensorSpec
from services.edge.oip.parameters import RunOptions, run_options
from services.edge.oip.shared_memory import SharedMemory
from services.edge.oip.statistics import statistics_document
from services.edge.oip.tensors import Tensor, input_field
from services.inference.batching.entries import Array

T = TypeVar("T")
EXTENSIONS = ("binary_tensor_data", "model_configuration", "parameters", "schedule_policy", "statistics")


class Served(Protocol):
    """The models of the moment."""

    def use(self) -> AbstractContextManager[Mapping[str, OipModel]]:
        """The models by name, which stay open inside the block."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class FixedModels:
    """Models that never change, by name."""

    models: Mapping[str, OipModel]

    def use(self) -> AbstractContextManager[Mapping[str, OipModel]]:
        """See `Served`."""
        return nullcontext(self.models)


@dataclass(frozen=True, slots=True, eq=False)
class DataPlane:
    """The protocol's calls; `models_ready` says whether they answer, `release` is the server's version."""

    served: Served
    models_ready: Callable[[], bool]
    release: str = ""
    memory: SharedMemory = field(default_factory=SharedMemory)

    @property
    def ready(self) -> bool:
        return self.models_ready()

    def model_ready(self, name: str, version: str = "") -> bool:
        with self.served.use() as models:
            model = models.get(name)
        return model is not None and model.description.answers_to(version) and self.ready

    def server_metadata(self) -> dict[str, Any]:
        shared = ["system_shared_memory"] if self.memory.enabled else []
        return {"name": "armoire", "version": self.release, "extensions": [*EXTENSIONS, *shared]}

    def model(self, name: str, version: str = "") -> OipModel:
        """A model to describe. Raises NotFound if there is no such model or version."""
        with self.served.use() as models:
            return _model(models, name, version)

    def statistics(self, name: str = "", version: str = "") -> dict[str, Any]:
        """The statistics of one model, or of all if `name` is empty."""
        with self.served.use() as models:
            chosen = [_model(models, name, version)] if name else list(models.values())
        return {"model_stats": [statistics_document(model) for model in chosen]}

    def index(self, ready_only: bool = False) -> list[dict[str, str]]:
        """The models of the repository with their states."""
        state = "READY" if self.ready else "UNAVAILABLE"
        with self.served.use() as models:
            names = [] if ready_only and not self.ready else list(models)
        return [{"name": name, "version": VERSION, "state": state, "reason": ""} for name in names]

    async def infer(self, request: InferRequest, encode: Callable[[InferResponse], T]) -> T:
        """Run a model, and encode its response.

        Raises:
            NotFound: no such model or version.
            InvalidInput: an input, output or parameter is wrong; the error names it and the limit.
            Unimplemented: a parameter asks for what this server does not offer.
            FailedPrecondition, Overloaded, DeadlineExceeded, Unavailable: see `Runner.submit`.
        """
        with self.served.use() as models:
            model = _model(models, request.model, request.version)
            rows, options, wanted = _checked(model, request)
            outputs = await model.run(rows, options)
        started_ns = time.monotonic_ns()
        about = model.description
        tensors = tuple(Tensor(name, outputs[name]) for name in wanted)
        encoded = encode(InferResponse(about.name, VERSION, request.id, tensors, dict(about.versions)))
        model.coding.input.add(request.decode_ns)
        model.coding.output.add(time.monotonic_ns() - started_ns)
        return encoded


def _model(models: Mapping[str, OipModel], name: str, version: str) -> OipModel:
    model = models.get(name)
    if model is None:
        raise NotFound("model", name)
    if not model.description.answers_to(version):
        raise NotFound("model version", f"{name}/{version}")
    return model


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
