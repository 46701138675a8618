from __future__ import annotations

from urllib.parse import quote

import grpc
import pytest
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, QuotaFailure, ResourceInfo, RetryInfo
from hypothesis import given
from hypothesis import strategies as st

from domain import errors
from domain.errors import InvalidInput
from services.edge.status import INTERNAL_MESSAGE, internal_status, shortened, status_code, status_to_proto

CASES = [
    (errors.InvalidInput("images[0].content", "is not a picture"), grpc.StatusCode.INVALID_ARGUMENT),
    (errors.Unauthenticated("who are you"), grpc.StatusCode.UNAUTHENTICATED),
    (errors.PermissionDenied("not you"), grpc.StatusCode.PERMISSION_DENIED),
    (errors.NotFound("item", "x"), grpc.StatusCode.NOT_FOUND),
    (errors.AlreadyExists("taken"), grpc.StatusCode.ALREADY_EXISTS),
    (errors.Conflict("changed"), grpc.StatusCode.ABORTED),
    (errors.FailedPrecondition("other model"), grpc.StatusCode.FAILED_PRECONDITION),
    (errors.Unimplemented("uri", "not yet"), grpc.StatusCode.UNIMPLEMENTED),
    (errors.Overloaded("full", retry_after_s=0.25), grpc.StatusCode.RESOURCE_EXHAUSTED),
    (errors.QuotaExceeded("shop", "max_items", "full"), grpc.StatusCode.RESOURCE_EXHAUSTED),
    (errors.DeadlineExceeded("late"), grpc.StatusCode.DEADLINE_EXCEEDED),
    (errors.Unavailable("down", retry_after_s=2), grpc.StatusCode.UNAVAILABLE),
    (errors.ArtifactError("damaged"), grpc.StatusCode.FAILED_PRECONDITION),
    (errors.ArmoireError("what"), grpc.StatusCode.INTERNAL),
]


@pytest.mark.parametrize(("error", "code"), CASES, ids=lambda value: type(value).__name__)
def test_every_error_has_its_status_and_exactly_one_error_info(
    error: errors.ArmoireError, code: grpc.StatusCode
) -> None:
    assert status_code(error) is code
    status = status_to_proto(error)
    assert status.code == code.value[0]
    assert status.message == error.message
    infos = [detail for detail in status.details if detail.Is(ErrorInfo.DESCRIPTOR)]
    assert len(infos) == 1


def test_every_error_class_is_in_the_table() -> None:
    covered = {type(error) for error, _ in CASES}
    own = {kind for kind in errors.ArmoireError.__subclasses__() if kind.__module__ == "domain.errors"}
    assert own
    assert own <= covered


def test_a_wrong_field_is_named() -> None:
    status = status_to_proto(errors.InvalidInput("top_k", "must be from 1 to 100, got 0"))
    details = BadRequest()
    assert status.details[1].Unpack(details)
    assert details.field_violations[0].field == "top_k"
    assert details.field_violations[0].description == "must be from 1 to 100, got 0"


def test_an_overload_says_when_to_come_back() -> None:
    status = status_to_proto(errors.Overloaded("full", retry_after_s=0.25))
    retry = RetryInfo()
    assert status.details[1].Unpack(retry)
    assert retry.retry_delay.ToMilliseconds() == 250


def test_a_quota_says_whose_it_is() -> None:
    status = status_to_proto(errors.QuotaExceeded("shop", "max_items", "may keep 3 items"))
    quota = QuotaFailure()
    assert status.details[1].Unpack(quota)
    (violation,) = quota.violations
    assert (violation.subject, violation.description) == ("tenants/shop", "may keep 3 items")


@pytest.mark.parametrize(
    "error", [errors.NotFound("item", "x"), errors.AlreadyExists("taken", resource="item", id="x")]
)
def test_what_is_not_there_or_taken_is_named(error: errors.ArmoireError) -> None:
    resource = ResourceInfo()
    assert status_to_proto(error).details[1].Unpack(resource)
    assert (resource.resource_type, resource.resource_name) == ("item", "x")


def test_callers_who_find_a_part_down_are_spread() -> None:
    delays = set()
    for _ in range(50):
        retry = RetryInfo()
        status_to_proto(errors.Unavailable("down", retry_after_s=10)).details[1].Unpack(retry)
        delays.add(retry.retry_delay.ToMilliseconds())
    assert min(delays) >= 5000
    assert max(delays) <= 15000
    assert max(delays) - min(delays) > 1000


def test_an_unforeseen_error_tells_nothing_of_itself() -> None:
    assert internal_status().message == INTERNAL_MESSAGE


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("price: must be positive", "price: must be positive"),
        (f"'{'x' * 5000}' is unknown; use one of a, b", f"'{'x' * 94}...' is unknown; use one of a, b"),
        (f"inputs[{'a b ' * 2000}].shape: is wrong", f"inputs[{('a b ' * 30)[:94]}...].shape: is wrong"),
        (f"field {'x' * 5000} is unknown", f"field {'x' * 95}... is unknown"),
        (f"got {'a b ' * 2000!r}, not a word", f"got '{('a b ' * 30)[:94]}...', not a word"),
        (f'got "{"it is " * 2000}", not a word', f'got "{("it is " * 30)[:94]}...", not a word'),
    ],
)
def test_long_values_are_shortened_and_the_text_around_them_stays(text: str, kept: str) -> None:
    assert shortened(text) == kept
    status = status_to_proto(InvalidInput(text, text, metadata={"given": text}))
    assert all(len(text) < 100 or text not in str(detail) for detail in status.details)


@given(st.text(max_size=8000), st.text(max_size=8000))
def test_a_status_fits_into_headers(field: str, text: str) -> None:
    status = status_to_proto(InvalidInput(field, text, metadata={"given": text}))
    assert len(status.SerializeToString()) * 4 / 3 + len(quote(status.message)) < 8192
