from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from domain.garment_types import Season, Slot
from domain.types import AttributeValue, ScoredValue, ValueSource
from services.catalog.records.attributes import attribute_to_json
from services.catalog.records.item_sample import ItemWords
from services.catalog.resources.sampled_items import SampledItem
from services.outfits.catalog_pieces import SURE_CATEGORY, audience_of, piece_of
from services.outfits.doubts import ENOUGH, without_doubtful
from services.outfits.piece import Piece, for_one_person
from services.outfits.scorer import Occasion
from services.outfits.slot_plans import weather_slots
from tests.unit.services.catalog.sync.test_index_rows import COAT
from tests.unit.services.outfits.wardrobes import piece, taxonomy


def made(
    category: AttributeValue,
    label: str = "",
    *,
    primary: bool = True,
    name: str = "",
    product_type: str = "",
    product_category: str = "",
) -> Piece:
    answers = {"category": attribute_to_json(category)}
    item = replace(
        COAT,
        answers=answers,
        attributes={"category": category.value},
        label=label,
        primary_in_image=primary,
        product_type=product_type,
        product_category=product_category,
    )
    found = piece_of(SampledItem(item, ItemWords("", name)), taxonomy())
    assert found is not None
    return found


SURE = AttributeValue.one("shirt", SURE_CATEGORY)
UNSURE = AttributeValue.one("shirt", SURE_CATEGORY - 0.01)


@pytest.mark.parametrize(
    ("category", "label", "doubtful"),
    [
        (SURE, "", False),
        (SURE, "shirt", False),
        (SURE, "blouse", False),
        (SURE, "person", False),
        (SURE, "dress", True),
        (UNSURE, "shirt", True),
    ],
)
def test_what_the_models_are_not_sure_of_is_doubtful(
    category: AttributeValue, label: str, doubtful: bool
) -> None:
    assert made(category, label).doubtful == doubtful


def test_a_category_alone_does_not_tell_which_coat_or_hat_it_is() -> None:
    hat, outerwear = (AttributeValue.one(name, 1.0) for name in ("hat", "outerwear"))
    assert made(hat, "hat").doubtful
    assert made(outerwear, "outerwear").doubtful
    assert not made(outerwear, "trench coat").doubtful
    assert not made(outerwear, "outerwear", name="Wool blazer").doubtful
    assert not made(hat, "hat", name="Wool beanie").doubtful
    assert not made(AttributeValue((ScoredValue("hat", 1.0),), source=ValueSource.PERSON)).doubtful


def test_what_people_say_is_not() -> None:
    assert not made(UNSURE, "dress", name="Blue shirt").doubtful
    said = AttributeValue((ScoredValue("shirt", 1.0),), source=ValueSource.PERSON)
    assert not made(said, "dress").doubtful


def test_what_a_photo_shows_beside_is_doubtful_whatever_is_sold() -> None:
    beside = made(SURE, primary=False, name="Leather belt")
    assert beside.doubtful
    assert beside.type.name == "shirt"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ({"name": "Maxi dress"}, "dress"),
        ({"product_type": "Women > Coats", "name": "Ines"}, "coat"),
        ({"product_category": "outerwear", "name": "Denim jacket"}, "denim jacket"),
        ({"product_category": "outerwear", "name": "Ines"}, "jacket"),
        ({"name": "Ines"}, "shirt"),
    ],
)
def test_what_is_sold_is_what_its_product_says(words: Mapping[str, str], kind: str) -> None:
    assert made(SURE, **words).type.name == kind  # type: ignore[arg-type]


def test_a_person_decides_on_the_category_before_the_product_does() -> None:
    said = AttributeValue((ScoredValue("shirt", 1.0),), source=ValueSource.PERSON)
    assert made(said, name="Maxi dress").type.name == "shirt"


def test_the_pattern_is_what_the_name_says() -> None:
    assert made(SURE, name="Floral shirt").pattern == "floral"
    assert made(SURE, name="Floral shirt", primary=False).pattern == ""


def rack(count: int, text: str, *, doubtful: bool) -> list[Piece]:
    return [replace(piece(text), item_id=f"{text} {n} {doubtful}", doubtful=doubtful) for n in range(count)]


def test_doubtful_pieces_are_left_out_where_others_are_enough() -> None:
    sure = [*rack(ENOUGH, "white shirt", doubtful=False), *rack(ENOUGH, "blue jeans", doubtful=False)]
    few = rack(ENOUGH - 1, "black shoes", doubtful=False)
    doubts = [
        each
        for text in ("white shirt", "black shoes", "black bag", "red dress")
        for each in rack(2, text, doubtful=True)
    ]
    kept = without_doubtful([*sure, *few, *doubts])
    assert {each.type.name for each in kept if each.doubtful} == {"shoes"}
    asked = without_doubtful([*sure, *few, *doubts], [Slot.ACCESSORIES])
    assert {each.type.name for each in asked if each.doubtful} == {"shoes", "bag"}


def test_what_is_doubted_least_comes_first() -> None:
    few = rack(ENOUGH - 1, "black shoes", doubtful=False)
    doubts = [replace(piece("black shoes"), item_id=f"doubt {n}", age_doubt=n) for n in (1, 2)]
    pool = [*few, *doubts, *rack(2, "black shoes", doubtful=True)]
    assert [each.doubt for each in without_doubtful(pool)] == [0] * len(few) + [1]


def test_one_pieces_are_needed_where_there_is_no_bottom() -> None:
    doubts = [*rack(2, "red dress", doubtful=True), *rack(2, "black bag", doubtful=True)]
    kept = without_doubtful([*rack(2, "white shirt", doubtful=False), *doubts])
    assert {each.type.name for each in kept} == {"shirt", "dress"}


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ({"gender": "Women"}, {"gender": "female"}, True),
        ({"gender": "male"}, {"gender": "unisex"}, True),
        ({"gender": "male"}, {}, True),
        ({"gender": "male"}, {"gender": "female"}, False),
        ({"age_group": "kids"}, {"age_group": "adult"}, False),
    ],
)
def test_pieces_are_for_one_person(one: Mapping[str, str], other: Mapping[str, str], together: bool) -> None:
    pair = [replace(piece("black hat"), audience=audience_of(each)) for each in (one, other)]
    assert for_one_person(*pair) == for_one_person(*pair[::-1]) == together


def test_coats_of_which_little_is_known_are_worn_in_the_cold_alone() -> None:
    coats = rack(3, "black coat", doubtful=True)
    pool = [*rack(9, "white shirt", doubtful=False), *coats]
    assert weather_slots(Occasion()) == ()
    assert not set(coats) & set(without_doubtful(pool, weather_slots(Occasion())))
    assert weather_slots(Occasion(temperature_c=0.0)) == (Slot.OUTERWEAR,)
    assert set(coats) <= set(without_doubtful(pool, weather_slots(Occasion(season=Season.WINTER))))
