from __future__ import annotations

from pathlib import Path

import pytest

from domain.taxonomy import Taxonomy
from services.catalog.search.filter import MATCH_ALL, Condition, Filter, OneOf
from services.catalog.search.modification import (
    Modification,
    modification_filter,
    read_modification,
    split_negated,
)

TAXONOMY = Taxonomy.load(Path(__file__).parents[5] / "domain/taxonomy.toml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("this, but in red", Modification(("red",))),
        ("in dark red", Modification(("burgundy",))),
        ("the same in light blue, please", Modification(("light blue",))),
        ("red or GRAY", Modification(("grey", "red"))),
        ("as a dress", Modification((), ("dress",))),
        ("red sneakers with wider soles", Modification(("red",), ("shoes",), "wider soles")),
        ("striped", Modification(rest="striped")),
        ("jeans blue", Modification(("denim",))),
        ("blue jeans", Modification(("blue",), ("trousers",))),
        ("this one", Modification()),
    ],
)
def test_a_text_is_read(text: str, expected: Modification) -> None:
    assert read_modification(text, TAXONOMY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("this, but in red", ("this in red", "")),
        ("this, but not in red", ("this", "in red")),
        ("a dress without dots", ("a dress", "dots")),
        ("not red but blue", ("blue", "red")),
        ("anything but RED", ("", "red")),
        ("the same thing, but in red", ("the same thing in red", "")),
        ("the same thing but in red", ("the same thing in red", "")),
        ("blue instead of red, with no hood", ("blue with", "red hood")),
        ("don\u2019t show hats", ("", "show hats")),
        ("no stripes and in green", ("green", "stripes")),
        ("a nautical knot", ("a nautical knot", "")),
        ("", ("", "")),
    ],
)
def test_words_after_a_negation_are_told_apart(text: str, expected: tuple[str, str]) -> None:
    assert split_negated(text) == expected


def condition(field: str, *values: str) -> Condition:
    return Condition(field, OneOf(values))


def test_colours_are_asked_for_and_the_category_is_kept() -> None:
    white, red = Modification(("white",)), Modification(("red", "white"))
    assert modification_filter([white], [], "dress") == Filter(
        (condition("main_color", "white"), condition("category", "dress"))
    )
    assert modification_filter([white, red], [], "") == Filter((condition("main_color", "white", "red"),))


def test_a_category_that_is_named_replaces_that_of_the_picture() -> None:
    skirt = Modification((), ("skirt",))
    assert modification_filter([skirt], [], "dress") == Filter((condition("category", "skirt"),))


def test_what_is_not_wanted_is_excluded() -> None:
    found = modification_filter([], [Modification(("red",), ("hat",))], "")
    assert found == Filter(
        none_of=(Filter((condition("main_color", "red"),)), Filter((condition("category", "hat"),)))
    )


def test_words_without_colour_or_category_filter_nothing() -> None:
    assert modification_filter([Modification(rest="striped")], [], "") == MATCH_ALL
