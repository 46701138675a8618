"""Prices."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.errors import InvalidInput

_MAX_UNITS = 10**12
_MAX_NANOS = 999_999_999


@dataclass(frozen=True, slots=True)
class Money:
    """`units` whole units of the currency (ISO 4217) and `nanos` billionths of one."""

    currency: str
    units: int
    nanos: int = 0

    @property
    def amount(self) -> float:
        return self.units + self.nanos / 1e9


def check_price(field: str, price: Money) -> Money:
    """The price, unchanged.

    Raises:
        InvalidInput: no currency code, signs that differ, or an amount no price has.
    """
    if not re.fullmatch("[A-Z]{3}", price.currency):
        raise InvalidInput(f"{field}.currency_code", "must be three capital letters, such as EUR")
    if price.units * price.nanos < 0:
        raise InvalidInput(f"{field}.nanos", "must have the sign of units")
    if not 0 <= price.units <= _MAX_UNITS:
        raise InvalidInput(f"{field}.units", f"must be 0 to {_MAX_UNITS}, got {price.units}")
    if not 0 <= price.nanos <= _MAX_NANOS:
        raise InvalidInput(f"{field}.nanos", f"must be 0 to {_MAX_NANOS}, got {price.nanos}")
    return price
