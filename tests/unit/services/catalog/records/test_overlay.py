from __future__ import annotations

from typing import Any

import pytest

from domain.types import ColorShare
from services.catalog.records.attributes import top_value
from services.catalog.records.overlay import (
    attributes_over,
    color_names_over,
    colors_over,
    values_excluded,
    values_said,
)

PREDICTED = {"color": {"values": [["red", 0.9]]}, "pattern": ["plain", 0.8]}
"""As an earlier release has kept it: of the embedder."""
MEASURED = [["navy", 0.6, 0x102040], ["grey", 0.4, 0x808080]]


@pytest.mark.parametrize(
    ("said", "measured", "color"),
    [
        ({}, MEASURED, "navy"),
        ({}, [], "red"),
        (values_said(["green"]), MEASURED, "green"),
        (values_said(["green"]), [], "green"),
        (values_said([]), MEASURED, None),
        (values_excluded(["Navy", "denim"]), MEASURED, "grey"),
        (values_excluded(["navy", "grey"]), MEASURED, None),
        (values_excluded(["red"]), MEASURED, "navy"),
        (values_excluded(["red"]), [], None),
    ],
)
def test_the_attribute_color_is_the_first_of_the_colours_as_people_see_them(
    said: dict[str, Any], measured: list[list[Any]], color: str | None
) -> None:
    answers = {"color": said} if said else {}
    laid = attributes_over(PREDICTED, answers, measured)
    assert ("color" in laid) == (color is not None)
    assert color is None or top_value(laid["color"]) == color
    assert laid["pattern"] == PREDICTED["pattern"]
    if measured:
        names = [each.name for each in colors_over([ColorShare(*each) for each in measured], answers)]
        assert names[:1] == ([color] if color else [])
        assert color_names_over([each[0] for each in measured], answers) == names


def test_the_score_of_a_measured_colour_is_its_share() -> None:
    assert attributes_over(PREDICTED, {}, MEASURED)["color"] == {"values": [["navy", 0.6]]}


def test_an_item_of_which_no_model_has_said_anything_gets_no_attribute() -> None:
    assert attributes_over({}, {}, MEASURED) == {}
