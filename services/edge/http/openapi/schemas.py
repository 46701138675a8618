"""Messages and enums as JSON schemas, in proto3 JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from google.api import field_behavior_pb2
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor, MethodDescriptor

from services.edge.http.openapi.json_types import SCALARS, WELL_KNOWN, Schema

OTHERS_COMMENTS = {
    "google.rpc.Status": "Why one element of a request failed, while others did not.",
    "google.rpc.Status.code": "A code of google.rpc.Code, such as 3, INVALID_ARGUMENT.",
    "google.rpc.Status.message": "The reason in English; it names the field and the limit.",
    "google.rpc.Status.details": "One google.rpc.ErrorInfo, and a BadRequest or RetryInfo where they apply.",
    "google.type.Money": "An amount of money.",
    "google.type.Money.currencyCode": "Three letters of ISO 4217, such as EUR.",
    "google.type.Money.units": "The whole units of the amount.",
    "google.type.Money.nanos": "Billionths of a unit, with the sign of units.",
}
"""Of messages whose protos are not ours, by full name and JSON name."""
REQUEST_SUFFIX = "-Input"
EXACTLY_ONE = "Exactly one of these."
"""The protos say so of a oneof that must be set, since protobuf has no option for it."""


class Schemas:
    """The schemas of all messages that some methods take or return.

    A message that is both sent and returned has two, because only requests must have their REQUIRED fields:
    proto3 JSON leaves zeros and empty values out of responses.
    """

    def __init__(self, methods: Iterable[MethodDescriptor], comments: Mapping[str, str]) -> None:
        methods = list(methods)
        self._comments = comments
        self._sent = _reachable(method.input_type for method in methods)
        self._returned = _reachable(method.output_type for method in methods)

    def reference(self, message: Descriptor, sent: bool) -> Schema:
        """A reference to the schema of a message that is `sent` by callers, or returned to them."""
        if message.full_name in WELL_KNOWN:
            return dict(WELL_KNOWN[message.full_name])
        return _reference(self._name(message, sent))

    def components(self) -> dict[str, Schema]:
        """The schemas by name."""
        schemas: dict[str, Schema] = {}
        for sent, messages in ((True, self._sent), (False, self._returned)):
            for message in messages.values():
                schemas[self._name(message, sent)] = self._message(message, sent)
                for enum in filter(None, (field.enum_type for field in _value_fields(message))):
                    schemas[enum.full_name] = self._enum(enum)
        return dict(sorted(schemas.items()))

    def properties(self, message: Descriptor, sent: bool) -> dict[str, Schema]:
        """The schemas of the fields by their JSON names."""
        return {field.json_name: self._field(field, sent) for field in message.fields}

    def comment(self, name: str) -> str:
        return self._comments.get(name, OTHERS_COMMENTS.get(name, ""))

    def _name(self, message: Descriptor, sent: bool) -> str:
        name: str = message.full_name
        return name + REQUEST_SUFFIX if sent and name in self._returned else name

    def _message(self, message: Descriptor, sent: bool) -> Schema:
        oneofs = [oneof for oneof in message.oneofs if not is_optional(oneof)]
        texts = [self.comment(message.full_name), *map(self._oneof_text, oneofs)]
        schema: Schema = {"type": "object", "title": message.name}
        schema |= _described("\n\n".join(filter(None, texts)))
        schema["properties"] = self.properties(message, sent)
        if sent:
            required = [field.json_name for field in message.fields if has_behavior(field, "REQUIRED")]
            schema |= {"required": required} if required else {}
            schema["additionalProperties"] = False
        return schema | _all_of([self._choice(oneof, sent) for oneof in oneofs])

    def _choice(self, oneof: Any, sent: bool) -> Schema:
        """At most one member of a oneof, or exactly one where its comment says so."""
        names = [field.json_name for field in oneof.fields]
        if sent and self.needs_one(oneof):
            return {"oneOf": [{"required": [name]} for name in names]}
        return {"dependentSchemas": {name: _without(names, name) for name in names}}

    def needs_one(self, oneof: Any) -> bool:
        """Whether one member must be set."""
        return self.comment(f"{oneof.containing_type.full_name}.{oneof.name}").startswith(EXACTLY_ONE)

    def _oneof_text(self, oneof: Any) -> str:
        names = [field.json_name for field in oneof.fields]
        how_many = "Exactly" if self.needs_one(oneof) else "At most"
        return f"{how_many} one of {', '.join(names[:-1])} or {names[-1]}."

    def _field(self, field: FieldDescriptor, sent: bool) -> Schema:
        schema = self._value(field, sent)
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            value = field.message_type.fields_by_name["value"]
            schema = {"type": "object", "additionalProperties": self._value(value, sent)}
        elif field.is_repeated:
            schema = {"type": "array", "items": schema}
        schema |= _described(self._field_comment(field))
        return schema | ({"readOnly": True} if has_behavior(field, "OUTPUT_ONLY") else {})

    def _field_comment(self, field: FieldDescriptor) -> str:
        message: Any = field.containing_type
        names = (f"{message.full_name}.{name}" for name in (field.name, field.json_name))
        return next(filter(None, map(self.comment, names)), "")

    def _value(self, field: FieldDescriptor, sent: bool) -> Schema:
        if field.message_type is not None:
            return self.reference(field.message_type, sent)
        if field.enum_type is not None:
            return _reference(field.enum_type.full_name)
        return dict(SCALARS[field.type])

    def _enum(self, enum: EnumDescriptor) -> Schema:
        lines = [self.comment(enum.full_name), *map(self._enum_value, enum.values)]
        described = _described("\n".join(filter(None, lines)))
        values = [value.name for value in enum.values]
        return {"type": "string", "title": enum.name, **described, "enum": values}

    def _enum_value(self, value: Any) -> str:
        comment = self.comment(f"{value.type.full_name}.{value.name}")
        return f"- {value.name}: {comment}" if comment else ""


def is_optional(oneof: Any) -> bool:
    """Whether the oneof is the one that `optional` makes of a field."""
    return len(oneof.fields) == 1 and oneof.name == f"_{oneof.fields[0].name}"


def _reachable(messages: Iterable[Descriptor]) -> dict[str, Descriptor]:
    """The messages and all that their fields hold, by full name; without the entries of maps."""
    found: dict[str, Descriptor] = {}
    waiting = list(messages)
    while waiting:
        message = waiting.pop()
        if message.full_name in found or message.full_name in WELL_KNOWN:
            continue
        if not message.GetOptions().map_entry:
            found[message.full_name] = message
        waiting += filter(None, (field.message_type for field in message.fields))
    return found


def _value_fields(message: Descriptor) -> Iterator[FieldDescriptor]:
    """The fields; in place of a map the field of its values."""
    for field in message.fields:
        entry: Any = field.message_type
        is_map = entry is not None and entry.GetOptions().map_entry
        yield entry.fields_by_name["value"] if is_map else field


def _all_of(schemas: list[Schema]) -> Schema:
    """One schema as it is, several below `allOf`."""
    if len(schemas) > 1:
        return {"allOf": schemas}
    return schemas[0] if schemas else {}


def _without(names: list[str], name: str) -> Schema:
    return {"properties": {other: False for other in names if other != name}}


def has_behavior(field: FieldDescriptor, name: str) -> bool:
    """Whether the field has this google.api.FieldBehavior."""
    said = field.GetOptions().Extensions[field_behavior_pb2.field_behavior]
    return field_behavior_pb2.FieldBehavior.Value(name) in said


def _described(text: str) -> Schema:
    return {"description": text} if text else {}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
