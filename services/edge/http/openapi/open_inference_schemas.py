"""The schemas of the Open Inference Protocol over REST: those of its messages, by the names of the protos."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from services.edge.http.openapi.errors import ERROR, SCHEMAS
from services.edge.http.openapi.json_types import BOOL, SCALARS, STRING, Schema
from services.oip.datatypes import DATATYPES
from services.oip.stubs import open_inference_pb2 as pb

TAG = "OpenInference"
INTEGER: Schema = {"type": "integer"}
_PARAMETERS: Schema = {"type": "object", "additionalProperties": {"type": ["boolean", "number", "string"]}}
_TENSOR: Mapping[str, Schema] = {
    "name": STRING,
    "datatype": {"type": "string", "enum": list(DATATYPES)},
    "shape": {"type": "array", "items": INTEGER},
    "parameters": _PARAMETERS,
    "data": {"type": "array", "description": "The elements in row-major order; requests may nest them."},
}
_MESSAGES = {
    "ServerMetadata": pb.ServerMetadataResponse,
    "ModelMetadata": pb.ModelMetadataResponse,
    "ModelConfig": pb.ModelConfig,
    "ModelStatistics": pb.ModelStatisticsResponse,
}


def open_inference_schemas() -> dict[str, Schema]:
    """The schemas by name, for `components`."""
    found = {name: _of_message(message) for name, message in _MESSAGES.items()}
    found |= {**_inference(), **_repository(), **_memory()}
    found |= {"Live": _object({"live": BOOL}, "live"), "Ready": _object({"ready": BOOL}, "ready")}
    members = SCHEMAS[ERROR]["properties"]
    found |= {"Done": _object({}), "Error": _object({"error": STRING, **members}, "error", "code")}
    return {f"{TAG}.{name}": schema for name, schema in found.items()}


def reference(name: str) -> Schema:
    """A reference to a schema."""
    return {"$ref": f"#/components/schemas/{TAG}.{name}"}


def _inference() -> dict[str, Schema]:
    tensor = _object(_TENSOR, "name", "datatype", "shape")
    wanted = _object({"name": STRING, "parameters": _PARAMETERS}, "name")
    outputs = {"type": "array", "items": wanted, "description": "All outputs if it is left out."}
    request = {"id": STRING, "parameters": _PARAMETERS, "inputs": _list_of(tensor), "outputs": outputs}
    named = {"model_name": STRING, "model_version": STRING, "id": STRING, "parameters": _PARAMETERS}
    response = {**named, "outputs": _list_of(tensor)}
    return {
        "InferRequest": _object(request, "inputs"),
        "InferResponse": _object(response, "model_name", "model_version", "outputs"),
    }


def _repository() -> dict[str, Schema]:
    return {
        "Index": _list_of(_of_message(pb.RepositoryIndexResponse.ModelIndex)),
        "IndexRequest": _object({"ready": {**BOOL, "description": "Only models that are ready."}}),
        "Change": _object({"parameters": {"type": "object"}}),
    }


def _memory() -> dict[str, Schema]:
    return {
        "Regions": _list_of(_of_message(pb.SystemSharedMemoryStatusResponse.RegionStatus)),
        "Region": _object({"key": STRING, "offset": INTEGER, "byte_size": INTEGER}, "key", "byte_size"),
    }


def _of_message(message: type[Message]) -> Schema:
    return _of_fields(message.DESCRIPTOR)


def _of_fields(message: Any) -> Schema:
    """The schema of the message with this descriptor; its integers of 64 bits are numbers."""
    return _object({each.name: _of_field(each) for each in message.fields}) | {"title": message.name}


def _of_field(each: FieldDescriptor) -> Schema:
    message = each.message_type
    if message is not None and message.GetOptions().map_entry:
        return {"type": "object", "additionalProperties": _of_value(message.fields_by_name["value"])}
    return _list_of(_of_value(each)) if each.is_repeated else _of_value(each)


def _of_value(each: FieldDescriptor) -> Schema:
    if each.message_type is not None:
        return _of_fields(each.message_type)
    if each.enum_type is not None:
        return {"type": "string", "enum": [value.name for value in each.enum_type.values]}
    schema = SCALARS[each.type]
    return INTEGER if schema.get("format") in ("int64", "uint64") else dict(schema)


def _object(properties: Mapping[str, Schema], *required: str) -> Schema:
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": dict(properties), **needed}


def _list_of(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}
