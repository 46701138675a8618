"""The parameters of a request: priority, timeout, min_score; and those that this server refuses."""

from __future__ import annotations

import time
from collections.abc import Sized
from dataclasses import dataclass, replace

from domain.calls import CURRENT_CALL
from domain.errors import InvalidInput, Unimplemented
from services.edge.oip.inference import Parameter, Parameters

INTERACTIVE, BULK = 1, 2
"""The priority levels. Source: Triton's schedule policy extension, where 1 is the highest."""
PRIORITY_LEVELS = 2
MAX_TENSORS = 64
SEQUENCE = "sequence_id"
CLASSIFICATION = "classification"
NO_DEVICE_MEMORY = "this server reads no memory of devices; send the tensor in the request"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a model is run; `min_score` is None where the request does not say."""

    bulk: bool = False
    min_score: float | None = None


def run_options(parameters: Parameters) -> RunOptions:
    """Read the parameters of a request, and shorten the deadline of the current call by `timeout`.

    Unknown parameters are ignored, as the protocol has it.

    Raises:
        InvalidInput: a parameter is out of range.
        Unimplemented: the request belongs to a sequence.
    """
    if parameters.get(SEQUENCE) not in (None, 0, ""):
        raise Unimplemented(_field(SEQUENCE), "the models of this server keep no state between requests")
    _limit_time(parameters)
    return RunOptions(_is_bulk(parameters), _min_score(parameters))


def check_tensor_count(field: str, tensors: Sized) -> None:
    """Raises InvalidInput for more inputs or outputs than any model has."""
    if len(tensors) > MAX_TENSORS:
        raise InvalidInput(field, f"must hold at most {MAX_TENSORS}, got {len(tensors)}")


def check_output_parameters(field: str, parameters: Parameters) -> None:
    """Raises Unimplemented for a classification."""
    if parameters.get(CLASSIFICATION):
        text = "this server returns no classifications; take the tensor and choose the best scores"
        raise Unimplemented(f"{field}.parameters[{CLASSIFICATION}]", text)


def _is_bulk(parameters: Parameters) -> bool:
    priority = _integer(
        parameters, "priority", PRIORITY_LEVELS, f"{INTERACTIVE} (interactive) or {BULK} (bulk)"
    )
    return priority == BULK


def _limit_time(parameters: Parameters) -> None:
    timeout_us = _integer(parameters, "timeout", 2**63 - 1, "a number of microseconds")
    if not timeout_us:
        return
    call, deadline = CURRENT_CALL.get(), time.monotonic() + timeout_us / 1e6
    if call.deadline is None or deadline < call.deadline:
        CURRENT_CALL.set(replace(call, deadline=deadline))


def _min_score(parameters: Parameters) -> float | None:
    name = "min_score"
    if name not in parameters:
        return None
    try:
        score = float(parameters[name])
    except ValueError:
        score = float("nan")
    if not 0.0 <= score <= 1.0:
        raise InvalidInput(_field(name), f"must be a number from 0 to 1, got {parameters[name]!r}")
    return score


def _integer(parameters: Parameters, name: str, largest: int, meaning: str) -> int:
    """The value from 0 to `largest`; 0, which stands for the default, if it is absent."""
    value: Parameter = parameters.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= largest:
        raise InvalidInput(_field(name), f"must be {meaning}, or 0 for the default, got {value!r}")
    return value


def _field(name: str) -> str:
    return f"parameters[{name}]"
