from __future__ import annotations

import pytest

from domain.errors import InvalidInput
from services.catalog.limits import CatalogLimits
from services.catalog.records.products import check_attributes

LIMITS = CatalogLimits()


def test_attributes_are_trimmed() -> None:
    assert check_attributes({" care ": " wash cold "}, LIMITS) == {"care": "wash cold"}


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"care": "a", " care ": "b"}, "the name 'care' is given twice, once with surrounding blanks"),
        ({"x" * 201: "a"}, f"the name '{'x' * 40}...' must have at most 200 characters, got 201"),
        ({"  ": "a"}, "the name '  ' must not be empty (1 to 200 characters)"),
        ({"a\x00b": "a"}, r"the name 'a\x00b' must not contain control characters"),
    ],
)
def test_a_bad_name_of_an_attribute_is_shown(attributes: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_attributes(attributes, LIMITS)
    assert caught.value.message == f"attributes: {message}"
