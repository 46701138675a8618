"""The datatypes of tensors: their numpy dtypes, and the fields that typed contents have for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from domain.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Datatype:
    """A datatype by the protocol's name.

    `dtype` is little-endian; BYTES has objects, each of `bytes`. `contents` is the field of
    InferTensorContents, empty if the datatype only exists in raw contents.
    """

    name: str
    dtype: np.dtype[Any]
    contents: str

    @property
    def config_name(self) -> str:
        """The name in a model's configuration."""
        return "TYPE_STRING" if self.name == "BYTES" else f"TYPE_{self.name}"


DATATYPES: Mapping[str, Datatype] = {
    name: Datatype(name, np.dtype(dtype), contents)
    for name, dtype, contents in (
        ("BOOL", "?", "bool_contents"),
        ("UINT8", "u1", "uint_contents"),
        ("UINT16", "<u2", "uint_contents"),
        ("UINT32", "<u4", "uint_contents"),
        ("UINT64", "<u8", "uint64_contents"),
        ("INT8", "i1", "int_contents"),
        ("INT16", "<i2", "int_contents"),
        ("INT32", "<i4", "int_contents"),
        ("INT64", "<i8", "int64_contents"),
        ("FP16", "<f2", ""),
        ("FP32", "<f4", "fp32_contents"),
        ("FP64", "<f8", "fp64_contents"),
        ("BYTES", "O", "bytes_contents"),
    )
}
"""Source: Open Inference Protocol, "Tensor Data Types"."""
BYTES = DATATYPES["BYTES"]
_BY_DTYPE = {datatype.dtype: datatype for datatype in DATATYPES.values()}


def datatype_named(name: str, field: str) -> Datatype:
    """The datatype. Raises InvalidInput for `field` if there is none of this name."""
    if name not in DATATYPES:
        raise InvalidInput(f"{field}.datatype", f"must be one of {', '.join(DATATYPES)}, got {name!r}")
    return DATATYPES[name]


def datatype_of(dtype: np.dtype[Any]) -> Datatype:
    """The datatype of an array."""
    return _BY_DTYPE[dtype]
