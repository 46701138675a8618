"""Pieces made of the catalogue's items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from domain.garment_types import GarmentType, Season, Slot
from domain.taxonomy import Taxonomy, normalized
from domain.types import AttributeValue, ValueSource
from services.catalog.records.searchable import SearchableItem
from services.catalog.resources.sampled_items import SampledItem
from services.outfits.piece import Piece

_GENDERS = {"unisex": "", "women": "female", "woman": "female", "men": "male", "man": "male"}
SURE_CATEGORY = 0.75
"""The score from which on a model's category is not doubted."""
_VAGUE = frozenset((Slot.OUTERWEAR, Slot.ACCESSORIES))
"""Slots that an outfit can do without, for which the types of a category differ most."""
SURE_ADULT = 0.7
"""The score from which on a model's answer that something is an adult's is not doubted. A picture tells
little of a garment's size: that it is a child's is believed from people alone.
"""
SURE = 0.6
"""The score at which an answer counts beside what the garment type tells; a person's has 1."""


def pieces_of(sampled: Iterable[SampledItem], taxonomy: Taxonomy) -> list[Piece]:
    """The pieces of those items whose garment type is known, in their order."""
    made = (piece_of(each, taxonomy) for each in sampled)
    return [piece for piece in made if piece is not None]


def piece_of(sampled: SampledItem, taxonomy: Taxonomy) -> Piece | None:
    """None where nothing tells the garment type."""
    item = sampled.item
    named = _named_type(sampled, taxonomy)
    kind = named or taxonomy.garment_type(_category(item), item.label)
    if kind is None:
        return None
    return Piece(
        item.id,
        kind,
        _color(sampled, taxonomy),
        _pattern(sampled, taxonomy),
        formality_of(item.answer("formality"), kind, taxonomy),
        item.vector,
        kind.category,
        item.attributes.get("style", ""),
        item.brand,
        _sure_value(item.answer("fit")) or item.product_attributes.get("fit", ""),
        audience=_audience(item),
        doubtful=_is_doubtful(sampled, kind, taxonomy, named=named is not None),
        age_doubt=0 if named else _age_doubt(item),
        worn_in=seasons_of(item.answer("season")),
        is_own=sampled.is_own,
    )


def formality_of(answer: AttributeValue, kind: GarmentType, taxonomy: Taxonomy) -> float:
    """The type's, moved towards that of a sure answer by its score: a person's answer replaces it."""
    said = answer.number
    if said is None and _sure_value(answer):
        said = taxonomy.number_of("formality", answer.value)
    if said is None:
        return kind.formality
    share = answer.score if answer.values else 1.0
    return kind.formality + share * (said - kind.formality)


def seasons_of(answer: AttributeValue) -> frozenset[Season] | None:
    """Those that are sure; None where none is."""
    sure = [each.value for each in answer.values if each.score >= SURE]
    return (frozenset(season for season in Season if season in sure) or None) if sure else None


def _sure_value(answer: AttributeValue) -> str:
    return answer.value if answer.score >= SURE else ""


def _audience(item: SearchableItem) -> tuple[str, str]:
    """As the product says; a person's answer to the attribute `age_group` of the item goes before that."""
    gender, age_group = audience_of(item.product_attributes)
    answer = item.answer("age_group")
    return gender, answer.value if answer.source is ValueSource.PERSON and answer.values else age_group


def _age_doubt(item: SearchableItem) -> int:
    """By what a model says, where no person says anything."""
    answer = item.answer("age_group")
    if audience_of(item.product_attributes)[1] or not answer.values or answer.source is ValueSource.PERSON:
        return 0
    if answer.value != "adult":
        return 2
    return 0 if answer.score >= SURE_ADULT else 1


def audience_of(product_attributes: Mapping[str, str]) -> tuple[str, str]:
    """Gender and age group of whom a product is for, by the attributes of that name; "" for all."""
    gender = product_attributes.get("gender", "").casefold()
    age_group = product_attributes.get("age_group", "").casefold()
    return _GENDERS.get(gender, gender), age_group


def _named_type(sampled: SampledItem, taxonomy: Taxonomy) -> GarmentType | None:
    """What people say that it is: of the category that a person has set for the item, else of the product's,
    the type that the words of the product tell, else what these words are about; None where they say nothing.

    The words of a product count for the item that represents its photo, since others are not what is sold.
    """
    item = sampled.item
    sold = [item.product_type, sampled.words.product_name] if item.primary_in_image else []
    if _is_said(sampled):
        return taxonomy.garment_type(_category(item), *sold, item.label)
    if item.primary_in_image and taxonomy.canonical_category(item.product_category):
        return taxonomy.garment_type(item.product_category, *sold)
    about = (taxonomy.named_garment_type(text) for text in sold if text)
    return next((each for each in about if each is not None), None)


def _is_said(sampled: SampledItem) -> bool:
    """Whether a person has set the label or the category."""
    answer = sampled.item.answer("category")
    return bool(sampled.words.label) or answer.source is ValueSource.PERSON


def _is_doubtful(sampled: SampledItem, kind: GarmentType, taxonomy: Taxonomy, *, named: bool) -> bool:
    """Whether it may be no garment, or one of another category: it does not represent its photo, which shows
    it beside, or the models are not sure of its category or say different ones; what people say is sure.
    So are accessories and outerwear of which nothing tells more than the category: a hat may be a cap or a
    beanie, a jacket a blazer or a parka.
    """
    item = sampled.item
    if not item.primary_in_image or named:
        return not item.primary_in_image
    category = taxonomy.canonical_category(_category(item))
    detected = taxonomy.canonical_category(item.label)
    if kind.slots[0] in _VAGUE and _is_coarse(item.label, kind, taxonomy):
        return True
    return item.answer("category").score < SURE_CATEGORY or detected not in (None, category)


def _is_coarse(label: str, kind: GarmentType, taxonomy: Taxonomy) -> bool:
    """Whether the detector's label tells no more than the category, whose first type is its usual one."""
    told = taxonomy.named_garment_type(label)
    return told is None or told == taxonomy.garment_type(kind.category)


def _category(item: SearchableItem) -> str:
    return item.attributes.get("category", "") or item.label


def _pattern(sampled: SampledItem, taxonomy: Taxonomy) -> str:
    """A person's answer, else what the product's attribute or name says, else the model's answer."""
    item = sampled.item
    known = item.attributes.get("pattern", "")
    if not item.primary_in_image or item.answer("pattern").source is ValueSource.PERSON:
        return known
    said = f"{item.product_attributes.get('pattern', '')} {sampled.words.product_name}"
    words = set(normalized(said).split())
    values = (value for each in taxonomy.attributes if each.name == "pattern" for value in each.values)
    return next((value for value in values if value in words), known)


def _color(sampled: SampledItem, taxonomy: Taxonomy) -> str:
    """The largest colour, else the attribute's answer; "" where the taxonomy has no such colour."""
    item = sampled.item
    named = item.colors[0] if item.colors else item.attributes.get("color", "")
    return taxonomy.canonical_color(named) or "" if named else ""
