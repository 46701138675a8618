from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import Box
from training.evaluation.ground_truth import SynonymQuery, TextQuery, read_ground_truth

TRUTH = Path(__file__).parents[4] / "training" / "ground_truth"


def test_tables_are_read(tmp_path: Path, taxonomy: Taxonomy) -> None:
    (tmp_path / "queries.csv").write_text("text,category,color\nred tee,t-shirt,red\n")
    (tmp_path / "colors.csv").write_text("image,color,also\na,red,coral|pink\nb,navy,\n")
    (tmp_path / "boxes.csv").write_text("image,x1,y1,x2,y2\na,0.1,0.2,0.9,1\n")
    (tmp_path / "cutouts.csv").write_text("image,verdict\na,rough\n")
    (tmp_path / "synonyms.csv").write_text(
        "text,labels,street\njumper,Longsleeve|Hoodie,sweater\npurse,,bag|purse\n"
    )
    truth = read_ground_truth(tmp_path, taxonomy)
    assert truth.cutouts == {"a": "rough"}
    assert truth.queries == (TextQuery("red tee", "t-shirt", "red"),)
    assert truth.colors == {"a": ("red", "coral", "pink"), "b": ("navy",)}
    assert truth.boxes == {"a": Box(0.1, 0.2, 0.9, 1.0)}
    assert truth.synonyms == (
        SynonymQuery("jumper", frozenset({"Longsleeve", "Hoodie"}), frozenset({"sweater"})),
        SynonymQuery("purse", frozenset(), frozenset({"bag", "purse"})),
    )


def test_tables_that_are_not_there_are_empty(tmp_path: Path, taxonomy: Taxonomy) -> None:
    truth = read_ground_truth(tmp_path, taxonomy)
    assert [*truth.queries, *truth.colors, *truth.boxes, *truth.cutouts, *truth.synonyms] == []


@pytest.mark.parametrize("row", ["a,0.5,0,0.4,1", "a,0,0,1.2,1", "a,0,0,one,1", "a,0,0,1"])
def test_a_box_that_is_none_is_refused_by_its_row(tmp_path: Path, row: str, taxonomy: Taxonomy) -> None:
    (tmp_path / "boxes.csv").write_text(f"image,x1,y1,x2,y2\nok,0,0,1,1\n{row}\n")
    with pytest.raises(InvalidInput, match=r"boxes\.csv\[1\]"):
        read_ground_truth(tmp_path, taxonomy)


@pytest.mark.parametrize(
    ("file", "header", "row", "complaint"),
    [
        (
            "queries",
            "text,category,color",
            "red tee,tshirt,red",
            r"queries\.csv\[0\]\.category.*not 'tshirt'",
        ),
        ("queries", "text,category,color", "red tee,t-shirt,crimson", r"\[0\]\.color.*not 'crimson'"),
        ("queries", "text,category,color", "red hat,t-shirt,red", r"\[0\]\.text.*category 't-shirt'"),
        ("queries", "text,category,color", "redder tee,t-shirt,red", r"\[0\]\.text.*colour 'red'"),
        ("colors", "image,color,also", "a,scarlet,", r"colors\.csv\[0\]\.color.*not 'scarlet'"),
        ("colors", "image,color,also", "a,,red", r"colors\.csv\[0\]\.color"),
        ("colors", "image,color,also", "a,red,pink|rosy", r"colors\.csv\[0\]\.also.*not 'rosy'"),
        ("synonyms", "text,labels,street", "frock,Frock,", r"synonyms\.csv\[0\]\.labels.*not 'Frock'"),
        ("synonyms", "text,labels,street", "frock,Dress,Dress", r"synonyms\.csv\[0\]\.street.*not 'Dress'"),
        ("synonyms", "text,labels,street", "frock,,", r"synonyms\.csv\[0\].*a label that it fits"),
        ("cutouts", "image,verdict", "a,fine", r"cutouts\.csv\[0\]\.verdict.*not 'fine'"),
    ],
)
def test_words_outside_the_taxonomy_are_refused_by_their_row(
    tmp_path: Path, taxonomy: Taxonomy, file: str, header: str, row: str, complaint: str
) -> None:
    (tmp_path / f"{file}.csv").write_text(f"{header}\n{row}\n")
    with pytest.raises(InvalidInput, match=complaint):
        read_ground_truth(tmp_path, taxonomy)


def test_a_text_may_use_synonyms(tmp_path: Path, taxonomy: Taxonomy) -> None:
    (tmp_path / "queries.csv").write_text("text,category,color\nNavy-blue pullovers,long sleeve,navy\n")
    (query,) = read_ground_truth(tmp_path, taxonomy).queries
    assert query.color == "navy"


def test_what_is_committed_speaks_of_the_taxonomy(taxonomy: Taxonomy) -> None:
    truth = read_ground_truth(TRUTH, taxonomy)
    assert len(truth.queries) == len({query.text for query in truth.queries}) == 40
    assert len(truth.synonyms) == len({query.text for query in truth.synonyms}) == 20
    assert (len(truth.boxes), len(truth.colors), len(truth.cutouts)) == (100, 879, 60)


def test_a_folder_or_a_column_that_is_not_there_is_refused(tmp_path: Path, taxonomy: Taxonomy) -> None:
    with pytest.raises(InvalidInput, match="must be a folder"):
        read_ground_truth(tmp_path / "nowhere", taxonomy)
    (tmp_path / "queries.csv").write_text("text,color\nred hat,red\n")
    with pytest.raises(InvalidInput, match="category is missing"):
        read_ground_truth(tmp_path, taxonomy)
