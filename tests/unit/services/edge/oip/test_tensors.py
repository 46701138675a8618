"""Tensors as raw bytes and as lists of values."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from domain.errors import InvalidInput
from services.edge.oip.tensors import (
    Tensor,
    raw_from_tensor,
    stacked_bytes,
    tensor_from_raw,
    tensor_from_values,
)
from services.oip.datatypes import BYTES, DATATYPES, datatype_named

NUMBERS = [datatype for datatype in DATATYPES.values() if datatype is not BYTES]
UINT8 = DATATYPES["UINT8"]


@pytest.mark.parametrize("datatype", NUMBERS, ids=lambda datatype: datatype.name)
@given(data=st.data())
def test_numbers_come_back_from_raw_bytes_and_from_values(datatype: Any, data: st.DataObject) -> None:
    shape = data.draw(arrays.array_shapes(max_dims=3, max_side=3))
    array = data.draw(arrays.arrays(datatype.dtype, shape))
    tensor = Tensor("x", array)
    assert tensor.datatype is datatype
    from_raw = tensor_from_raw("x", datatype, shape, raw_from_tensor(tensor))
    from_values = tensor_from_values("x", datatype, shape, array.ravel().tolist())
    for found in (from_raw, from_values):
        assert found.array.dtype == datatype.dtype
        np.testing.assert_array_equal(found.array, array)


@given(elements=st.lists(st.binary(max_size=9), min_size=1, max_size=5))
def test_bytes_come_back(elements: list[bytes]) -> None:
    tensor = Tensor("x", stacked_bytes([elements], (len(elements), 1)))
    for found in (
        tensor_from_raw("x", BYTES, tensor.shape, raw_from_tensor(tensor)),
        tensor_from_values("x", BYTES, tensor.shape, elements),
    ):
        assert found.array.ravel().tolist() == elements
        assert found.shape == (len(elements), 1)


def test_an_element_of_bytes_has_its_length_before_it() -> None:
    assert raw_from_tensor(Tensor("x", stacked_bytes([[b"ab"]], (1,)))) == struct.pack("<I", 2) + b"ab"


@pytest.mark.parametrize(
    ("datatype", "shape", "raw", "told"),
    [
        (UINT8, (2, 2), b"abc", r"inputs\[x\]: must have 4 bytes of UINT8 for shape \[2, 2\], got 3"),
        (UINT8, (), b"a", r"inputs\[x\]\.shape: must have 1 to 8 dimensions"),
        (UINT8, (-1,), b"a", r"inputs\[x\]\.shape: must have 1 to 8 dimensions, none negative"),
        (UINT8, (2**40, 2**40), b"a", "must have 1208925819614629174706176 bytes"),
        (BYTES, (1,), b"\x05\0\0\0ab", "must have 1 elements, each with its length"),
        (BYTES, (1,), b"\x01\0\0\0ab", "must have 1 elements, each with its length"),
        (BYTES, (2,), b"\x01\0\0\0a", "must have 2 elements, each with its length"),
        (BYTES, (2**62,), b"", "must have at most 65536 elements, got 4611686018427387904"),
    ],
)
def test_raw_bytes_that_do_not_fit_the_shape_are_refused(
    datatype: Any, shape: tuple[int, ...], raw: bytes, told: str
) -> None:
    with pytest.raises(InvalidInput, match=told):
        tensor_from_raw("x", datatype, shape, raw)


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("UINT8", [256, 0], "must hold values of UINT8: 0 to 255"),
        ("UINT8", [-1, 0], "must hold values of UINT8: 0 to 255"),
        ("INT64", [2**63, 0], "must hold values of INT64"),
        ("INT32", [0.5, 1], "must hold values of INT32"),
        ("INT32", [True, False], "must hold values of INT32"),
        ("BOOL", [1, 0], "must hold values of BOOL"),
        ("FP32", ["1", "2"], "must hold values of FP32"),
        ("FP32", [[1], 2], "must hold values of FP32"),
        ("UINT8", [1], r"must have 2 elements for shape \[2\], got 1"),
        ("BYTES", [1, 2], "must hold strings"),
        ("BYTES", ["a", "\ud800"], "must hold strings of Unicode characters"),
    ],
)
def test_values_that_the_datatype_does_not_have_are_refused(name: str, values: list[Any], told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        tensor_from_values("x", DATATYPES[name], (2,), values)


def test_an_unknown_datatype_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidInput, match=r"inputs\[x\]\.datatype: must be one of BOOL, .*, got 'BF16'"):
        datatype_named("BF16", "inputs[x]")
