from __future__ import annotations

import json

import pytest

from domain import errors
from services.catalog.indexing.indexer import OriginalMissing
from services.catalog.records.failures import error_from_json, error_to_json

KEPT = [
    errors.InvalidInput("image.content", "is damaged", reason="DAMAGED", metadata={"a": "b"}),
    errors.NotFound("product", "x"),
    errors.AlreadyExists("taken"),
    errors.Conflict("changed"),
    errors.FailedPrecondition("later"),
    errors.Overloaded("full"),
    errors.DeadlineExceeded("late"),
    errors.Unavailable("down"),
    errors.ArtifactError("damaged"),
    errors.ArmoireError("what", reason="INTERRUPTED"),
]


@pytest.mark.parametrize("error", KEPT, ids=lambda error: type(error).__name__)
def test_an_error_comes_back_as_it_was(error: errors.ArmoireError) -> None:
    back = error_from_json(json.loads(json.dumps(error_to_json(error))))
    assert type(back) is type(error)
    assert (back.message, back.reason, back.metadata) == (error.message, error.reason, error.metadata)
    if isinstance(error, errors.InvalidInput):
        assert isinstance(back, errors.InvalidInput)
        assert back.violations == error.violations


def test_every_public_error_is_covered() -> None:
    public = {kind for kind in errors.ArmoireError.__subclasses__() if kind.__module__ == "domain.errors"}
    assert public <= {type(error) for error in KEPT}


def test_a_private_kind_comes_back_by_its_reason() -> None:
    back = error_from_json(error_to_json(OriginalMissing("the stored photo is gone")))
    assert (type(back), back.reason) == (errors.ArmoireError, "ORIGINAL_MISSING")
