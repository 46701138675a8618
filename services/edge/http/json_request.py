"""Requests written in proto3 JSON, checked more closely than protobuf's own parser does.

That parser ignores invalid base64 characters, and its errors name fields in camelCase. Before a body is
parsed at all, its size and the number of its elements are limited, as those of binary messages are
(`services.edge.decoding`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from domain.errors import InvalidInput, MessageTooLarge
from services.edge.decoding import MAX_PLAIN_BYTES, SMALL_BYTES, carries_bytes, check_wire

M = TypeVar("M", bound=Message)

MAX_JSON_BYTES = 2**25
"""Of JSON, so that a picture of 20 MiB fits in base64. Binary messages and forms may be larger."""
MAX_ELEMENTS = 2**17
"""The commas, colons and opening brackets of a text, in strings too."""
MAX_TEXT_CHARS = 2**17
"""Of any text; protobuf's parser looks through each in one go. The fields themselves allow much less."""
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]*")
_CHUNK = 2**20
_CAMEL_FIELD = re.compile(r"(?<=Failed to parse )\w+(?= field)")


def parse_body(kind: type[M], body: bytes) -> M:
    """The message that the JSON text holds. Raises InvalidInput naming the field, "body" or "request"."""
    limit = MAX_JSON_BYTES if carries_bytes(kind.DESCRIPTOR) else MAX_PLAIN_BYTES
    if len(body) > limit:
        raise MessageTooLarge(limit)
    return parse_fields(kind, load_json("body", body))


def parse_fields(kind: type[M], fields: object) -> M:
    """The message of these fields, by their names in the proto or in camelCase.

    Raises:
        InvalidInput: not such a message; the field is a path such as "image.boxes[0]", or "body".
    """
    if not isinstance(fields, dict):
        raise InvalidInput("body", "must be a JSON object")
    _check(kind.DESCRIPTOR, fields, "")
    try:
        message = json_format.ParseDict(fields, kind())
    except (json_format.ParseError, RecursionError) as error:
        problem = _CAMEL_FIELD.sub(lambda found: _snake(found[0]), str(error))
        raise InvalidInput("body", f"is no {kind.DESCRIPTOR.full_name} in JSON: {problem}") from error
    if message.ByteSize() > SMALL_BYTES:
        check_wire(kind.DESCRIPTOR, message.SerializeToString())
    return message


def load_json(field: str, text: bytes | str) -> object:
    """The JSON value. Raises InvalidInput for `field`."""
    separators = ",:[{" if isinstance(text, str) else b",:[{"
    if len(text) > MAX_ELEMENTS and sum(map(text.count, separators)) > MAX_ELEMENTS:  # type: ignore[arg-type]
        raise InvalidInput(field, f"must have at most {MAX_ELEMENTS} elements")
    try:
        value: object = json.loads(text, object_pairs_hook=unique_members)
    except RecursionError as error:
        raise InvalidInput(field, "is nested too deeply") from error
    except ValueError as error:
        raise InvalidInput(field, f"is not JSON: {error}") from error
    return value


def unique_members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The members of an object. Raises ValueError for a name that is given twice."""
    members = dict(pairs)
    if len(members) < len(pairs):
        ((twice, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise ValueError(f"{twice!r} is given twice")
    return members


def _check(message: Any, members: Mapping[str, object], path: str) -> None:
    """Check members against a message descriptor: known fields, one member a oneof, base64 bytes."""
    by_json_name = {field.json_name: field for field in message.fields}
    chosen: dict[str, str] = {}
    seen: set[str] = set()
    for name, value in members.items():
        field = message.fields_by_name.get(name) or by_json_name.get(name)
        if field is None:
            known = ", ".join(sorted(message.fields_by_name))
            raise InvalidInput(f"{path}{name}", f"is not a field of {message.full_name}; it has {known}")
        if field.name in seen:
            raise InvalidInput(f"{path}{field.name}", "is given twice, in snake_case and in camelCase")
        seen.add(field.name)
        if value is None:
            continue
        _check_choice(field, chosen, path)
        _check_value(field, value, f"{path}{field.name}")


def _check_choice(field: FieldDescriptor, chosen: dict[str, str], path: str) -> None:
    """Record the member of each oneof. Raises InvalidInput for a second one."""
    oneof = field.containing_oneof
    if oneof is None:
        return
    first = chosen.setdefault(oneof.name, field.name)
    if first != field.name:
        members = ", ".join(member.name for member in oneof.fields)
        raise InvalidInput(f"{path}{field.name}", f"cannot be combined with {first}: give one of {members}")


def _check_value(field: FieldDescriptor, value: object, path: str) -> None:
    _check_length(field, value, path)
    kind: Any = field.message_type
    if kind is not None and kind.GetOptions().map_entry:
        for key, mapped in value.items() if isinstance(value, dict) else ():
            _check_value(kind.fields_by_name["value"], mapped, f"{path}[{key!r}]")
    elif kind is None or not kind.full_name.startswith("google.protobuf."):
        for element_path, element in _elements(value, path):
            _check_element(field, element, element_path)


def _check_length(field: FieldDescriptor, value: object, path: str) -> None:
    if isinstance(value, str) and len(value) > MAX_TEXT_CHARS and field.type != FieldDescriptor.TYPE_BYTES:
        raise InvalidInput(path, f"must have at most {MAX_TEXT_CHARS} characters, got {len(value)}")


def _check_element(field: FieldDescriptor, element: object, path: str) -> None:
    _check_length(field, element, path)
    if field.message_type is not None and isinstance(element, dict):
        _check(field.message_type, element, f"{path}.")
    if field.type == FieldDescriptor.TYPE_BYTES and isinstance(element, str) and not _is_base64(element):
        raise InvalidInput(path, "must be bytes in base64")


def _elements(value: object, path: str) -> Iterable[tuple[str, object]]:
    """The values of a field with their paths: one, or those of its list."""
    if not isinstance(value, list):
        return [(path, value)]
    return ((f"{path}[{index}]", element) for index, element in enumerate(value))


def _is_base64(text: str) -> bool:
    """Whether the text is base64, standard or URL-safe, padded or not."""
    digits = text.rstrip("=")
    chunks = (digits[start : start + _CHUNK] for start in range(0, len(digits), _CHUNK))
    return len(text) - len(digits) <= 2 and len(digits) % 4 != 1 and all(map(_BASE64.fullmatch, chunks))


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda found: f"_{found[0].lower()}", name)


def field_takes_text(kind: type[Message], name: str) -> bool:
    """Whether the field, by its name in the proto or in camelCase, is one string."""
    named: list[Any] = [field for field in kind.DESCRIPTOR.fields if name in (field.name, field.json_name)]
    return any(field.type == field.TYPE_STRING and not field.is_repeated for field in named)
