from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armoire import Money, Product, parse_price
from armoire.messages.products import money_from_proto, money_to_proto


@pytest.mark.parametrize("text", ["19.90 EUR", " 19.90eur ", "19.90"])
def test_ways_to_write_a_price(text: str) -> None:
    assert parse_price(text) == Money(Decimal("19.90"), "EUR")


def test_a_bare_price_is_in_the_currency_given() -> None:
    assert parse_price("5", "USD") == Money(Decimal(5), "USD")
    assert parse_price("5 CHF", "USD") == Money(Decimal(5), "CHF")


@pytest.mark.parametrize("text", ["", "EUR", "-1", "1,50", "1.", "€5", "5 EURO", "1e3", "nan"])
def test_what_is_no_price(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a price such as '19\.90 EUR'"):
        parse_price(text)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (19.9, "19.9"),
        ("19.90", "19.90"),
        (" 5 ", "5"),
        (100, "100"),
        (0.1 + 0.2, "0.3"),
        (Decimal("1.0000000005"), "1"),
        (Decimal("-1.0000000006"), "-1.000000001"),
    ],
)
def test_an_amount_is_the_decimal_number_that_was_meant(amount: Decimal | float | str, expected: str) -> None:
    assert Money(amount, "EUR") == Money(Decimal(expected), "EUR")
    assert money_from_proto(money_to_proto(Money(amount, "EUR"))).amount == Decimal(expected)


@pytest.mark.parametrize("amount", ["cheap", "", "19.90 EUR", float("nan"), float("inf"), 1e30])
def test_what_is_no_amount(amount: float | str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"{amount!r} is not an amount such as 19.90")):
        Money(amount, "EUR")


@pytest.mark.parametrize("name", ["price", "list_price"])
def test_a_price_of_a_product_is_money(name: str) -> None:
    with pytest.raises(TypeError, match=f"{name} must be Money, not '19.90 EUR': parse_price"):
        Product("Red dress", **{name: "19.90 EUR"})


@given(st.decimals(min_value=0, max_value=10**12 - 1, places=9))
def test_money_survives_the_wire(amount: Decimal) -> None:
    assert money_from_proto(money_to_proto(Money(amount, "EUR"))) == Money(amount, "EUR")
