from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armoire import Money, parse_price
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


@given(st.decimals(min_value=0, max_value=10**12 - 1, places=9))
def test_money_survives_the_wire(amount: Decimal) -> None:
    assert money_from_proto(money_to_proto(Money(amount, "EUR"))) == Money(amount, "EUR")
