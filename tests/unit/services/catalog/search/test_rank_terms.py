from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.errors import InvalidInput
from domain.rank_weights import RankWeights
from domain.taxonomy import Taxonomy
from domain.types import AttributeValue, Box, ColorShare, ModelVersion
from imaging.colors import lab_of
from imaging.main_color import MainColor
from services.catalog.records.items import Item, StoredItem
from services.catalog.records.money import Money
from services.catalog.records.product_drafts import Availability
from services.catalog.records.products import Product
from services.catalog.search.rank_terms import (
    NAMED_COLOR,
    RankFacts,
    facts_of_item,
    facts_of_text,
    named_weights,
    rank_terms,
)

TAXONOMY = Taxonomy.load(Path(__file__).parents[5] / "domain/taxonomy.toml")
THEN = datetime(2026, 11, 1, tzinfo=UTC)
EVERY = RankWeights(1.0, 2.0, 3.0, 4.0, 5.0, 6.0)
ITEM = Item(
    id="i",
    image_id="p",
    image_name="p.jpg",
    product_id="s",
    box=Box(0, 0, 10, 20),
    image_width=60,
    image_height=40,
    score=0.9,
    label="dress",
    whole_image=False,
    primary_in_image=True,
    primary_in_product=True,
    version=ModelVersion("m", "p"),
    etag="e",
    create_time=THEN,
    update_time=THEN,
    attributes={
        "category": AttributeValue.one("dress", 0.9),
        "pattern": AttributeValue.one("striped", 0.5),
        "style": AttributeValue.one("casual", 0.8),
    },
    colors=(ColorShare("red", 1.0, 0xC02030),),
)
PRODUCT = Product(
    id="s",
    external_id="",
    display_name="Dress",
    description="",
    brand="Acme",
    category="dress",
    product_type="",
    price=Money("EUR", 20),
    list_price=None,
    url="",
    availability=Availability.UNSPECIFIED,
    attributes={},
    etag="e",
    create_time=THEN,
    update_time=THEN,
    delete_time=None,
    primary_item_id="i",
)


def terms(query: RankFacts, item: Item = ITEM, product: Product | None = PRODUCT) -> dict[str, float]:
    (found,) = rank_terms(EVERY, query, [StoredItem(item, product, "")], TAXONOMY)
    return {term.name: term.value for term in found}


def test_an_item_agrees_with_itself() -> None:
    assert terms(facts_of_item(ITEM, TAXONOMY, PRODUCT)) == pytest.approx(
        {
            "same_attributes": 2.0 * (0.5 * 0.5 + 0.8 * 0.8) / 2,
            "color": 3.0,
            "shape": 4.0,
            "same_brand": 5.0,
            "price": 6.0,
        }
    )


def test_what_differs_adds_less() -> None:
    other = replace(
        ITEM,
        box=Box(0, 0, 10, 10),
        attributes={"pattern": AttributeValue.one("plain", 0.5), "style": AttributeValue.one("casual", 0.5)},
        colors=(ColorShare("blue", 1.0, 0x2030C0),),
    )
    product = replace(PRODUCT, brand="ACME", price=Money("EUR", 50))
    agreement = MainColor(lab_of(0xC02030)[None]).agreement(MainColor(lab_of(0x2030C0)[None]))
    assert agreement < 0.2
    assert terms(facts_of_item(ITEM, TAXONOMY, PRODUCT), other, product) == pytest.approx(
        {
            "same_attributes": 2.0 * 0.8 * 0.5 / 2,
            "color": 3.0 * agreement,
            "shape": 4.0 * 0.5,
            "same_brand": 5.0,
            "price": 6.0 * 0.4,
        }
    )


def test_what_is_missing_adds_nothing() -> None:
    nothing = dict.fromkeys(("same_attributes", "color", "shape", "same_brand", "price"), 0.0)
    assert terms(RankFacts()) == nothing
    assert terms(facts_of_item(ITEM, TAXONOMY, PRODUCT), replace(ITEM, colors=()), None)["color"] == 0.0
    dollars = replace(PRODUCT, price=Money("USD", 20))
    assert terms(facts_of_item(ITEM, TAXONOMY, PRODUCT), ITEM, dollars)["price"] == 0.0


def test_weights_of_0_have_no_terms() -> None:
    hits = [StoredItem(ITEM, None, "")] * 2
    assert rank_terms(RankWeights(), facts_of_item(ITEM, TAXONOMY), hits, TAXONOMY) == [(), ()]
    assert rank_terms(EVERY, facts_of_item(ITEM, TAXONOMY), [], TAXONOMY) == []


def test_hits_without_colours_stand_beside_others() -> None:
    hits = [StoredItem(each, None, "") for each in (replace(ITEM, colors=()), ITEM, replace(ITEM, colors=()))]
    found = rank_terms(RankWeights(color=3.0), facts_of_item(ITEM, TAXONOMY), hits, TAXONOMY)
    assert [[term.value for term in terms] for terms in found] == [[0.0], [3.0], [0.0]]


def test_a_text_has_the_colour_that_it_names() -> None:
    color = facts_of_text("a burgundy dress", TAXONOMY).color
    assert color is not None
    assert color.labs.tolist() == [[25.0, 38.0, 15.0]]
    assert facts_of_text("a dress", TAXONOMY).color is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("a Striped, casual shirt", {"pattern": "striped", "style": "casual"}),
        ("a shirt with stripes", {}),
        ("informally unstriped", {}),
        ("red dress", {}),
    ],
)
def test_a_text_has_the_patterns_and_styles_that_it_names(text: str, named: dict[str, str]) -> None:
    attributes = facts_of_text(text, TAXONOMY).attributes
    assert {name: answer.value for name, answer in attributes.items()} == named
    assert all(answer.score == 1.0 for answer in attributes.values())


def test_white_and_black_are_the_ends_of_lightness() -> None:
    assert lab_of(0xFFFFFF) == pytest.approx([100.0, 0.0, 0.0], abs=0.01)
    assert lab_of(0x000000) == pytest.approx([0.0, 0.0, 0.0], abs=0.01)
    assert lab_of(0xFF0000) == pytest.approx([53.24, 80.09, 67.20], abs=0.1)  # sRGB red in CIE L*a*b* (D65)


def test_words_that_name_a_colour_or_a_pattern_have_weights() -> None:
    weights = named_weights(facts_of_text("navy, striped", TAXONOMY))
    assert weights is not None
    assert (weights.color, weights.attributes) == (NAMED_COLOR.color, 0.25)
    assert named_weights(facts_of_text("navy", TAXONOMY)) == NAMED_COLOR
    assert named_weights(facts_of_text("with buttons", TAXONOMY)) is None


@pytest.mark.parametrize("weight", [-0.1, 10.5, float("nan"), float("inf")])
def test_bad_weights_are_refused(weight: float) -> None:
    for name in ("category", "attributes", "color", "shape", "brand", "price"):
        with pytest.raises(InvalidInput, match=f"rank_weights.{name}: must be from 0 to 10"):
            RankWeights(**{name: weight}).check()
