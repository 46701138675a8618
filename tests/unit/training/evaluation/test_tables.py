from __future__ import annotations

import json
from dataclasses import replace

import pytest

from training.evaluation.figures import Figures
from training.evaluation.tables import NOT_MEASURED, tables

SOURCE = "\nMade by `python -m training evaluate`: 4 photos of 3 contributors (toys).\n"


def rows(table: str) -> list[list[str]]:
    """The cells below the columns."""
    lines = [line for line in table.split("\n") if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_every_table_says_what_it_was_made_of(full_figures: Figures) -> None:
    made = tables(full_figures.to_json(), full_figures.to_json())
    assert len(made) > 15
    for name, table in made.items():
        assert table.startswith("| "), name
        assert table.endswith(SOURCE), name


def test_a_caveat_stands_under_every_table(full_figures: Figures) -> None:
    warned = replace(full_figures, caveat="They mean little")
    for table in tables(warned.to_json(), full_figures.to_json()).values():
        assert table.endswith("contributors (toys). They mean little.\n")


def test_what_was_not_measured_is_said(figures: Figures) -> None:
    made = tables(figures.to_json())
    missing = {name for name, table in made.items() if table == NOT_MEASURED}
    assert missing == {
        "texts",
        "queries",
        "boxes",
        "scenes",
        "cutouts",
        "people",
        "speed",
        "families",
        "families-worn",
        "families-lying",
        "worn",
        "worn-categories",
        "products",
        "synonyms",
        "synonym-words",
        "words",
        "word-values",
        "versions",
    }


def test_figures_stand_with_their_intervals(full_figures: Figures) -> None:
    made = tables(full_figures.to_json())
    assert rows(made["neighbours"]) == [
        ["whole photo", "0.100 (0.000 to 0.200)"],
        ["item", "0.200 (0.100 to 0.300)"],
        ["as served", "0.300 (0.200 to 0.400)"],
        ["best that these photos allow", "0.900"],
    ]
    assert rows(made["itself"])[0][3] == "0.800 (0.200 to 0.400)"
    assert rows(made["boxed"])[1] == ["boxes a photo", "1.42 (1.32 to 1.52)"]
    assert rows(made["boxes"])[0][1:] == ["0.940 (0.840 to 1.040)", "0.790 (0.690 to 0.890)"]
    assert rows(made["cutouts"]) == [["right", "0.75 (0.65 to 0.85)", "4"]]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("categories-photo", [["dress", "2", "1.00", "2", "1.00"], ["hat", "2", "0.50", "1", "1.00"]]),
        ("categories-item", [["dress", "2", "0.50", "1", "1.00"], ["hat", "2", "1.00", "3", "0.67"]]),
        ("categories-detector", [["dress", "2", "0.00", "1", "0.00"], ["hat", "2", "0.50", "2", "0.50"]]),
    ],
)
def test_categories_are_told_by_their_own_way_of_asking(
    figures: Figures, name: str, expected: list[list[str]]
) -> None:
    assert rows(tables(figures.to_json())[name]) == expected


def test_other_tables_hold_what_was_measured(full_figures: Figures) -> None:
    made = tables(full_figures.to_json())
    assert rows(made["models"])[1][3:5] == ["image 11.5, text 3.9", "15.6"]
    assert rows(made["queries"]) == [["red hat", "hat", "red", "7", "0.6"]]
    assert rows(made["texts"]) == [["as served", "0.645 (0.545 to 0.745)", "0.950", "1"]]
    assert rows(made["scenes"])[1] == ["all, 20 scenes", "35", "**0.576**", "**0.488**", "**0.487**"]
    assert rows(made["people"]) == [["bus.jpg", "shoes 0.48"], ["zidane.jpg", "none"]]
    assert rows(made["speed"])[0][-1] == "0.031 (0.030 to 0.032)"
    assert rows(made["worn-categories"]) == [["bag", "79", "0.40", "0.30", "60", "0.10", "0.20"]]
    assert rows(made["products"])[-1] == ["hat", "1.00 of 2"]
    assert rows(made["synonyms"]) == [["as served", "0.550 (0.450 to 0.650)", "0.900", "1"]]
    assert rows(made["synonym-words"]) == [["frock", "9", "0.4", "Dress, Skirt"]]


def test_two_versions_stand_beside_each_other(full_figures: Figures, figures: Figures) -> None:
    (now,) = [
        row
        for row in rows(tables(full_figures.to_json())["summary"])
        if row[0].startswith("worn garments found,")
    ]
    fewer = replace(full_figures.boxes, found=replace(full_figures.boxes.found, value=0.5, count=3))
    old = replace(figures, boxes=fewer, models=(replace(figures.models[0], version="older-1"),))
    table = tables(full_figures.to_json(), old.to_json())["versions"]
    assert "| figure | aim | `older-1` | `small-1`, `towers-1` |" in table
    compared = {row[0]: row[2:] for row in rows(table)}
    assert compared["worn garments found, IoU ≥ 0.5"] == ["–", now[2]]
    assert compared["garments found, IoU ≥ 0.5"][0] == "0.500 (0.840 to 1.040), 3 cases"
    assert (
        compared["category through detect, then label, top-1"][0]
        == compared["category through detect, then label, top-1"][1]
    )


def test_figures_of_another_kind_are_no_tables() -> None:
    with pytest.raises(KeyError):
        tables(json.dumps({"photos": 4}))
