"""Pieces made of the catalogue's items."""

from __future__ import annotations

from collections.abc import Iterable

from domain.garment_types import GarmentType
from domain.taxonomy import Taxonomy
from services.catalog.resources.item_samples import SampledItem
from services.outfits.piece import Piece


def pieces_of(sampled: Iterable[SampledItem], taxonomy: Taxonomy) -> list[Piece]:
    """The pieces of those items whose garment type is known, in their order."""
    made = (piece_of(each, taxonomy) for each in sampled)
    return [piece for piece in made if piece is not None]


def piece_of(sampled: SampledItem, taxonomy: Taxonomy) -> Piece | None:
    """None where nothing tells the garment type."""
    item = sampled.item
    kind = _garment_type(sampled, taxonomy)
    if kind is None:
        return None
    return Piece(
        item.id,
        kind,
        _color(sampled, taxonomy),
        item.attributes.get("pattern", ""),
        kind.formality,
        item.vector,
        kind.category,
        item.attributes.get("style", ""),
        item.brand,
        item.attributes.get("fit") or item.product_attributes.get("fit", ""),
    )


def _garment_type(sampled: SampledItem, taxonomy: Taxonomy) -> GarmentType | None:
    """What the product is, where that is of no category, unless a person says that the item is of one; else a
    type of the category, by the words of the product and then by the label.

    The words of a product count for the item that represents its photo, since others are not what is sold.
    """
    item, words = sampled.item, sampled.words
    sold = [item.product_type, words.product_name] if item.primary_in_image else []
    if not words.label:
        named = [taxonomy.named_garment_type(text) for text in sold if text]
        beyond = (each for each in named if each is not None and not each.category)
        if (found := next(beyond, None)) is not None:
            return found
    category = item.attributes.get("category", "") or item.label
    return taxonomy.garment_type(category, *sold, item.label)


def _color(sampled: SampledItem, taxonomy: Taxonomy) -> str:
    """The largest colour, else the attribute's answer; "" where the taxonomy has no such colour."""
    item = sampled.item
    named = item.colors[0] if item.colors else item.attributes.get("color", "")
    return taxonomy.canonical_color(named) or "" if named else ""
