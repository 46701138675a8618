"""Any message of a kind, for tests with Hypothesis."""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import strategies as st

MAX_DEPTH = 3
NUMBERS = {
    **dict.fromkeys((FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_FLOAT), st.floats(width=32)),
    **dict.fromkeys(
        (FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_ENUM), st.integers(-(2**31), 2**31 - 1)
    ),
    FieldDescriptor.TYPE_INT64: st.integers(-(2**63), 2**63 - 1),
    FieldDescriptor.TYPE_UINT32: st.integers(0, 2**32 - 1),
    FieldDescriptor.TYPE_UINT64: st.integers(0, 2**64 - 1),
    FieldDescriptor.TYPE_BOOL: st.booleans(),
    FieldDescriptor.TYPE_STRING: st.text(max_size=40),
    FieldDescriptor.TYPE_BYTES: st.binary(max_size=40),
}


def messages(kind: Descriptor, depth: int = 0) -> st.SearchStrategy[Message]:
    """Messages with some of the fields; those inside are nested up to a depth."""
    fields = {
        field.name: _values(field, depth)
        for field in kind.fields
        if field.message_type is None or (depth < MAX_DEPTH and not _is_map(field))
    }
    chosen = st.fixed_dictionaries({}, optional=fields)
    return chosen.map(lambda members: GetMessageClass(kind)(**members))


def _is_map(field: FieldDescriptor) -> bool:
    return bool(field.message_type is not None and field.message_type.GetOptions().map_entry)


def _values(field: FieldDescriptor, depth: int) -> st.SearchStrategy[Any]:
    kind = field.message_type
    one: st.SearchStrategy[Any] = (
        NUMBERS[field.type] if kind is None else st.deferred(lambda: messages(kind, depth + 1))
    )
    return st.lists(one, max_size=3) if field.is_repeated else one
