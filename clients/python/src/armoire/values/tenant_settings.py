"""What a tenant has of its own."""

from __future__ import annotations

from dataclasses import dataclass

from armoire.values.outfits import OutfitWeights
from armoire.values.search import RankWeights


@dataclass(frozen=True, slots=True)
class TaxonomyCategory:
    """A kind of garment, its slot in an outfit, and other words for it."""

    name: str
    slot: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaxonomyAttribute:
    """One of the server's attributes, its answers, and texts in which "{}" stands for an answer.

    Empty `values` or `prompts` are the server's; the values of category and color are the names of categories
    and colours.
    """

    name: str
    values: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaxonomyColor:
    """A colour: its centre in CIE L*a*b* (D65), and other words for it.

    `family` is the colour of which it is a shade; "" where it is a family itself.
    """

    name: str
    lab: tuple[float, float, float]
    synonyms: tuple[str, ...] = ()
    family: str = ""


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A tenant's words. What is empty is the server's; categories and colours replace all of its."""

    categories: tuple[TaxonomyCategory, ...] = ()
    attributes: tuple[TaxonomyAttribute, ...] = ()
    colors: tuple[TaxonomyColor, ...] = ()


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """What a tenant has in place of the server's.

    Attributes:
        tenant: "" for yours.
        rank_weights: those of searches that give none; None for the server's.
        outfit_weights: those of outfits; None for the server's.
        etag: changes with every change; an update with that of an earlier state raises `Conflict`.
        vocabulary_version: names the taxonomy in force, as analyses and items do. It is not sent.
    """

    tenant: str = ""
    rank_weights: RankWeights | None = None
    taxonomy: Taxonomy = Taxonomy()
    etag: str = ""
    vocabulary_version: str = ""
    outfit_weights: OutfitWeights | None = None
