from __future__ import annotations

import numpy as np
import pytest

from domain.taxonomy import Taxonomy
from training.recipes.captions import CaptionWriter


@pytest.fixture(scope="module")
def captions_of(taxonomy: Taxonomy) -> CaptionWriter:
    return CaptionWriter(taxonomy)


def test_a_question_has_one_text_for_each_value_in_order(
    captions_of: CaptionWriter, taxonomy: Taxonomy
) -> None:
    rng = np.random.default_rng(0)
    for attribute in taxonomy.attributes:
        texts = captions_of.question(attribute.name, rng)
        assert len(texts) == len(attribute.values)
        if attribute.name not in ("category", "color"):
            assert all(value in text for value, text in zip(attribute.values, texts, strict=True))


def test_category_texts_use_words_that_mean_that_category(
    captions_of: CaptionWriter, taxonomy: Taxonomy
) -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        for text, category in zip(captions_of.question("category", rng), taxonomy.categories, strict=True):
            assert any(word in text for word in (category.name, *category.synonyms))


def test_captions_state_only_what_their_labels_say(captions_of: CaptionWriter, taxonomy: Taxonomy) -> None:
    rng = np.random.default_rng(0)
    red = list(taxonomy.colors).index("red")
    reds = {"red", *taxonomy.color_synonyms["red"]}
    striped = taxonomy.attribute("pattern").values.index("striped")
    captions = [captions_of.caption(4, ("gown",), red, striped, rng) for _ in range(60)]
    for caption in captions:
        assert bool(reds & set(caption.text.split())) == (caption.color == red)
        assert ("striped" in caption.text.split()) == (caption.pattern == striped)
        assert caption.category == 4
    assert {caption.color for caption in captions} == {-1, red}
    assert any("gown" in caption.text for caption in captions)


def test_words_for_the_garment_are_not_mixed_with_those_for_another_kind(
    captions_of: CaptionWriter, taxonomy: Taxonomy
) -> None:
    rng = np.random.default_rng(0)
    sweaters = " ".join(captions_of.caption(1, ("jumper",), -1, -1, rng).text for _ in range(60))
    assert "jumper" in sweaters
    assert "long sleeve" in sweaters
    assert "hoodie" not in sweaters
    shoes = " ".join(captions_of.caption(8, (), -1, -1, rng).text for _ in range(300))
    assert all(word in shoes for word in ("shoes", "trainers", "loafers"))


def test_what_is_unknown_is_never_stated(captions_of: CaptionWriter, taxonomy: Taxonomy) -> None:
    rng = np.random.default_rng(0)
    texts = " ".join(captions_of.caption(0, (), -1, -1, rng).text for _ in range(40)).split()
    assert not set(texts) & {*taxonomy.colors, *taxonomy.attribute("pattern").values}


def test_a_hard_negative_is_wrong_in_one_thing(captions_of: CaptionWriter) -> None:
    rng = np.random.default_rng(0)
    negatives = [captions_of.hard_negative(4, 7, rng) for _ in range(60)]
    assert all((negative.category == 4) != (negative.color == 7) for negative in negatives)
    assert {negative.category == 4 for negative in negatives} == {True, False}
