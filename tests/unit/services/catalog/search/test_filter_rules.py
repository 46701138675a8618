from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.taxonomy import Attribute, Taxonomy
from services.catalog.limits import CatalogLimits
from services.catalog.search.filter import Between, Condition, Filter, OneOf, Period
from services.catalog.search.filter_rules import FilterRules, filter_fields
from services.catalog.vectors.predicates import milvus_expression

TAXONOMY = Taxonomy.load(Path(__file__).parents[5] / "domain/taxonomy.toml")
LIMITS = CatalogLimits(max_filter_conditions=3, max_filter_values=4, max_filter_depth=3)
TENANT = '(tenant_id in ["t"])'
PRICED = "(has_price in [true]) and "
LABEL_A, LABEL_B = (Condition("label", OneOf((name,))) for name in "ab")
RULES = FilterRules(filter_fields(TAXONOMY), TAXONOMY, LIMITS)


def expression(*conditions: Condition) -> str:
    return milvus_expression(RULES.predicate("t", Filter(conditions)))


def test_no_condition_leaves_the_tenant() -> None:
    assert expression() == TENANT


OWNED = Condition("product_type", OneOf(("wardrobe",)))
SHOP_ALONE = 'not ((product_type in ["wardrobe"]))'


@pytest.mark.parametrize(
    ("filter", "shop_alone"),
    [
        (Filter(), True),
        (Filter((LABEL_A,)), True),
        (Filter((LABEL_A, OWNED)), False),
        (Filter(none_of=(Filter((OWNED,)),)), False),
        (Filter(any_of=(Filter((LABEL_A,)), Filter(all_of=(Filter((OWNED,)),)))), False),
    ],
)
def test_searches_leave_out_own_clothes_unless_the_filter_names_the_type(
    filter: Filter, shop_alone: bool
) -> None:
    predicate = RULES.predicate("t", filter)
    expected = milvus_expression(predicate)
    if shop_alone:
        expected = f"({expected}) and ({SHOP_ALONE})"
    assert milvus_expression(RULES.searched("t", filter)) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Condition("category", OneOf(("Gowns", "hats"))), 'attribute_category in ["dress", "hat"]'),
        (Condition("pattern", OneOf(("Striped",))), 'attribute_pattern in ["striped"]'),
        (Condition("product_category", OneOf(("sneaker",))), 'product_category in ["shoes"]'),
        (Condition("label", OneOf(("T-Shirt", "x"))), 'label in ["t-shirt", "x"]'),
        (Condition("brand", OneOf(('A"b\\',))), 'brand in ["a\\"b\\\\"]'),
        (Condition("brand", OneOf(("Straße",))), 'brand in ["strasse"]'),
        (Condition("primary_in_image", OneOf(("True",))), "primary_in_image in [true]"),
        (Condition("primary_in_product", OneOf(("false",))), "primary_in_product in [false]"),
        (Condition("external_id", OneOf(("SKU-1",))), 'external_id in ["sku-1"]'),
        (Condition("product_type", OneOf(("Winter > Coats",))), 'product_type in ["winter > coats"]'),
        (Condition("availability", OneOf(("IN_STOCK",))), 'availability in ["in_stock"]'),
        (Condition("price", Between(at_least=1, less_than=2.5)), PRICED + "(price >= 1) and (price < 2.5)"),
        (Condition("price", Between(more_than=-1e30)), PRICED + "(price > -1e+30)"),
        (Condition("price", Between(at_most=0.0)), PRICED + "(price <= 0.0)"),
        (Condition("create_time", Between(at_least=5)), "(create_time >= 5)"),
        (Condition("update_time", Period(Between(less_than=7.5))), "(update_time < 7.5)"),
        (
            Condition("product_create_time", Period(Between(more_than=7))),
            "(has_product in [true]) and (product_create_time > 7)",
        ),
        (
            Condition("product.Fit", OneOf(("Slim", "SLIM", 'a"'))),
            'array_contains_any(product_attributes, ["Fit=slim", "Fit=a\\""])',
        ),
    ],
)  # fmt: skip
def test_a_condition_becomes_its_expression(condition: Condition, expected: str) -> None:
    assert expression(condition) == f"{TENANT} and ({expected})"


def test_color_looks_at_every_colour_of_an_item() -> None:
    said = expression(Condition("color", OneOf(("navy", "Light Blue"))))
    for column in ("color_1", "color_2", "color_3", "color_4"):
        assert f'{column} in ["navy", "light blue"]' in said
    assert said.count(" or ") == 3


def test_a_synonym_of_a_colour_is_its_colour() -> None:
    said = expression(Condition("shade", OneOf(("Gray", "off-white", "WHITE"))))
    assert 'color_1 in ["grey", "white"]' in said


@pytest.mark.parametrize(
    ("field", "value", "texts"),
    [
        ("main_color", "Blue", '"blue", "light blue", "denim", "navy", "teal", "turquoise"'),
        ("main_color", "royal blue", '"blue", "light blue", "denim", "navy", "teal", "turquoise"'),
        ("main_color", "dark blue", '"navy"'),
        ("main_color", "black", '"black"'),
        ("main_shade", "Blue", '"blue"'),
        ("main_shade", "jeans blue", '"denim"'),
    ],
)
def test_a_family_stands_for_its_shades_and_a_shade_for_itself(field: str, value: str, texts: str) -> None:
    assert f"(color_1 in [{texts}])" in expression(Condition(field, OneOf((value,))))


def test_a_family_beside_its_shade_is_looked_for_once() -> None:
    said = expression(Condition("main_color", OneOf(("cream", "white"))))
    assert '(color_1 in ["cream", "white"])' in said


def test_an_attribute_named_shade_and_an_unknown_shade_are_refused() -> None:
    with pytest.raises(InvalidInput, match="'shade'"):
        filter_fields(attributes("shade"))
    with pytest.raises(InvalidInput, match=r"any_of.values\[0\]: 'mauvish' is not a colour"):
        expression(Condition("shade", OneOf(("mauvish",))))


def attributes(*names: str) -> Taxonomy:
    """The taxonomy with further attributes."""
    added = tuple(Attribute(name, ("a", "b"), ("{}",)) for name in names)
    return replace(TAXONOMY, attributes=(*TAXONOMY.attributes, *added))


@pytest.mark.parametrize("name", ["label", "price", "brand", "product_category", "primary_in_product"])
def test_an_attribute_named_like_another_field_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        filter_fields(attributes("neckline", name))
    (violation,) = caught.value.violations
    assert violation.field == f"taxonomy.attributes[{len(TAXONOMY.attributes) + 1}].name"
    assert repr(name) in violation.description


@pytest.mark.parametrize("other", ["neck-line", "neck_line", "neck line"])
def test_attributes_that_share_a_column_are_refused(other: str) -> None:
    with pytest.raises(InvalidInput, match=r"taxonomy.attributes\[9\].name: .*'neck line'"):
        filter_fields(attributes("neck line", other))
    assert "neck line" in filter_fields(attributes("neck line", "neckline"))


def test_conditions_are_joined() -> None:
    said = expression(Condition("label", OneOf(("a",))), Condition("brand", OneOf(("b",))))
    assert said == f'{TENANT} and (label in ["a"]) and (brand in ["b"])'


@pytest.mark.parametrize(
    ("condition", "field", "told"),
    [
        (
            Condition("colour", OneOf(("red",))),
            ".field",
            "use one of age_group, availability, brand, category",
        ),
        (Condition("tenant_id", OneOf(("other",))), ".field", "unknown"),
        (Condition("", OneOf(("red",))), ".field", "unknown"),
        (Condition("color", None), "", "must have a test: any_of, range or time_range"),
        (Condition("product.fit", None), "", "must have a test: any_of, range or time_range"),
        (Condition("product.", OneOf(("red",))), ".field", "must not be empty"),
        (Condition("product.fit", Between(at_least=1)), "", "product.fit is a text; use any_of"),
        (Condition("product.fit", OneOf(("red",) * 5)), ".any_of.values", "must hold 1 to 4, got 5"),
        (Condition("product.fit", OneOf(("",))), ".any_of.values[0]", "must not be empty"),
        (Condition("create_time", OneOf(("2026",))), ".any_of", "create_time is a time; use time_range"),
        (Condition("price", Period(Between(1))), ".time_range", "price is not a time; use range"),
        (Condition("create_time", Period(Between())), ".time_range", "must set a bound"),
        (Condition("color", OneOf(())), ".any_of.values", "must hold 1 to 4, got 0"),
        (Condition("color", OneOf(("red",) * 5)), ".any_of.values", "must hold 1 to 4, got 5"),
        (Condition("color", OneOf(("red", ""))), ".any_of.values[1]", "must not be empty"),
        (Condition("color", OneOf(("no colour",))), ".any_of.values[0]", "use one of black, charcoal"),
        (Condition("category", OneOf(("spaceship",))), ".any_of.values[0]", "use one of t-shirt"),
        (Condition("brand", OneOf(("x" * 201,))), ".any_of.values[0]", "at most 200 characters"),
        (Condition("brand", OneOf(("a\nb",))), ".any_of.values[0]", "control characters"),
        (Condition("availability", OneOf(("sold",))), ".any_of.values[0]", "use one of in_stock, out_of"),
        (Condition("primary_in_image", OneOf(("yes",))), ".any_of.values[0]", "must be true or false"),
        (Condition("price", OneOf(("5",))), ".any_of", "use range"),
        (Condition("brand", Between(at_least=1)), ".range", "use any_of"),
        (Condition("price", Between()), ".range", "must set a bound"),
        (Condition("price", Between(at_most=float("nan"))), ".range.at_most", "finite"),
        (Condition("price", Between(1, less_than=float("inf"))), ".range.less_than", "finite"),
    ],
)
def test_a_bad_condition_is_named(condition: Condition, field: str, told: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        expression(Condition("label", OneOf(("fine",))), condition)
    (violation,) = caught.value.violations
    assert violation.field == f"filter.conditions[1]{field}"
    assert told in violation.description


def nested(levels: int) -> Filter:
    """One condition below so many levels."""
    return Filter((LABEL_A,)) if levels == 1 else Filter(all_of=(nested(levels - 1),))


def test_conditions_are_counted_at_all_levels() -> None:
    inner = Filter((LABEL_A, LABEL_A))
    assert RULES.predicate("t", Filter((LABEL_A,), any_of=(inner,)))
    for filter in (
        Filter((LABEL_A,) * 4),
        Filter(any_of=(inner,), none_of=(inner,)),
        Filter((LABEL_A,), all_of=(Filter((LABEL_A,), any_of=(inner,)),)),
    ):
        with pytest.raises(InvalidInput, match=r"filter: must hold at most 3 conditions in all, got 4"):
            RULES.predicate("t", filter)


def test_the_depth_is_limited() -> None:
    assert RULES.predicate("t", nested(3))
    with pytest.raises(
        InvalidInput, match=r"filter.all_of\[0\].all_of\[0\].all_of\[0\]: must be nested at most 3 levels"
    ):
        RULES.predicate("t", nested(4))


def test_a_nested_filter_must_hold_something() -> None:
    with pytest.raises(InvalidInput, match=r"filter.none_of\[1\]: must not be empty"):
        RULES.predicate("t", Filter(none_of=(Filter((LABEL_A,)), Filter())))


def test_a_bad_condition_is_named_by_its_path() -> None:
    bad = Filter(all_of=(Filter(any_of=(Filter((LABEL_A, Condition("colour", OneOf(("red",))))),)),))
    with pytest.raises(InvalidInput) as caught:
        RULES.predicate("t", bad)
    assert caught.value.violations[0].field == "filter.all_of[0].any_of[0].conditions[1].field"


def test_groups_become_their_expressions() -> None:
    a, b = Filter((LABEL_A,)), Filter((LABEL_B,))
    texts = [
        milvus_expression(RULES.predicate("t", filter))
        for filter in (Filter(any_of=(a, b)), Filter(none_of=(a, b)), Filter((LABEL_A,), all_of=(b,)))
    ]
    assert texts == [
        f'{TENANT} and (((label in ["a"])) or ((label in ["b"])))',
        f'{TENANT} and (not (((label in ["a"])) or ((label in ["b"]))))',
        f'{TENANT} and (label in ["a"]) and ((label in ["b"]))',
    ]


@given(st.text(max_size=30))
def test_no_value_breaks_out_of_its_literal(value: str) -> None:
    try:
        said = expression(Condition("brand", OneOf((value,))))
    except InvalidInput:
        return
    body = said.removeprefix(f'{TENANT} and (brand in ["').removesuffix('"])')
    assert '"' not in body.replace("\\\\", "").replace('\\"', "")
    assert not body.replace("\\\\", "").endswith("\\")
