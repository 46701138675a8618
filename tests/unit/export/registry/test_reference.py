"""References to registered models."""

from __future__ import annotations

import pytest

from domain.errors import InvalidInput
from export.registry.reference import RegistryReference


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mlflow:garments@production", RegistryReference("garments", alias="production")),
        ("mlflow:armoire-demo.v2/17", RegistryReference("armoire-demo.v2", version="17")),
    ],
)
def test_a_reference_is_read_and_written(text: str, expected: RegistryReference) -> None:
    assert RegistryReference.parse(text) == expected
    assert str(expected) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "garments", "garments@production", "mlflow:", "mlflow:garments", "mlflow:garments@"),
        *("mlflow:@production", "mlflow:garments/x", "mlflow:garments/", "mlflow:a@b@c", "mlflow:../x@y"),
        *("mlflow:.hidden@y", "mlflow:a@b/1", f"mlflow:{'a' * 101}@x", "mlflow:a b@x", "mlflow:a@\n"),
    ],
)
def test_what_is_no_reference_is_refused_with_the_field(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"^checkpoint: must ") as refused:
        RegistryReference.parse(text, "checkpoint")
    assert len(refused.value.message) < 300
