from __future__ import annotations

import json

import pytest

from domain.types import AttributeValue, ScoredValue, ValueSource
from services.catalog.records.attributes import attribute_from_json, attribute_to_json


@pytest.mark.parametrize(
    "attribute",
    [
        AttributeValue.one("dress", 0.75),
        AttributeValue((ScoredValue("spring", 0.5), ScoredValue("autumn", 0.25))),
        AttributeValue(number=0.125),
        AttributeValue((ScoredValue("dress", 1.0),), source=ValueSource.PERSON),
        AttributeValue(),
    ],
)
def test_a_value_comes_back_as_it_was(attribute: AttributeValue) -> None:
    assert attribute_from_json(json.loads(json.dumps(attribute_to_json(attribute)))) == attribute


def test_a_pair_of_older_rows_is_read() -> None:
    assert attribute_from_json(["dress", 0.75]) == AttributeValue.one("dress", 0.75)


def test_the_surest_value_stands_for_all() -> None:
    seasons = AttributeValue((ScoredValue("spring", 0.5), ScoredValue("autumn", 0.25)))
    assert (seasons.value, seasons.score) == ("spring", 0.5)
    assert (AttributeValue(number=2).value, AttributeValue(number=2).score) == ("", 0.0)
