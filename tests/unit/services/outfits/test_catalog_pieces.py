"""What is said of an item beside its garment type: formality, seasons and fit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from domain.garment_types import Season
from domain.types import AttributeValue, ScoredValue, ValueSource
from services.catalog.records.attributes import attribute_to_json
from services.catalog.records.item_sample import ItemWords
from services.catalog.resources.sampled_items import SampledItem
from services.outfits.catalog_pieces import SURE, SURE_ADULT, formality_of, piece_of, seasons_of
from services.outfits.piece import Piece
from tests.unit.services.catalog.sync.test_index_rows import COAT
from tests.unit.services.outfits.wardrobes import taxonomy

TAXONOMY = taxonomy()
JACKET = TAXONOMY.garment_type("outerwear", "jacket")
assert JACKET is not None
SURE_OUTERWEAR = {"category": attribute_to_json(AttributeValue.one("outerwear", 0.95))}


def coat(**said: AttributeValue) -> Piece:
    answers = {name: attribute_to_json(answer) for name, answer in said.items()}
    item = replace(COAT, answers=answers, product_type="", product_attributes={})
    made = piece_of(SampledItem(item, ItemWords("", "")), TAXONOMY)
    assert made is not None
    return made


def test_the_garment_type_alone_tells_where_nothing_is_said() -> None:
    made = coat()
    assert made.type == JACKET
    assert (made.formality, made.seasons, made.fit) == (JACKET.formality, JACKET.seasons, "")


def test_what_a_person_says_replaces_what_the_type_tells() -> None:
    made = coat(
        formality=AttributeValue.one("formal", 1.0),
        season=AttributeValue((ScoredValue("winter", 1.0), ScoredValue("autumn", 1.0))),
        fit=AttributeValue.one("oversized", 1.0),
    )
    assert made.formality == TAXONOMY.number_of("formality", "formal")
    assert made.seasons == {Season.WINTER, Season.AUTUMN}
    assert made.fit == "oversized"


def test_a_sure_answer_moves_the_formality_by_its_score() -> None:
    formal = TAXONOMY.number_of("formality", "formal")
    assert formal is not None
    found = formality_of(AttributeValue.one("formal", 0.75), JACKET, TAXONOMY)
    assert found == pytest.approx(JACKET.formality + 0.75 * (formal - JACKET.formality))


def test_an_answer_that_is_not_sure_does_not_count() -> None:
    made = coat(
        formality=AttributeValue.one("formal", SURE - 0.01),
        season=AttributeValue.one("summer", SURE - 0.01),
        fit=AttributeValue.one("slim", SURE - 0.01),
    )
    assert (made.formality, made.seasons, made.fit) == (JACKET.formality, JACKET.seasons, "")


def test_a_number_is_the_formality() -> None:
    assert formality_of(AttributeValue(number=0.9), JACKET, TAXONOMY) == pytest.approx(0.9)


def test_words_of_other_taxonomies_tell_nothing() -> None:
    assert formality_of(AttributeValue.one("schick", 1.0), JACKET, TAXONOMY) == JACKET.formality
    assert seasons_of(AttributeValue.one("Sommer", 1.0)) is None


def age(value: str, score: float, source: ValueSource = ValueSource.MODEL) -> AttributeValue:
    return replace(AttributeValue.one(value, score), source=source)


def test_what_a_model_does_not_surely_take_for_an_adults_may_be_a_childs() -> None:
    parka = replace(COAT, label="parka", product_type="", product_category="")

    def doubt(answer: AttributeValue | None, name: str = "", **attributes: str) -> int:
        said = {} if answer is None else {"age_group": attribute_to_json(answer)}
        item = replace(parka, answers=SURE_OUTERWEAR | said, product_attributes=attributes)
        made = piece_of(SampledItem(item, ItemWords("", name)), TAXONOMY)
        assert made is not None
        return made.doubt

    assert doubt(None) == doubt(age("adult", SURE_ADULT)) == 0
    assert doubt(age("adult", SURE_ADULT - 0.01)) == 1
    assert doubt(age("kids", 0.9)) == 2
    assert doubt(age("kids", 0.9), "Red parka") == doubt(age("kids", 0.9), age_group="adult") == 0
    assert doubt(age("kids", 1.0, ValueSource.PERSON)) == 0


def test_whom_something_is_for_is_believed_from_people() -> None:
    assert coat(age_group=age("kids", 0.99)).audience == ("", "")
    assert coat(age_group=age("kids", 1.0, ValueSource.PERSON)).audience == ("", "kids")
