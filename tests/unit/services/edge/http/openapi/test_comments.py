"""The comments of the protos: found by name, and stored for all that the stubs have."""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FileDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

from services.edge.http.openapi.comments import comments_of, load_comments
from services.edge.oip.servicer import OPEN_INFERENCE
from tests.unit.protos.descriptors import FILES


def contract() -> FileDescriptorSet:
    """One file: a message with a field, a oneof, a nested message and a nested enum; an enum; a service."""
    file = FileDescriptorProto(name="a.proto", package="a.v1")
    message = file.message_type.add(name="M")
    message.field.add(name="f")
    message.oneof_decl.add(name="o")
    message.nested_type.add(name="N").field.add(name="g")
    message.enum_type.add(name="K").value.add(name="K_ZERO")
    file.enum_type.add(name="E").value.add(name="E_ZERO")
    file.service.add(name="S").method.add(name="Do")
    return FileDescriptorSet(file=[file])


PATHS = {
    "a.v1.M": (4, 0),
    "a.v1.M.f": (4, 0, 2, 0),
    "a.v1.M.o": (4, 0, 8, 0),
    "a.v1.M.N": (4, 0, 3, 0),
    "a.v1.M.N.g": (4, 0, 3, 0, 2, 0),
    "a.v1.M.K.K_ZERO": (4, 0, 4, 0, 2, 0),
    "a.v1.E": (5, 0),
    "a.v1.E.E_ZERO": (5, 0, 2, 0),
    "a.v1.S": (6, 0),
    "a.v1.S.Do": (6, 0, 2, 0),
}
"""Source: descriptor.proto, SourceCodeInfo."""


def test_a_comment_is_found_by_the_name_of_what_it_is_about() -> None:
    protos = contract()
    for name, path in PATHS.items():
        protos.file[0].source_code_info.location.add(path=path, leading_comments=f" On {name}.\n")
    assert comments_of(protos) == {name: f"On {name}." for name in PATHS}


def test_lines_become_paragraphs_and_a_comment_may_follow() -> None:
    protos = contract()
    locations = protos.file[0].source_code_info.location
    locations.add(path=(4, 0), leading_comments=" One\n two.\n\n Three.\n")
    locations.add(path=(5, 0), trailing_comments=" After.\n")
    locations.add(path=(6, 0))
    assert comments_of(protos) == {"a.v1.M": "One two.\n\nThree.", "a.v1.E": "After."}


def test_the_stored_comments_are_about_things_that_exist() -> None:
    files = [*FILES, OPEN_INFERENCE.file]
    known = {name for file in files for name in names_in(file)}
    assert len(load_comments()) > 100
    assert set(load_comments()) <= known


def names_in(file: FileDescriptor) -> Iterator[str]:
    """The full names of everything in a file; values of enums below their enum."""
    for service in file.services_by_name.values():
        yield from (service.full_name, *(method.full_name for method in service.methods))
    for enum in file.enum_types_by_name.values():
        yield from names_in_enum(enum)
    for message in file.message_types_by_name.values():
        yield from names_in_message(message)


def names_in_message(message: Descriptor) -> Iterator[str]:
    yield message.full_name
    yield from (member.full_name for member in (*message.fields, *message.oneofs))
    for nested in message.nested_types:
        yield from names_in_message(nested)
    for enum in message.enum_types:
        yield from names_in_enum(enum)


def names_in_enum(enum: EnumDescriptor) -> Iterator[str]:
    yield from (enum.full_name, *(f"{enum.full_name}.{value.name}" for value in enum.values))
