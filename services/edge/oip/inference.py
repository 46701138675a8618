"""A request to run a model and its response, as both transports convert them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from services.edge.oip.tensors import Tensor

Parameter: TypeAlias = bool | int | float | str
Parameters: TypeAlias = Mapping[str, Parameter]

LARGE_BYTES = 2**16
"""Values of more bytes, in JSON or typed contents, are decoded on a thread, so that other calls go on."""


@dataclass(frozen=True, slots=True, eq=False)
class InferRequest:
    """`outputs` names the outputs to return, all if it is empty; `decode_ns` is the time of decoding."""

    model: str
    version: str
    id: str
    parameters: Parameters
    inputs: tuple[Tensor, ...]
    outputs: tuple[str, ...] = ()
    decode_ns: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class InferResponse:
    """`parameters` has the full versions of the models that answered."""

    model: str
    version: str
    id: str
    outputs: tuple[Tensor, ...]
    parameters: Parameters = field(default_factory=dict)
