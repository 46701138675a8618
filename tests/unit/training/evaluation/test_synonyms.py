from __future__ import annotations

from pathlib import Path

import pytest

from domain.taxonomy import Taxonomy
from imaging.decode import DecodeLimits, decode
from training.evaluation.ground_truth import SynonymQuery, read_ground_truth
from training.evaluation.serving import ServingPath
from training.evaluation.synonyms import STREET, LabelledItem, fits, measure_synonyms

ROOT = Path(__file__).parents[4]
LABELS = {
    "red-party-dress": "Dress",
    "polka-dress": "Dress",
    "straight-jeans": "Pants",
    "camel-coat": "Outwear",
}


@pytest.fixture(scope="module")
def path(taxonomy: Taxonomy) -> ServingPath:
    return ServingPath.load(ROOT / "artifacts/demo-detector", ROOT / "artifacts/demo-embedder", taxonomy)


@pytest.fixture(scope="module")
def items(path: ServingPath) -> list[LabelledItem]:
    """Four samples; the coat is one on a person."""
    contents = [(ROOT / "samples" / f"{name}.jpg").read_bytes() for name in LABELS]
    labels = [label if label != "Outwear" else f"{STREET}coat" for label in LABELS.values()]
    pictures = [decode(content, DecodeLimits()) for content in contents]
    return [LabelledItem(label, path.predict(p)) for label, p in zip(labels, pictures, strict=True)]


def test_labels_of_the_two_data_sets_are_told_apart() -> None:
    query = SynonymQuery("coat", frozenset({"Outwear"}), frozenset({"coat"}))
    assert fits(query, "Outwear")
    assert fits(query, f"{STREET}coat")
    assert not fits(query, "coat")
    assert not fits(query, f"{STREET}Outwear")


def test_a_word_is_judged_by_the_labels_that_it_fits(
    path: ServingPath, items: list[LabelledItem], taxonomy: Taxonomy
) -> None:
    queries = [
        SynonymQuery("frock", frozenset({"Dress"}), frozenset()),
        SynonymQuery("parka", frozenset(), frozenset({"coat"})),
        SynonymQuery("beanie", frozenset({"Hat"}), frozenset()),
    ]
    figures = measure_synonyms(queries, items, path, taxonomy)
    assert set(figures) == {"whole photo", "item", "as served"}
    rows = {row.text: row for row in figures["as served"].rows}
    assert set(rows) == {"frock", "parka"}
    assert (rows["frock"].relevant, rows["frock"].ceiling, rows["frock"].precision) == (2, 0.4, 0.4)
    assert [rows["parka"].hits.index(label) for label in (f"{STREET}coat",)] == [
        rows["parka"].right.index(True)
    ]
    assert figures["as served"].searched == 4
    assert measure_synonyms(queries[2:], items, path, taxonomy) == {}


def test_every_committed_word_is_known_to_the_taxonomy(taxonomy: Taxonomy) -> None:
    for query in read_ground_truth(ROOT / "training/ground_truth", taxonomy).synonyms:
        assert len(taxonomy.categories_in(query.text)) == 1, query.text
