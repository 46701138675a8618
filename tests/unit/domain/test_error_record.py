from __future__ import annotations

import json

import pytest

from domain import errors
from domain.error_record import error_from_record, error_to_record

KEPT = [
    errors.InvalidInput("image.content", "is damaged", reason="DAMAGED", metadata={"a": "b"}),
    errors.Unauthenticated("who", reason="KEY_EXPIRED"),
    errors.PermissionDenied("not you", metadata={"scopes": "read"}),
    errors.NotFound("product", "x"),
    errors.AlreadyExists("taken"),
    errors.AlreadyExists("taken", resource="product", id="x"),
    errors.Conflict("changed"),
    errors.FailedPrecondition("later"),
    errors.Unimplemented("uri", "this server reads none"),
    errors.Overloaded("full", retry_after_s=2.5),
    errors.QuotaExceeded("shop", "max_items", "may keep 3 items"),
    errors.DeadlineExceeded("late"),
    errors.Unavailable("down", retry_after_s=7.0),
    errors.ArtifactError("damaged"),
    errors.ArmoireError("what", reason="INTERRUPTED"),
]


class PrivateError(errors.ArmoireError):
    """A kind that this module does not know."""

    reason = "PRIVATE"


@pytest.mark.parametrize("error", KEPT, ids=lambda error: type(error).__name__)
def test_an_error_comes_back_as_it_was(error: errors.ArmoireError) -> None:
    back = error_from_record(json.loads(json.dumps(error_to_record(error))))
    assert type(back) is type(error)
    assert vars(back) == vars(error)


def test_every_public_error_is_covered() -> None:
    public = {kind for kind in errors.ArmoireError.__subclasses__() if kind.__module__ == "domain.errors"}
    assert public <= {type(error) for error in KEPT}


def test_a_private_kind_comes_back_by_its_reason() -> None:
    back = error_from_record(error_to_record(PrivateError("the stored photo is gone")))
    assert (type(back), back.reason) == (errors.ArmoireError, "PRIVATE")
