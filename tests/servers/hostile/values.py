"""Hostile values of each kind of field, and messages of them; all are drawn from a seeded generator."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from demo.server import ROOT
from tests.unit.imaging.hostile_pictures import hostile_pictures

Draw: TypeAlias = random.Random

ID = "01900000-0000-7000-8000-000000000000"
TEXTS = (
    *("", " ", "\0", "a\nb", "\r\n\r\n", "../../etc/passwd", "%00%0a%2e%2e%2f", "'; DROP TABLE items; --"),
    *(
        '" or 1 == 1 or "',
        "${jndi:ldap://x}",
        "{{7*7}}",
        "<script>",
        "\N{SNOWMAN}" * 300,
        "\u202e\u200b\ufeff",
    ),
    *(
        "\U0010ffff",
        "e\u0301" * 200,
        "NaN",
        "-1",
        "1e309",
        "null",
        "true",
        "dress",
        "red",
        "color",
        "default",
    ),
    *(
        ID,
        ID.upper(),
        ID[:-1],
        "0" * 36,
        "x" * 128,
        "x" * 129,
        "x" * 5000,
        "x" * 100_000,
        "file:///etc/passwd",
    ),
    *(
        "http://169.254.169.254/",
        "s3://a/b",
        "demo-embedder",
        "armoire",
        "price",
        "category",
        "image_encoder",
    ),
)
INTEGERS = (
    0,
    1,
    -1,
    2,
    7,
    64,
    100,
    101,
    2**15,
    2**31 - 1,
    -(2**31),
    2**31,
    2**32 - 1,
    2**53,
    2**63 - 1,
    -(2**63),
)
FLOATS = (0.0, -0.0, 1.0, -1.0, 0.5, 1e-45, 3.4e38, 1e300, float("inf"), float("-inf"), float("nan"))
_INTEGER_RANGES = {
    **dict.fromkeys((FieldDescriptor.TYPE_INT32, FieldDescriptor.TYPE_SINT32), (-(2**31), 2**31 - 1)),
    **dict.fromkeys((FieldDescriptor.TYPE_INT64, FieldDescriptor.TYPE_SINT64), (-(2**63), 2**63 - 1)),
    FieldDescriptor.TYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.TYPE_UINT64: (0, 2**64 - 1),
}
_COUNTS = (0, 1, 1, 1, 2, 3, 8, 33, 65, 300)
_FLOATING = (FieldDescriptor.TYPE_FLOAT, FieldDescriptor.TYPE_DOUBLE)
MAX_DEPTH = 5


def sample() -> bytes:
    return sorted((ROOT / "samples").glob("*.jpg"))[0].read_bytes()


@dataclass
class Values:
    """Draws values. `pictures` are whole and broken ones of all formats."""

    draw: Draw
    pictures: Sequence[bytes] = field(
        default_factory=lambda: [*(each.content for each in hostile_pictures()), sample()]
    )

    def bytes(self) -> bytes:
        chosen = self.draw.random()
        if chosen < 0.2:
            return self.draw.randbytes(self.draw.choice((0, 1, 7, 100, 5000)))
        picture = self.draw.choice(self.pictures)
        return picture if chosen < 0.6 else self.damaged(picture)

    def damaged(self, content: bytes) -> bytes:
        """Bytes changed, cut off, given twice or put in between."""
        if not content:
            return self.draw.randbytes(3)
        start, size = self.draw.randrange(len(content)), self.draw.choice((1, 2, 4, 64))
        ways: Sequence[Callable[[], bytes]] = (
            lambda: content[:start] + self.draw.randbytes(size) + content[start + size :],
            lambda: content[:start],
            lambda: content[:start] + content[start + size :],
            lambda: content[:start] + content[start : start + size] * 50 + content[start:],
            lambda: content[:start] + b"\xff" * size + content[start + size :],
        )
        return self.draw.choice(ways)()

    def text(self) -> str:
        return self.draw.choice(TEXTS)

    def message(self, kind: Descriptor, depth: int = 0) -> Message:
        message = GetMessageClass(kind)()
        if kind.full_name.startswith("google.protobuf.") and kind.name in (
            "Struct",
            "Value",
            "ListValue",
            "Any",
        ):
            return message
        for each in kind.fields:
            if self.draw.random() < (0.6 if depth < 2 else 0.3):
                self._set(message, each, depth)
        return message

    def _set(self, message: Any, field: FieldDescriptor, depth: int) -> None:
        kind: Any = field.message_type
        if kind is not None and kind.GetOptions().map_entry:
            return
        if kind is None:
            values = [
                self.scalar(field) for _ in range(self.draw.choice(_COUNTS) if field.is_repeated else 1)
            ]
            if field.is_repeated:
                getattr(message, field.name).extend(values)
            else:
                setattr(message, field.name, values[0])
        elif depth < MAX_DEPTH:
            self._set_messages(message, field, depth)

    def _set_messages(self, message: Any, field: FieldDescriptor, depth: int) -> None:
        if not field.is_repeated:
            getattr(message, field.name).CopyFrom(self.message(field.message_type, depth + 1))
            return
        for _ in range(self.draw.choice(_COUNTS[: 8 - depth])):
            getattr(message, field.name).append(self.message(field.message_type, depth + 1))

    def scalar(self, field: FieldDescriptor) -> Any:
        if field.type == FieldDescriptor.TYPE_STRING:
            return self.text()
        if field.type == FieldDescriptor.TYPE_BYTES:
            return self.bytes()
        if field.type == FieldDescriptor.TYPE_BOOL:
            return self.draw.random() < 0.5
        if field.type == FieldDescriptor.TYPE_ENUM:
            return self.draw.choice((0, 1, 2, 3, 77, -1))
        if field.type in _FLOATING:
            return self.draw.choice(FLOATS)
        low, high = _INTEGER_RANGES.get(field.type, (0, 2**31 - 1))
        return self.draw.choice([each for each in INTEGERS if low <= each <= high])

    def binary(self, kind: Descriptor) -> bytes:
        content = self.message(kind).SerializeToString()
        return self.damaged(content) if self.draw.random() < 0.3 else content

    def json(self, kind: Descriptor) -> bytes:
        try:
            members = json_format.MessageToDict(self.message(kind), preserving_proto_field_name=True)
        except json_format.SerializeToJsonError:  # such as a moment that no calendar has
            members = {each.name: self.json_value() for each in kind.fields}
        if members and self.draw.random() < 0.5:
            members[self.draw.choice(sorted(members))] = self.json_value()
        if self.draw.random() < 0.1:
            members[self.text()] = self.json_value()
        content = json.dumps(members).encode("utf-8", "surrogatepass")
        return self.damaged(content) if self.draw.random() < 0.3 else content

    def json_value(self) -> Any:
        deep: Any = 1
        for _ in range(self.draw.choice((0, 3, 200))):
            deep = [deep]
        values = (None, True, -1, 2**70, 1e308, float("nan"), self.text(), [], {}, [[]], deep, {"": deep})
        return self.draw.choice(values)
