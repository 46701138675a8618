from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from domain.taxonomy import Attribute, Category, Taxonomy
from models.artifact import Artifact
from models.attributes import AttributeClassifier, Vocabulary, build_vocabularies
from models.session import OnnxSession
from models.text_encoder import TextEncoder


class CountingEncoder(TextEncoder):
    """Remembers the texts it was asked for."""

    def __init__(self, artifact: Artifact) -> None:
        super().__init__(artifact, OnnxSession(artifact.graph("text")))
        self.seen: list[str] = []

    def preprocess(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        self.seen += texts
        return super().preprocess(texts)


@pytest.fixture
def encoder(embedder_artifact: Artifact) -> CountingEncoder:
    return CountingEncoder(embedder_artifact)


@pytest.fixture
def taxonomy() -> Taxonomy:
    return Taxonomy(
        categories=(Category("dress", "one-piece", ("gown",), ("frock",)), Category("red", "top", ())),
        attributes=(
            Attribute("category", ("dress", "red"), ("{}", "a {}")),
            Attribute("color", ("red", "blue"), ("{} dress",)),
        ),
        colors={"red": (45.0, 66.0, 45.0), "blue": (40.0, 12.0, -56.0)},
        color_synonyms={},
    )


def test_answers_are_the_nearest_words() -> None:
    words = Vocabulary(("red", "blue"), np.array([[1, 0], [0, 1]], np.float32))
    classifier = AttributeClassifier({"color": words}, logit_scale=10.0)
    first, second = classifier.describe(np.array([[0.8, 0.6], [0, 1]], np.float32))
    assert first["color"].value == "red"
    assert first["color"].score == pytest.approx(1 / (1 + np.exp(-2)), abs=1e-6)
    assert second["color"].value == "blue"


def test_a_large_scale_does_not_overflow() -> None:
    words = Vocabulary(("red", "blue"), np.array([[1, 0], [-1, 0]], np.float32))
    (answers,) = AttributeClassifier({"color": words}, 1e6).describe(np.array([[1, 0]], np.float32))
    assert answers["color"].score == 1.0


def test_nothing_to_describe() -> None:
    words = Vocabulary(("red", "blue"), np.eye(2, dtype=np.float32))
    assert AttributeClassifier({"color": words}, 1.0).describe(np.zeros((0, 2), np.float32)) == []


def test_labels_are_the_mean_of_their_phrases(encoder: CountingEncoder, taxonomy: Taxonomy) -> None:
    color = build_vocabularies(taxonomy, encoder)["color"]
    assert color.values == ("red", "blue")
    phrases = encoder.run(encoder.preprocess(["red", "red dress"])).mean(axis=0)
    assert color.embeddings[0] == pytest.approx(phrases / np.linalg.norm(phrases))
    assert np.linalg.norm(color.embeddings, axis=1) == pytest.approx([1, 1])


def test_words_that_are_not_asked_are_not_embedded(encoder: CountingEncoder, taxonomy: Taxonomy) -> None:
    more = Attribute("fit", ("slim", "loose"), ("{}",), asked=False)
    wider = dataclasses.replace(taxonomy, attributes=(*taxonomy.attributes, more))
    assert list(build_vocabularies(wider, encoder)) == ["category", "color"]
    assert "slim" not in encoder.seen


def test_categories_are_asked_by_their_synonyms_too_but_not_by_aliases(
    encoder: CountingEncoder, taxonomy: Taxonomy
) -> None:
    build_vocabularies(taxonomy, encoder)
    assert not any("frock" in text for text in encoder.seen)
    assert {"dress", "gown", "a dress", "a gown", "red", "a red"} <= set(encoder.seen)
    assert len(encoder.seen) == len(set(encoder.seen))


def test_the_cache_spares_the_model(tmp_path: Path, encoder: CountingEncoder, taxonomy: Taxonomy) -> None:
    first = build_vocabularies(taxonomy, encoder, tmp_path / "cache")
    encoder.seen.clear()
    second = build_vocabularies(taxonomy, encoder, tmp_path / "cache")
    assert encoder.seen == []
    assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".npz"]
    for name, words in first.items():
        assert second[name].values == words.values
        assert np.array_equal(second[name].embeddings, words.embeddings)


def test_another_vocabulary_is_another_entry(
    tmp_path: Path, encoder: CountingEncoder, taxonomy: Taxonomy
) -> None:
    build_vocabularies(taxonomy, encoder, tmp_path / "cache")
    encoder.seen.clear()
    fewer = dataclasses.replace(taxonomy, attributes=taxonomy.attributes[:1])
    assert list(build_vocabularies(fewer, encoder, tmp_path / "cache")) == ["category"]
    assert encoder.seen


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"no archive at all"])
def test_a_damaged_cache_is_made_again(
    tmp_path: Path, encoder: CountingEncoder, taxonomy: Taxonomy, content: bytes
) -> None:
    expected = build_vocabularies(taxonomy, encoder, tmp_path / "cache")
    (entry,) = (tmp_path / "cache").iterdir()
    entry.write_bytes(content)
    again = build_vocabularies(taxonomy, encoder, tmp_path / "cache")
    assert np.array_equal(again["color"].embeddings, expected["color"].embeddings)
    assert entry.read_bytes() != content


def test_a_cache_that_cannot_be_written_is_done_without(
    tmp_path: Path, encoder: CountingEncoder, taxonomy: Taxonomy, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("a file is in the way")
    found = build_vocabularies(taxonomy, encoder, tmp_path / "cache")
    assert np.array_equal(
        found["color"].embeddings, build_vocabularies(taxonomy, encoder)["color"].embeddings
    )
    assert len([line for line in caplog.messages if "could not be kept" in line]) == 1


def test_a_garment_score_is_the_share_of_the_categories() -> None:
    categories = Vocabulary(("dress", "hat"), np.array([[1, 0, 0], [0, 1, 0]], np.float32))
    others = Vocabulary(("tree",), np.array([[0, 0, 1]], np.float32))
    classifier = AttributeClassifier({"category": categories, "non_garments": others}, logit_scale=2.0)
    garment, tree = np.array([[1, 0, 0], [0, 0, 1]], np.float32)
    scores = classifier.garment_scores(np.stack([garment, tree]))
    e = np.exp(2.0)
    assert scores == [pytest.approx((e + 1) / (e + 2)), pytest.approx(2 / (e + 2))]
    (answers,) = classifier.describe(garment[None])
    assert list(answers) == ["category"]


def test_without_words_for_other_things_there_is_no_garment_score() -> None:
    categories = Vocabulary(("dress", "hat"), np.eye(2, dtype=np.float32))
    classifier = AttributeClassifier({"category": categories}, logit_scale=2.0)
    assert classifier.garment_scores(np.eye(2, dtype=np.float32)) == [None, None]


def test_words_for_other_things_are_embedded_as_categories_are(
    encoder: CountingEncoder, taxonomy: Taxonomy
) -> None:
    with_others = dataclasses.replace(taxonomy, non_garments=("tree",))
    vocabularies = build_vocabularies(with_others, encoder)
    assert vocabularies["non_garments"].values == ("tree",)
    assert {"tree", "a tree"} <= set(encoder.seen)
