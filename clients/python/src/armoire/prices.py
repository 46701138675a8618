"""Prices as people write them."""

from __future__ import annotations

import re

from armoire.values.products import Money

_PRICE = re.compile(r"\s*(\d{1,12}(?:\.\d{1,9})?)(?:\s*([A-Za-z]{3}))?\s*")


def parse_price(text: str, currency: str = "EUR") -> Money:
    """The price written as "19.90 EUR", or as "19.90" in `currency`.

    Raises:
        ValueError: it is written in another way.
    """
    found = _PRICE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a price such as '19.90 EUR' or 19.90")
    return Money(found[1], (found[2] or currency).upper())
