"""The terms of a rank score whose weights a request sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from domain.rank_weights import RankWeights
from domain.taxonomy import Taxonomy, normalized
from domain.types import AnalyzedItem, AttributeValue, Box, FloatArray
from imaging.ciede2000 import ciede2000
from imaging.colors import lab_of
from services.catalog.records.items import Item, StoredItem
from services.catalog.records.money import Money
from services.catalog.records.products import Product
from services.catalog.search.result import ScoreTerm

_MAX_DIFFERENCE = 100.0
"""The CIEDE2000 difference of black and white."""
_OWN_TERMS = ("category", "color")
"""Attributes that have terms of their own."""


@dataclass(frozen=True, slots=True, eq=False)
class RankFacts:
    """What is known of a query, or of a hit, beside its vector.

    Attributes:
        attributes: its answers by attribute.
        lab: its main colour, (3,) CIE L*a*b*.
        aspect_ratio: width by height of its box.
    """

    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    lab: FloatArray | None = None
    aspect_ratio: float | None = None
    brand: str = ""
    price: Money | None = None


def facts_of_item(item: Item | AnalyzedItem, product: Product | None = None) -> RankFacts:
    """The facts of an item and of its product."""
    return RankFacts(
        item.attributes,
        lab_of(item.colors[0].rgb) if item.colors else None,
        _aspect_ratio(item.box),
        product.brand.casefold() if product else "",
        product.price if product else None,
    )


def facts_of_text(text: str, taxonomy: Taxonomy) -> RankFacts:
    """The first colour that the text names, and its values of attributes, such as "striped"."""
    colors, _ = taxonomy.take_colors(text)
    lab = np.array(taxonomy.colors[colors[0]], np.float32) if colors else None
    return RankFacts(_named_attributes(text, taxonomy), lab)


def _named_attributes(text: str, taxonomy: Taxonomy) -> dict[str, AttributeValue]:
    """By attribute, the first of its values that is among the words of a text."""
    words = f" {normalized(text)} "
    named: dict[str, AttributeValue] = {}
    for attribute in taxonomy.attributes:
        value = next((each for each in attribute.values if f" {normalized(each)} " in words), None)
        if value is not None and attribute.name not in _OWN_TERMS:
            named[attribute.name] = AttributeValue.one(value, 1.0)
    return named


def rank_terms(weights: RankWeights, query: RankFacts, hit: StoredItem) -> tuple[ScoreTerm, ...]:
    """The terms of the weights above 0 but for the category's; 0 for what query or hit does not have."""
    other = facts_of_item(hit.item, hit.product)
    agreements = {
        "same_attributes": (weights.attributes, _same_attributes(query.attributes, other.attributes)),
        "color": (weights.color, _color(query.lab, other.lab)),
        "shape": (weights.shape, _ratio(query.aspect_ratio, other.aspect_ratio)),
        "same_brand": (weights.brand, float(bool(query.brand) and query.brand == other.brand)),
        "price": (weights.price, _price(query.price, other.price)),
    }
    return tuple(ScoreTerm(name, weight * score) for name, (weight, score) in agreements.items() if weight)


def _same_attributes(query: Mapping[str, AttributeValue], hit: Mapping[str, AttributeValue]) -> float:
    """The mean over the query's attributes of the probability that both have its value."""
    names = [name for name, answer in query.items() if answer.values and name not in _OWN_TERMS]
    both = (
        query[name].score * hit[name].score
        for name in names
        if name in hit and hit[name].value == query[name].value
    )
    return sum(both) / len(names) if names else 0.0


def _color(query: FloatArray | None, hit: FloatArray | None) -> float:
    """1 for the same colour, 0 for a CIEDE2000 difference of 100."""
    if query is None or hit is None:
        return 0.0
    return max(0.0, 1.0 - float(ciede2000(query, hit)) / _MAX_DIFFERENCE)


def _price(query: Money | None, hit: Money | None) -> float:
    """The lower price as a part of the higher; 0 for different currencies."""
    if query is None or hit is None or query.currency != hit.currency:
        return 0.0
    return _ratio(query.amount, hit.amount)


def _ratio(first: float | None, second: float | None) -> float:
    """The smaller number as a part of the larger, 0 to 1; 0 where one is missing or not above 0."""
    if not first or not second or min(first, second) <= 0.0:
        return 0.0
    return min(first, second) / max(first, second)


def _aspect_ratio(box: Box) -> float | None:
    return box.width / box.height if box.height > 0.0 else None
