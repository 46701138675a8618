from __future__ import annotations

import pytest

from domain.errors import InvalidInput
from services.catalog.records.money import Money, check_price


@pytest.mark.parametrize(
    "price", [Money("EUR", 0), Money("JPY", 10**12), Money("USD", 9, 990_000_000), Money("USD", 0, 1)]
)
def test_a_sane_price_passes(price: Money) -> None:
    assert check_price("price", price) is price


@pytest.mark.parametrize(
    ("price", "field"),
    [
        (Money("", 1), "price.currency_code"),
        (Money("eur", 1), "price.currency_code"),
        (Money("EURO", 1), "price.currency_code"),
        (Money("EUR\n", 1), "price.currency_code"),
        (Money("EUR", 1, -1), "price.nanos"),
        (Money("EUR", -1, 1), "price.nanos"),
        (Money("EUR", -1), "price.units"),
        (Money("EUR", 10**12 + 1), "price.units"),
        (Money("EUR", 0, -1), "price.nanos"),
        (Money("EUR", 0, 10**9), "price.nanos"),
    ],
)
def test_an_odd_price_is_refused_by_field(price: Money, field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_price("price", price)
    assert caught.value.violations[0].field == field


def test_the_amount_joins_units_and_nanos() -> None:
    assert Money("EUR", 79, 990_000_000).amount == pytest.approx(79.99)
