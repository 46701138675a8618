"""Products as the pages of shops describe them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urljoin, urlsplit

from services.catalog.web.structured_data import Node, StructuredData, read_page

_IDS = ("sku", "productID", "mpn", "gtin13", "gtin14", "gtin12", "gtin8", "gtin")
_ATTRIBUTES = ("color", "material", "pattern", "size", "gtin13", "gtin", "mpn", "model")
_AVAILABILITIES = {
    "instock": "in_stock",
    "limitedavailability": "in_stock",
    "onlineonly": "in_stock",
    "instoreonly": "in_stock",
    "available": "in_stock",
    "outofstock": "out_of_stock",
    "oos": "out_of_stock",
    "soldout": "out_of_stock",
    "preorder": "preorder",
    "presale": "preorder",
    "backorder": "backorder",
    "discontinued": "discontinued",
}
"""Source: schema.org/ItemAvailability, and Open Graph's product:availability."""
_MAX_IMAGES = 50
_NAME_CHARS, _DESCRIPTION_CHARS, _URL_CHARS = 200, 5000, 2000


@dataclass(frozen=True, slots=True)
class PageProduct:
    """A product on a page, in texts within the usual limits; "" is what the page does not say.

    `price` is the amount with its currency, `availability` one of the catalogue's words, `images` absolute
    URLs.
    """

    external_id: str
    display_name: str
    description: str
    brand: str
    product_type: str
    price: tuple[Decimal, str] | None
    url: str
    availability: str
    attributes: Mapping[str, str]
    images: Sequence[str]


def products_of(content: bytes, content_type: str, url: str) -> list[PageProduct]:
    """The products that a page describes; schema.org counts before Open Graph."""
    data = read_page(content, content_type, url)
    products = [_of_node(node, data, url, alone=len(data.products) == 1) for node in data.products]
    found = [product for product in products if product.display_name]
    if found:
        return found
    product = _of_open_graph(data, url)
    return [product] if product.display_name and product.images else []


def _of_node(node: Node, data: StructuredData, page_url: str, *, alone: bool) -> PageProduct:
    """`alone` says that the page is about this product, so that what the page says is of it."""
    offer = _offer(node)
    url = _absolute(_first(node, "url") or _first(offer, "url"), data.base_url) or page_url
    images = list(_images(node.get("image"), data.base_url))
    if alone and not images:
        images = list(_images(list(data.open_graph.get("og:image", ())), data.base_url))
    return PageProduct(
        external_id=_external_id([_first(node, name) for name in _IDS], url),
        display_name=_text(_first(node, "name"), _NAME_CHARS),
        description=_text(_first(node, "description"), _DESCRIPTION_CHARS),
        brand=_text(_first(node, "brand"), _NAME_CHARS),
        product_type=_text(_first(node, "category"), _NAME_CHARS),
        price=_price(_first(offer, "price") or _first(offer, "lowPrice"), _first(offer, "priceCurrency")),
        url=url[:_URL_CHARS],
        availability=_availability(_first(offer, "availability")),
        attributes=_attributes(node),
        images=images[:_MAX_IMAGES],
    )


def _of_open_graph(data: StructuredData, page_url: str) -> PageProduct:
    def first(*names: str) -> str:
        found = (value for name in names for value in data.open_graph.get(name, ()) if value.strip())
        return next(found, "")

    url = _absolute(first("og:url"), data.base_url) or page_url
    currency = first("product:price:currency", "og:price:currency")
    return PageProduct(
        external_id=_external_id([first("product:retailer_item_id")], url),
        display_name=_text(first("og:title"), _NAME_CHARS),
        description=_text(first("og:description"), _DESCRIPTION_CHARS),
        brand=_text(first("product:brand", "og:brand"), _NAME_CHARS),
        product_type=_text(first("product:category"), _NAME_CHARS),
        price=_price(first("product:price:amount", "og:price:amount"), currency),
        url=url[:_URL_CHARS],
        availability=_availability(first("product:availability", "og:availability")),
        attributes={},
        images=list(_images(list(data.open_graph.get("og:image", ())), data.base_url))[:_MAX_IMAGES],
    )


def _offer(node: Node) -> Node:
    """The first offer, with its price where that is in a specification of its own."""
    offers = node.get("offers")
    listed = offers if isinstance(offers, list) else [offers]
    offer = next((each for each in listed if isinstance(each, Mapping)), {})
    inner = offer.get("offers")
    if isinstance(inner, list | Mapping) and "price" not in offer and "lowPrice" not in offer:
        return _offer({"offers": inner if isinstance(inner, list) else [inner]})
    specified = offer.get("priceSpecification")
    first = specified[0] if isinstance(specified, list) and specified else specified
    return {**first, **offer} if isinstance(first, Mapping) else offer


def _first(node: Node, name: str) -> str:
    """The first text of a property; of a node it is its name or value."""
    value: Any = node.get(name)
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, Mapping):
            value = value.get("name") or value.get("@value") or value.get("@id") or ""
    return str(value).strip() if isinstance(value, str | int | float) and value is not True else ""


def _images(value: Any, base_url: str) -> Iterator[str]:
    """The absolute URLs of a property: texts, or nodes of ImageObject; each once."""
    seen: set[str] = set()
    for each in value if isinstance(value, list) else [value]:
        place = each
        if isinstance(each, Mapping):
            place = _first(each, "contentUrl") or _first(each, "url") or _first(each, "@id")
        url = _absolute(place, base_url) if isinstance(place, str) else ""
        if url and url not in seen and len(url) <= _URL_CHARS:
            seen.add(url)
            yield url


def _absolute(place: str, base_url: str) -> str:
    """The URL; "" where it is none of http or https."""
    try:
        own = urlsplit(place.strip())
        is_part = bool(own.hostname or (own.path or own.query)) and bool(own.hostname or not own.scheme)
        url = urljoin(base_url, place.strip()) if is_part else ""
        parts = urlsplit(url)
        return url if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def _external_id(given: Sequence[str], url: str) -> str:
    """The first id that is given, else the URL without its query; a long one by its hash."""
    id = next((_text(each, _NAME_CHARS) for each in given if each), "")
    if id:
        return id
    plain = urlsplit(url)._replace(query="", fragment="").geturl()
    return plain if len(plain) <= _NAME_CHARS else hashlib.sha256(plain.encode()).hexdigest()


def _price(text: str, currency: str) -> tuple[Decimal, str] | None:
    """The amount as 1299.00, 1,299.00 or 1.299,00 are read."""
    digits = re.sub(r"[^\d.,]", "", text)
    if re.search(r",\d{1,2}$", digits):
        digits = digits.replace(".", "").replace(",", ".")
    try:
        amount = Decimal(digits.replace(",", ""))
    except InvalidOperation:
        return None
    code = currency.strip().upper()
    return (amount, code) if re.fullmatch("[A-Z]{3}", code) and amount < 10**12 else None


def _availability(text: str) -> str:
    word = re.sub("[^a-z]", "", text.rstrip("/").rpartition("/")[2].lower())
    return _AVAILABILITIES.get(word, "")


def _attributes(node: Node) -> dict[str, str]:
    """Plain properties that shoppers filter by, and additional properties."""
    found = {name: _text(_first(node, name), _NAME_CHARS) for name in _ATTRIBUTES}
    more = node.get("additionalProperty")
    for each in more if isinstance(more, list) else [more]:
        if isinstance(each, Mapping) and len(found) < 2 * len(_ATTRIBUTES):
            found[_text(_first(each, "name"), _NAME_CHARS)] = _text(_first(each, "value"), _NAME_CHARS)
    return {name: text for name, text in found.items() if name and text}


def _text(text: str, max_chars: int) -> str:
    """On one line, without characters that cannot be printed, cut to the limit."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    return " ".join(printable.split())[:max_chars].strip()
