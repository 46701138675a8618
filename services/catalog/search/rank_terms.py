"""The terms of a rank score whose weights a request sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from domain.rank_weights import RankWeights
from domain.taxonomy import Taxonomy, normalized
from domain.types import AnalyzedItem, AttributeValue, Box
from imaging.main_color import MainColor
from services.catalog.records.items import Item, StoredItem
from services.catalog.records.money import Money
from services.catalog.records.products import Product
from services.catalog.search.result import ScoreTerm

_OWN_TERMS = ("category", "color")
"""Attributes that have terms of their own."""
_NAMED_ATTRIBUTES = 0.25
NAMED_COLOR = RankWeights(color=0.7)
"""The weights of a text that names a colour, unless the request or the tenant has its own."""
NAMED_COLOR_BONUS = 3.0
"""Factor on the bonus for the category where words name a colour, whose term would outweigh it."""


@dataclass(frozen=True, slots=True, eq=False)
class RankFacts:
    """What is known of a query, or of a hit, beside its vector.

    Attributes:
        attributes: its answers by attribute.
        color: its main colour.
        aspect_ratio: width by height of its box.
    """

    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    color: MainColor | None = None
    aspect_ratio: float | None = None
    brand: str = ""
    price: Money | None = None


def facts_of_item(item: Item | AnalyzedItem, taxonomy: Taxonomy, product: Product | None = None) -> RankFacts:
    """The facts of an item and of its product."""
    return RankFacts(
        item.attributes,
        MainColor.of(item.colors, taxonomy) if item.colors else None,
        _aspect_ratio(item.box),
        product.brand.casefold() if product else "",
        product.price if product else None,
    )


def facts_of_text(text: str, taxonomy: Taxonomy) -> RankFacts:
    """The first colour that the text names, and its values of attributes, such as "striped"."""
    colors, _ = taxonomy.take_colors(text)
    color = MainColor.named(colors[0], taxonomy) if colors else None
    return RankFacts(_named_attributes(text, taxonomy), color)


def _named_attributes(text: str, taxonomy: Taxonomy) -> dict[str, AttributeValue]:
    """By attribute that models answer, the first of its values that is among the words of a text."""
    words = f" {normalized(text)} "
    named: dict[str, AttributeValue] = {}
    for attribute in taxonomy.asked_attributes:
        value = next((each for each in attribute.values if f" {normalized(each)} " in words), None)
        if value is not None and attribute.name not in _OWN_TERMS:
            named[attribute.name] = AttributeValue.one(value, 1.0)
    return named


def named_weights(words: RankFacts) -> RankWeights | None:
    """The weights of words beside a picture, unless the request or the tenant has its own.

    None where they name neither a colour nor an attribute.
    """
    if words.color is None and not words.attributes:
        return None
    attributes = _NAMED_ATTRIBUTES if words.attributes else 0.0
    return RankWeights(attributes=attributes, color=NAMED_COLOR.color if words.color else 0.0)


def rank_terms(
    weights: RankWeights, query: RankFacts, hits: Sequence[StoredItem], taxonomy: Taxonomy
) -> list[tuple[ScoreTerm, ...]]:
    """For each hit the terms of the weights above 0, but for the category's.

    What the query or the hit does not have adds 0.
    """
    facts = [facts_of_item(hit.item, taxonomy, hit.product) for hit in hits]
    colors = _colors(query.color, [each.color for each in facts]) if weights.color else [0.0] * len(facts)
    return [_terms(weights, query, each, color) for each, color in zip(facts, colors, strict=True)]


def _terms(weights: RankWeights, query: RankFacts, hit: RankFacts, color: float) -> tuple[ScoreTerm, ...]:
    agreements = {
        "same_attributes": (weights.attributes, _same_attributes(query.attributes, hit.attributes)),
        "color": (weights.color, color),
        "shape": (weights.shape, _ratio(query.aspect_ratio, hit.aspect_ratio)),
        "same_brand": (weights.brand, float(bool(query.brand) and query.brand == hit.brand)),
        "price": (weights.price, _price(query.price, hit.price)),
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


def _colors(query: MainColor | None, hits: Sequence[MainColor | None]) -> list[float]:
    """How well the colours of hits agree with the query's; 0 where one is missing."""
    known = [color for color in hits if color is not None]
    agreed = iter(query.agreements(known).tolist() if query is not None and known else [])
    return [next(agreed, 0.0) if color is not None else 0.0 for color in hits]


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
