"""The fields of a product as options of a command."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from armoire.command.console import UsageError
from armoire.prices import parse_price
from armoire.values.products import Availability, Money, Product

_TEXTS = {
    "external_id": "the shop's own id of it",
    "description": "what the shop says about it",
    "brand": "who makes it",
    "category": "a word of the server's taxonomy, such as dress",
    "product_type": "the shop's own word for what it is",
    "url": "its page in the shop",
}
_PRICES = {"price": "such as '19.90 EUR', or 19.90", "list_price": "the price before a reduction"}


def add_product_fields(parser: argparse.ArgumentParser) -> None:
    """An option for each field; one that is not given stays unset."""
    for field, meaning in {**_TEXTS, **_PRICES}.items():
        parser.add_argument(
            _option(field), dest=field, metavar="TEXT" if field in _TEXTS else "P", help=meaning
        )
    parser.add_argument("--currency", metavar="C", default="EUR", help="of a bare price (default: EUR)")
    known = [each.value for each in Availability if each is not Availability.UNKNOWN]
    parser.add_argument("--availability", choices=known, help="whether it can be bought")


def product_of(arguments: argparse.Namespace, product_id: str = "") -> tuple[Product, Sequence[str]]:
    """The product that the options describe, and the fields that were given."""
    given = {name: getattr(arguments, name) for name in (*_TEXTS, *_PRICES, "availability")}
    given = {name: value for name, value in given.items() if value is not None}
    prices = {name: _price(name, given[name], arguments.currency) for name in _PRICES if name in given}
    if "availability" in given:
        given["availability"] = Availability(given["availability"])
    fields = ["display_name"] * (arguments.display_name is not None) + [*given]
    return Product(arguments.display_name or "", id=product_id, **{**given, **prices}), fields


def _option(field: str) -> str:
    return f"--{field.replace('_', '-')}"


def _price(field: str, text: str, currency: str) -> Money | None:
    """None for an empty text, which takes the price away."""
    try:
        return parse_price(text, currency) if text else None
    except ValueError as error:
        raise UsageError(f"{_option(field)}: {error}") from None
