"""Rules that every file and every request of the contract keeps."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.api import field_behavior_pb2
from google.protobuf.descriptor import Descriptor, FileDescriptor

from tests.unit.protos.descriptors import FILES

FOLDER = Path(__file__).parents[3] / "protos"
REQUESTS = [
    message
    for file in FILES
    for name, message in file.message_types_by_name.items()
    if name.endswith("Request")
]


def test_no_file_is_left_out() -> None:
    assert {file.name for file in FILES} == {
        path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("armoire/**/*.proto")
    }


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_has_the_options_of_go_java_and_csharp(file: FileDescriptor) -> None:
    options = file.GetOptions()
    noun = Path(file.name).stem.title()
    assert options.go_package == "armoire/v1;armoirev1"
    assert (options.java_package, options.java_multiple_files) == ("io.armoire.v1", True)
    assert options.java_outer_classname == f"{noun}Proto"
    assert options.csharp_namespace == "Armoire.V1"


@pytest.mark.parametrize("request_type", REQUESTS, ids=lambda message: message.name)
def test_a_request_says_which_fields_it_needs(request_type: Descriptor) -> None:
    """But for the members of a oneof, of which one is needed."""
    for field in request_type.fields:
        oneof = field.containing_oneof
        if oneof is not None and len(oneof.fields) > 1:
            continue
        said = set(field.GetOptions().Extensions[field_behavior_pb2.field_behavior])
        assert said & {field_behavior_pb2.REQUIRED, field_behavior_pb2.OPTIONAL}, field.full_name


def test_requests_are_held_to_it() -> None:
    assert len(REQUESTS) > 20
