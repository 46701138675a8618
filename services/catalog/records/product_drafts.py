"""Drafts of products: what callers say of them, checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from services.catalog.limits import CatalogLimits, check_text, check_url
from services.catalog.records.money import Money, check_price

_SHOWN_CHARS = 40
"""Of a bad name in an error message."""
UPDATABLE = (
    *("external_id", "display_name", "description", "brand", "category", "product_type"),
    *("price", "list_price", "url", "availability", "attributes"),
)


class Availability(StrEnum):
    """Whether a product can be bought; UNSPECIFIED if the shop does not say."""

    UNSPECIFIED = ""
    IN_STOCK = "in_stock"
    OUT_OF_STOCK = "out_of_stock"
    PREORDER = "preorder"
    BACKORDER = "backorder"
    DISCONTINUED = "discontinued"


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """The fields that callers set; `list_price` is the price before a reduction."""

    display_name: str = ""
    description: str = ""
    brand: str = ""
    category: str = ""
    price: Money | None = None
    external_id: str = ""
    product_type: str = ""
    list_price: Money | None = None
    url: str = ""
    availability: Availability = Availability.UNSPECIFIED
    attributes: Mapping[str, str] = field(default_factory=dict)


def check_draft(draft: ProductDraft, limits: CatalogLimits, *, named: bool) -> ProductDraft:
    """The draft with its texts trimmed; `named` says whether it needs a display name.

    Raises:
        InvalidInput: naming the field and its limit.
    """
    name_chars = limits.max_name_chars
    return replace(
        draft,
        display_name=check_text("display_name", draft.display_name, name_chars, required=named),
        description=check_text(
            "description", draft.description, limits.max_description_chars, multiline=True
        ),
        brand=check_text("brand", draft.brand, name_chars),
        category=check_text("category", draft.category, name_chars),
        price=draft.price and check_price("price", draft.price),
        external_id=check_text("external_id", draft.external_id, name_chars),
        product_type=check_text("product_type", draft.product_type, name_chars),
        list_price=draft.list_price and check_price("list_price", draft.list_price),
        url=check_url("url", draft.url, limits.max_url_chars),
        attributes=check_attributes(draft.attributes, limits),
    )


def check_attributes(attributes: Mapping[str, str], limits: CatalogLimits) -> dict[str, str]:
    """The shop's own fields, trimmed.

    Raises:
        InvalidInput: too many, a name twice, or a name or value that is too long, empty or not printable.
    """
    most = limits.max_product_attributes
    if len(attributes) > most:
        raise InvalidInput("attributes", f"must hold at most {most} entries, got {len(attributes)}")
    checked: dict[str, str] = {}
    for given, value in attributes.items():
        name = _check_attribute_name(given, limits)
        if name in checked:
            raise InvalidInput(
                "attributes", f"the name {name!r} is given twice, once with surrounding blanks"
            )
        checked[name] = check_text(f"attributes[{name!r}]", value, limits.max_attribute_chars)
    return checked


def _check_attribute_name(name: str, limits: CatalogLimits) -> str:
    """The name, trimmed. Raises InvalidInput, which says the beginning of the name."""
    try:
        return check_text("attributes", name, limits.max_name_chars, required=True)
    except InvalidInput as error:
        beginning = name if len(name) <= _SHOWN_CHARS else f"{name[:_SHOWN_CHARS]}..."
        problem = error.violations[0].description
        raise InvalidInput("attributes", f"the name {beginning!r} {problem}") from None


def with_known_category(draft: ProductDraft, taxonomy: Taxonomy) -> ProductDraft:
    """The draft with the taxonomy's name of its category.

    A word that the taxonomy does not know becomes the product type, where none is given.
    """
    category = taxonomy.canonical_category(draft.category) if draft.category else ""
    if category is None:
        return replace(draft, category="", product_type=draft.product_type or draft.category)
    return replace(draft, category=category)


def check_list_price(draft: ProductDraft) -> None:
    """Raises InvalidInput where a list price has no price beside it, or one in another currency."""
    if draft.list_price and (draft.price is None or draft.price.currency != draft.list_price.currency):
        raise InvalidInput("list_price", "needs a price in the same currency")


def check_new_product(draft: ProductDraft, taxonomy: Taxonomy, limits: CatalogLimits) -> ProductDraft:
    """The draft of a product to create, in the form that is kept.

    Raises:
        InvalidInput: naming the field and its limit.
    """
    draft = with_known_category(check_draft(draft, limits, named=True), taxonomy)
    check_list_price(draft)
    return draft


def draft_fingerprint(draft: ProductDraft) -> str:
    """A hash of the fields that are set, to compare drafts."""
    given = {name: value for name, value in asdict(draft).items() if value}
    return hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()


def check_mask(fields: Sequence[str], changes: ProductDraft) -> frozenset[str]:
    """The fields to change: those named, all for "*", those filled in where none is named.

    Raises:
        InvalidInput: there are more names than fields, or one is no updatable field.
    """
    if len(fields) > len(UPDATABLE) + 1:
        raise InvalidInput("update_mask", f"must hold at most {len(UPDATABLE) + 1} names, got {len(fields)}")
    unknown = set(fields) - {*UPDATABLE, "*"}
    if unknown:
        raise InvalidInput(
            "update_mask", f"{sorted(unknown)[0]!r} cannot be changed; known: {', '.join(UPDATABLE)}"
        )
    if "*" in fields:
        return frozenset(UPDATABLE)
    return frozenset(fields) or frozenset(name for name in UPDATABLE if getattr(changes, name))
