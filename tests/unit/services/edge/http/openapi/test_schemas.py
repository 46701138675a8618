"""Schemas of messages agree with the JSON that protobuf writes."""

from __future__ import annotations

from typing import Any

import pytest
from google.api import field_behavior_pb2
from google.protobuf import duration_pb2, json_format, timestamp_pb2, wrappers_pb2
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from jsonschema import Draft202012Validator

from services.edge.http.openapi.schemas import Schemas

F = FieldDescriptorProto
SCALARS = {
    "double": (F.TYPE_DOUBLE, 1.5),
    "float": (F.TYPE_FLOAT, 0.5),
    "int32": (F.TYPE_INT32, -(2**31)),
    "sint32": (F.TYPE_SINT32, 2**31 - 1),
    "sfixed32": (F.TYPE_SFIXED32, -1),
    "uint32": (F.TYPE_UINT32, 2**32 - 1),
    "fixed32": (F.TYPE_FIXED32, 1),
    "int64": (F.TYPE_INT64, -(2**63)),
    "sint64": (F.TYPE_SINT64, 2**63 - 1),
    "sfixed64": (F.TYPE_SFIXED64, -1),
    "uint64": (F.TYPE_UINT64, 2**64 - 1),
    "fixed64": (F.TYPE_FIXED64, 1),
    "bool": (F.TYPE_BOOL, True),
    "string": (F.TYPE_STRING, "ä"),
    "bytes": (F.TYPE_BYTES, b"\xff"),
}
IMPORTS = (timestamp_pb2, duration_pb2, wrappers_pb2)


def all_kinds() -> FileDescriptorProto:
    """A call whose request and response have fields of every kind."""
    file = FileDescriptorProto(name="k.proto", package="k.v1", syntax="proto3")
    file.dependency.extend(module.DESCRIPTOR.name for module in IMPORTS)
    file.enum_type.add(name="Color").value.add(name="COLOR_UNSPECIFIED", number=0)
    file.enum_type[0].value.add(name="COLOR_RED", number=1)
    kinds = file.message_type.add(name="Kinds")
    for name, (kind, _) in SCALARS.items():
        add(kinds, f"a_{name}", kind)
        add(kinds, f"some_{name}", kind, repeated=True)
    add(kinds, "color", F.TYPE_ENUM, ".k.v1.Color")
    add(kinds, "time", F.TYPE_MESSAGE, ".google.protobuf.Timestamp")
    add(kinds, "wait", F.TYPE_MESSAGE, ".google.protobuf.Duration")
    add(kinds, "count", F.TYPE_MESSAGE, ".google.protobuf.Int64Value")
    add(kinds, "inner", F.TYPE_MESSAGE, ".k.v1.Kinds")
    add_map(kinds, "colors", F.TYPE_ENUM, ".k.v1.Color")
    add_map(kinds, "inners", F.TYPE_MESSAGE, ".k.v1.Kinds")
    kinds.oneof_decl.add(name="choice")
    for name in ("left", "right"):
        add(kinds, name, F.TYPE_STRING).oneof_index = 0
    must = add(kinds, "must", F.TYPE_INT32)
    must.options.Extensions[field_behavior_pb2.field_behavior].append(field_behavior_pb2.REQUIRED)
    made = add(kinds, "made", F.TYPE_STRING)
    made.options.Extensions[field_behavior_pb2.field_behavior].append(field_behavior_pb2.OUTPUT_ONLY)
    service = file.service.add(name="S")
    service.method.add(name="Do", input_type=".k.v1.Kinds", output_type=".k.v1.Kinds")
    return file


def add(message: Any, name: str, kind: Any, type_name: str = "", repeated: bool = False) -> Any:
    label = F.LABEL_REPEATED if repeated else F.LABEL_OPTIONAL
    number = len(message.field) + 1
    return message.field.add(name=name, number=number, type=kind, type_name=type_name or None, label=label)


def add_map(message: Any, name: str, kind: Any, type_name: str) -> None:
    entry = message.nested_type.add(name=f"{name.title()}Entry")
    entry.options.map_entry = True
    add(entry, "key", F.TYPE_STRING)
    add(entry, "value", kind, type_name)
    add(message, name, F.TYPE_MESSAGE, f".k.v1.Kinds.{entry.name}", repeated=True)


@pytest.fixture(scope="module")
def kinds() -> type[Message]:
    pool = DescriptorPool()
    for module in IMPORTS:
        pool.AddSerializedFile(module.DESCRIPTOR.serialized_pb)
    pool.AddSerializedFile(all_kinds().SerializeToString())
    return GetMessageClass(pool.FindMessageTypeByName("k.v1.Kinds"))


@pytest.fixture(scope="module")
def components(kinds: type[Message]) -> dict[str, Any]:
    comments = {
        "k.v1.Kinds": "All kinds.",
        "k.v1.Color.COLOR_RED": "Like a rose.",
        "k.v1.Kinds.must": "Needed.",
    }
    return Schemas(kinds.DESCRIPTOR.file.services_by_name["S"].methods, comments).components()


def problems(components: dict[str, Any], name: str, value: object) -> list[str]:
    schema = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": components}}
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [error.json_path for error in validator.iter_errors(value)]


def full(kinds: type[Message]) -> Any:
    message: Any = kinds(color="COLOR_RED", left="x", must=1, made="m", colors={"a": 1})
    for name, (_, value) in SCALARS.items():
        setattr(message, f"a_{name}", value)
        getattr(message, f"some_{name}").extend([value, value])
    message.time.FromJsonString("2026-01-02T03:04:05.678Z")
    message.wait.FromMilliseconds(-1500)
    message.count.value = 7
    message.inner.must = 2
    message.inners["b"].must = 3
    return message


@pytest.mark.parametrize("name", ["k.v1.Kinds", "k.v1.Kinds-Input"])
def test_what_protobuf_writes_conforms(kinds: type[Message], components: dict[str, Any], name: str) -> None:
    written = json_format.MessageToDict(full(kinds))
    assert set(written) == set(components[name]["properties"]) - {"right"}
    assert problems(components, name, written) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("aInt32", 2**31),
        ("aUint32", -1),
        ("aInt64", 5),
        ("aUint64", "-5"),
        ("aBool", "yes"),
        ("someString", "x"),
        ("color", "COLOR_BLUE"),
        ("color", 1),
        ("time", "today"),
        ("wait", "soon"),
        ("colors", {"a": "COLOR_BLUE"}),
        ("inners", {"a": {"aInt32": "x"}}),
        ("inner", []),
        ("right", "as well as left"),
    ],
)
def test_other_values_do_not(components: dict[str, Any], field: str, value: object) -> None:
    assert problems(components, "k.v1.Kinds", {"left": "x", field: value})


def test_only_requests_need_their_required_fields(components: dict[str, Any]) -> None:
    assert problems(components, "k.v1.Kinds", {}) == []
    assert problems(components, "k.v1.Kinds-Input", {}) == ["$"]
    assert problems(components, "k.v1.Kinds-Input", {"must": 1, "inner": {}}) == ["$.inner"]


def test_only_requests_may_not_have_unknown_fields(components: dict[str, Any]) -> None:
    assert problems(components, "k.v1.Kinds", {"new": 1}) == []
    assert problems(components, "k.v1.Kinds-Input", {"must": 1, "new": 1}) == ["$"]


def test_descriptions_come_from_comments(components: dict[str, Any]) -> None:
    kinds = components["k.v1.Kinds"]
    assert kinds["description"] == "All kinds.\n\nAt most one of left or right."
    assert kinds["properties"]["must"]["description"] == "Needed."
    assert kinds["properties"]["made"]["readOnly"] is True
    assert components["k.v1.Color"]["description"] == "- COLOR_RED: Like a rose."
    assert components["k.v1.Color"]["enum"] == ["COLOR_UNSPECIFIED", "COLOR_RED"]
