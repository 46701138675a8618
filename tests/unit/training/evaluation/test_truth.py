from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import Box
from training.evaluation.truth import TextQuery, read_truth

TRUTH = Path(__file__).parents[4] / "training" / "truth"


def test_tables_are_read(tmp_path: Path) -> None:
    (tmp_path / "queries.csv").write_text("text,category,color\nred tee,t-shirt,red\n")
    (tmp_path / "colors.csv").write_text("image,color,also\na,red,coral|pink\nb,navy,\n")
    (tmp_path / "boxes.csv").write_text("image,x1,y1,x2,y2\na,0.1,0.2,0.9,1\n")
    truth = read_truth(tmp_path)
    assert truth.queries == (TextQuery("red tee", "t-shirt", "red"),)
    assert truth.colors == {"a": {"red", "coral", "pink"}, "b": {"navy"}}
    assert truth.boxes == {"a": Box(0.1, 0.2, 0.9, 1.0)}


def test_tables_that_are_not_there_are_empty(tmp_path: Path) -> None:
    truth = read_truth(tmp_path)
    assert [*truth.queries, *truth.colors, *truth.boxes, *truth.cutouts] == []


@pytest.mark.parametrize("row", ["a,0.5,0,0.4,1", "a,0,0,1.2,1", "a,0,0,one,1", "a,0,0,1"])
def test_a_box_that_is_none_is_refused_by_its_row(tmp_path: Path, row: str) -> None:
    (tmp_path / "boxes.csv").write_text(f"image,x1,y1,x2,y2\nok,0,0,1,1\n{row}\n")
    with pytest.raises(InvalidInput, match=r"boxes\.csv\[1\]"):
        read_truth(tmp_path)


def test_what_is_committed_speaks_of_the_taxonomy(taxonomy: Taxonomy) -> None:
    truth = read_truth(TRUTH)
    names = {category.name for category in taxonomy.categories}
    assert len(truth.queries) == len({query.text for query in truth.queries}) == 40
    assert len(truth.boxes) == 100
    assert {query.category for query in truth.queries} <= names
    assert {query.color for query in truth.queries} <= set(taxonomy.colors)
    assert set().union(*truth.colors.values()) <= set(taxonomy.colors)


def test_a_folder_or_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="must be a folder"):
        read_truth(tmp_path / "nowhere")
    (tmp_path / "queries.csv").write_text("text,color\nred hat,red\n")
    with pytest.raises(InvalidInput, match="category is missing"):
        read_truth(tmp_path)
