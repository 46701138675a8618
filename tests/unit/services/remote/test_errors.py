"""Errors on their way from a server to a catalogue: through the edge's table, the client's, and ours."""

from __future__ import annotations

from typing import Any

import pytest

import armoire
from armoire.status import error_from_status
from domain.errors import (
    AlreadyExists,
    ArmoireError,
    Conflict,
    DeadlineExceeded,
    FailedPrecondition,
    InvalidInput,
    NotFound,
    Overloaded,
    Unavailable,
    Unimplemented,
)
from services.edge.status import RETRY_JITTER, status_to_proto
from services.remote.errors import domain_error

ADDRESS = "inference.local:50051"
WORDS: dict[str, Any] = {"reason": "WHY", "metadata": {"a": "b"}}
ERRORS = [
    InvalidInput("text", "must not be empty", **WORDS),
    NotFound("model", "clip"),
    AlreadyExists("the key is taken", **WORDS),
    Conflict("it changed meanwhile", **WORDS),
    Unimplemented("uri", "this server reads no URIs yet"),
    ArmoireError("it failed", **WORDS),
    FailedPrecondition("another model", reason="MODEL_VERSION_MISMATCH", metadata={"served": "clip@2"}),
    Overloaded("full", retry_after_s=2.5, metadata={"max_queue_rows": "2048"}),
    DeadlineExceeded("too late", **WORDS),
]


def crossed(error: ArmoireError) -> ArmoireError:
    return domain_error(error_from_status(status_to_proto(error)), ADDRESS)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_arrives_as_it_was_raised(error: ArmoireError) -> None:
    arrived = crossed(error)
    assert type(arrived) is type(error)
    assert (arrived.message, str(arrived)) == (error.message, str(error))
    assert (arrived.reason, arrived.metadata) == (error.reason, error.metadata)
    if isinstance(error, Overloaded):
        assert isinstance(arrived, Overloaded)
        assert arrived.retry_after_s == error.retry_after_s


def test_a_part_that_is_down_names_a_time_near_its_own() -> None:
    arrived = crossed(Unavailable("no device", retry_after_s=4.0, reason="DEVICE_GONE"))
    assert isinstance(arrived, Unavailable)
    assert 4 * RETRY_JITTER[0] <= arrived.retry_after_s <= 4 * RETRY_JITTER[1]
    assert (arrived.message, arrived.reason) == ("no device", "DEVICE_GONE")


@pytest.mark.parametrize(
    ("sent", "arrives"),
    [("images[0].boxes[3]", "boxes[3]"), ("texts[0]", "text"), ("min_score", "min_score")],
)
def test_a_field_loses_the_prefix_of_the_batch(sent: str, arrives: str) -> None:
    error = crossed(InvalidInput(sent, "must be otherwise", reason="WHY"))
    assert isinstance(error, InvalidInput)
    assert (error.violations[0].field, error.violations[0].description) == (arrives, "must be otherwise")
    assert error.reason == "WHY"


def test_an_invalid_request_without_a_field_is_named_as_a_whole() -> None:
    error = domain_error(armoire.InvalidInput("too much for one call", reason="MESSAGE_TOO_LARGE"), ADDRESS)
    assert isinstance(error, InvalidInput)
    assert (error.violations[0].field, error.reason) == ("request", "MESSAGE_TOO_LARGE")


def test_an_error_without_a_domain_class_keeps_its_reason() -> None:
    error = domain_error(armoire.ServerError("it failed", reason="ODD"), ADDRESS)
    assert (type(error), error.message, error.reason) == (ArmoireError, "it failed", "ODD")


def test_a_refused_key_of_this_server_is_not_blamed_on_its_caller() -> None:
    error = domain_error(armoire.PermissionDenied("the key was revoked", reason="KEY_REVOKED"), ADDRESS)
    assert isinstance(error, Unavailable)
    assert error.reason == "INFERENCE_KEY_REFUSED"
    assert ADDRESS in error.message


def test_a_server_that_does_not_answer_is_named_without_advice_for_users() -> None:
    error = domain_error(armoire.Unavailable("start one with ...", reason="NO_ANSWER"), ADDRESS)
    assert isinstance(error, Unavailable)
    assert error.message == f"the inference server at {ADDRESS} cannot be reached"


def test_a_server_without_the_service_is_unavailable() -> None:
    error = domain_error(armoire.Unimplemented("does not offer Analyze"), ADDRESS)
    assert isinstance(error, Unavailable)
    assert "no InferenceService" in error.message
