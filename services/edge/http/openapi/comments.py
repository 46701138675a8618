"""The comments of the protos, which descriptors do not have at run time.

`make protos` writes them to `comments.json`, from descriptors with source information.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from google.protobuf.descriptor_pb2 import FileDescriptorSet, SourceCodeInfo

STORED = Path(__file__).with_name("comments.json")

_SERVICES, _MESSAGES, _ENUMS = 6, 4, 5
"""Numbers of fields of FileDescriptorProto, which paths of locations consist of."""
_MEMBERS = {
    _SERVICES: ((2, "method"),),
    _MESSAGES: ((2, "field"), (8, "oneof_decl")),
    _ENUMS: ((2, "value"),),
}
_NESTED = ((3, "nested_type", _MESSAGES), (4, "enum_type", _ENUMS))


def load_comments() -> Mapping[str, str]:
    """The comments by full name; values of enums are named below their enum."""
    comments: dict[str, str] = json.loads(STORED.read_text(encoding="utf-8"))
    return comments


def comments_of(contract: FileDescriptorSet) -> dict[str, str]:
    """The comments of descriptors that have source information, by full name."""
    found: dict[str, str] = {}
    for file in contract.file:
        texts = {tuple(place.path): _text(place) for place in file.source_code_info.location}
        for path, name in _names(file):
            if text := texts.get(path):
                found[name] = text
    return dict(sorted(found.items()))


def _text(location: SourceCodeInfo.Location) -> str:
    """Lines become paragraphs, since a comment is wrapped where the proto's lines end."""
    paragraphs = (location.leading_comments or location.trailing_comments).strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _names(file: Any) -> Iterator[tuple[tuple[int, ...], str]]:
    """The path and the full name of everything in a file."""
    kinds = ((_SERVICES, file.service), (_MESSAGES, file.message_type), (_ENUMS, file.enum_type))
    for kind, elements in kinds:
        yield from _names_of(kind, elements, (kind,), file.package)


def _names_of(
    kind: int, elements: Iterable[Any], above: tuple[int, ...], scope: str
) -> Iterator[tuple[tuple[int, ...], str]]:
    for index, element in enumerate(elements):
        path, name = (*above, index), f"{scope}.{element.name}"
        yield path, name
        for number, members in _MEMBERS[kind]:
            for position, member in enumerate(getattr(element, members)):
                yield (*path, number, position), f"{name}.{member.name}"
        if kind == _MESSAGES:
            for number, nested, nested_kind in _NESTED:
                yield from _names_of(nested_kind, getattr(element, nested), (*path, number), name)
