from __future__ import annotations

import numpy as np
import pytest

from domain.taxonomy import Taxonomy
from training.recipes.phrases import Phrasebook


@pytest.fixture(scope="module")
def phrases(taxonomy: Taxonomy) -> Phrasebook:
    return Phrasebook(taxonomy)


def test_a_question_has_one_text_for_each_value_in_order(phrases: Phrasebook, taxonomy: Taxonomy) -> None:
    rng = np.random.default_rng(0)
    for attribute in taxonomy.attributes:
        texts = phrases.question(attribute.name, rng)
        assert len(texts) == len(attribute.values)
        if attribute.name not in ("category", "color"):
            assert all(value in text for value, text in zip(attribute.values, texts, strict=True))


def test_category_texts_use_words_that_mean_that_category(phrases: Phrasebook, taxonomy: Taxonomy) -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        for text, category in zip(phrases.question("category", rng), taxonomy.categories, strict=True):
            assert any(word in text for word in (category.name, *category.synonyms))


def test_captions_say_only_what_they_claim(phrases: Phrasebook, taxonomy: Taxonomy) -> None:
    rng = np.random.default_rng(0)
    red = list(taxonomy.colors).index("red")
    reds = {"red", *taxonomy.color_synonyms["red"]}
    striped = taxonomy.attribute("pattern").values.index("striped")
    captions = [phrases.caption(4, ("gown",), red, striped, rng) for _ in range(60)]
    for caption in captions:
        assert bool(reds & set(caption.text.split())) == (caption.color == red)
        assert ("striped" in caption.text.split()) == (caption.pattern == striped)
        assert caption.category == 4
    assert {caption.color for caption in captions} == {-1, red}
    assert any("gown" in caption.text for caption in captions)


def test_what_is_unknown_is_never_said(phrases: Phrasebook, taxonomy: Taxonomy) -> None:
    rng = np.random.default_rng(0)
    texts = " ".join(phrases.caption(0, (), -1, -1, rng).text for _ in range(40)).split()
    assert not set(texts) & {*taxonomy.colors, *taxonomy.attribute("pattern").values}


def test_a_lie_is_wrong_in_one_thing(phrases: Phrasebook) -> None:
    rng = np.random.default_rng(0)
    lies = [phrases.lie(4, 7, rng) for _ in range(60)]
    assert all((lie.category == 4) != (lie.color == 7) for lie in lies)
    assert {lie.category == 4 for lie in lies} == {True, False}
