from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from services.catalog.limits import CatalogLimits
from services.catalog.search.filters import AnyOf, Between, Condition, FilterRules, filter_fields
from services.catalog.vectors.predicates import milvus_expression

TAXONOMY = Taxonomy.load(Path(__file__).parents[5] / "taxonomy.toml")
LIMITS = CatalogLimits(max_filter_conditions=3, max_filter_values=4)
TENANT = '(tenant_id in ["t"])'
PRICED = "(has_price in [true]) and "
RULES = FilterRules(filter_fields(TAXONOMY), TAXONOMY, LIMITS)


def expression(*conditions: Condition) -> str:
    return milvus_expression(RULES.predicate("t", conditions))


def test_no_condition_leaves_the_tenant() -> None:
    assert expression() == TENANT


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Condition("category", AnyOf(("Gowns", "hats"))), 'attribute_category in ["dress", "hat"]'),
        (Condition("pattern", AnyOf(("Striped",))), 'attribute_pattern in ["striped"]'),
        (Condition("product_category", AnyOf(("sneaker",))), 'product_category in ["shoes"]'),
        (Condition("label", AnyOf(("T-Shirt", "x"))), 'label in ["t-shirt", "x"]'),
        (Condition("brand", AnyOf(('A"b\\',))), 'brand in ["a\\"b\\\\"]'),
        (Condition("brand", AnyOf(("Straße",))), 'brand in ["strasse"]'),
        (Condition("primary_in_image", AnyOf(("True",))), "primary_in_image in [true]"),
        (Condition("primary_in_product", AnyOf(("false",))), "primary_in_product in [false]"),
        (Condition("external_id", AnyOf(("SKU-1",))), 'external_id in ["sku-1"]'),
        (Condition("product_type", AnyOf(("Winter > Coats",))), 'product_type in ["winter > coats"]'),
        (Condition("availability", AnyOf(("IN_STOCK",))), 'availability in ["in_stock"]'),
        (Condition("price", Between(at_least=1, less_than=2.5)), PRICED + "(price >= 1) and (price < 2.5)"),
        (Condition("price", Between(more_than=-1e30)), PRICED + "(price > -1e+30)"),
        (Condition("price", Between(at_most=0.0)), PRICED + "(price <= 0.0)"),
    ],
)  # fmt: skip
def test_a_condition_becomes_its_expression(condition: Condition, expected: str) -> None:
    assert expression(condition) == f"{TENANT} and ({expected})"


def test_color_looks_at_every_colour_of_an_item() -> None:
    said = expression(Condition("color", AnyOf(("red", "Light Blue"))))
    for column in ("color_1", "color_2", "color_3", "color_4"):
        assert f'{column} in ["red", "light blue"]' in said
    assert said.count(" or ") == 3


def test_conditions_are_joined() -> None:
    said = expression(Condition("label", AnyOf(("a",))), Condition("brand", AnyOf(("b",))))
    assert said == f'{TENANT} and (label in ["a"]) and (brand in ["b"])'


@pytest.mark.parametrize(
    ("condition", "field", "told"),
    [
        (Condition("colour", AnyOf(("red",))), ".field", "known fields: availability, brand, category"),
        (Condition("tenant_id", AnyOf(("other",))), ".field", "unknown"),
        (Condition("", AnyOf(("red",))), ".field", "unknown"),
        (Condition("color", None), "", "must have a test: any_of or range"),
        (Condition("color", AnyOf(())), ".any_of.values", "must be 1 to 4, got 0"),
        (Condition("color", AnyOf(("red",) * 5)), ".any_of.values", "must be 1 to 4, got 5"),
        (Condition("color", AnyOf(("red", ""))), ".any_of.values[1]", "must not be empty"),
        (Condition("color", AnyOf(("crimson",))), ".any_of.values[0]", "known values: black, charcoal"),
        (Condition("category", AnyOf(("spaceship",))), ".any_of.values[0]", "known: t-shirt"),
        (Condition("brand", AnyOf(("x" * 201,))), ".any_of.values[0]", "at most 200 characters"),
        (Condition("brand", AnyOf(("a\nb",))), ".any_of.values[0]", "control characters"),
        (Condition("availability", AnyOf(("sold",))), ".any_of.values[0]", "known values: in_stock, out_of"),
        (Condition("primary_in_image", AnyOf(("yes",))), ".any_of.values[0]", "must be true or false"),
        (Condition("price", AnyOf(("5",))), ".any_of", "use range"),
        (Condition("brand", Between(at_least=1)), ".range", "use any_of"),
        (Condition("price", Between()), ".range", "must set a bound"),
        (Condition("price", Between(at_most=float("nan"))), ".range.at_most", "finite"),
        (Condition("price", Between(1, less_than=float("inf"))), ".range.less_than", "finite"),
    ],
)
def test_a_bad_condition_is_named(condition: Condition, field: str, told: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        expression(Condition("label", AnyOf(("fine",))), condition)
    (violation,) = caught.value.violations
    assert violation.field == f"filter.conditions[1]{field}"
    assert told in violation.description


def test_conditions_are_counted() -> None:
    with pytest.raises(InvalidInput, match=r"filter.conditions: must be at most 3, got 4"):
        expression(*[Condition("label", AnyOf(("a",)))] * 4)


@given(st.text(max_size=30))
def test_no_value_breaks_out_of_its_literal(value: str) -> None:
    try:
        said = expression(Condition("brand", AnyOf((value,))))
    except InvalidInput:
        return
    body = said.removeprefix(f'{TENANT} and (brand in ["').removesuffix('"])')
    assert '"' not in body.replace("\\\\", "").replace('\\"', "")
    assert not body.replace("\\\\", "").endswith("\\")
