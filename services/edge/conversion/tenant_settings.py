"""Settings of tenants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from armoire.v1 import admin_pb2, outfits_pb2, search_pb2
from domain.errors import InvalidInput
from domain.outfit_rules import OutfitWeights
from domain.rank_weights import RankWeights
from domain.taxonomy import Attribute, Category, Taxonomy
from domain.tenant_taxonomy import (
    MAX_CATEGORIES,
    MAX_COLORS,
    MAX_PROMPTS,
    MAX_SYNONYMS,
    MAX_VALUES,
    NamedColor,
    TenantTaxonomy,
)
from services.access.tenant_settings import TenantSettings

_MAX_ATTRIBUTES = 100


def settings_to_proto(settings: TenantSettings, taxonomy: Taxonomy) -> admin_pb2.TenantSettings:
    """`taxonomy` is the one in force."""
    own = settings.taxonomy
    message = admin_pb2.TenantSettings(
        tenant=settings.tenant_id, etag=settings.etag, vocabulary_version=taxonomy.version
    )
    if settings.rank_weights is not None:
        message.rank_weights.CopyFrom(weights_to_proto(settings.rank_weights))
    if settings.outfit_weights is not None:
        message.outfit_weights.CopyFrom(outfits_pb2.OutfitWeights(**asdict(settings.outfit_weights)))
    if own != TenantTaxonomy():
        message.taxonomy.categories.extend(map(_category_to_proto, own.categories))
        message.taxonomy.attributes.extend(map(_attribute_to_proto, own.attributes))
        message.taxonomy.colors.extend(map(_color_to_proto, own.colors))
    return message


def settings_from_proto(message: admin_pb2.TenantSettings, tenant_id: str) -> TenantSettings:
    """The settings of the tenant named, or else of `tenant_id`.

    Raises:
        InvalidInput: there is too much of something.
    """
    weights = weights_from_proto(message.rank_weights) if message.HasField("rank_weights") else None
    try:
        taxonomy = _taxonomy_from_proto(message.taxonomy)
    except InvalidInput as error:
        raise error.within("settings.taxonomy") from None
    of_outfits = _outfit_weights(message.outfit_weights) if message.HasField("outfit_weights") else None
    return TenantSettings(message.tenant or tenant_id, weights, taxonomy, of_outfits)


def weights_to_proto(weights: RankWeights) -> search_pb2.RankWeights:
    return search_pb2.RankWeights(
        category=weights.category,
        attributes=weights.attributes,
        color=weights.color,
        shape=weights.shape,
        brand=weights.brand,
        price=weights.price,
    )


def weights_from_proto(weights: search_pb2.RankWeights) -> RankWeights:
    return RankWeights(**{field.name: value for field, value in weights.ListFields()})


def _outfit_weights(weights: outfits_pb2.OutfitWeights) -> OutfitWeights:
    learned = weights.learned if weights.HasField("learned") else None
    return OutfitWeights(
        weights.color, weights.formality, weights.compatibility, weights.pattern, weights.season, learned
    )


def _taxonomy_from_proto(message: admin_pb2.Taxonomy) -> TenantTaxonomy:
    """Counts are checked before anything is built."""
    _check_count("categories", message.categories, MAX_CATEGORIES)
    _check_count("attributes", message.attributes, _MAX_ATTRIBUTES)
    _check_count("colors", message.colors, MAX_COLORS)
    for index, category in enumerate(message.categories):
        _check_count(f"categories[{index}].synonyms", category.synonyms, MAX_SYNONYMS)
    for index, attribute in enumerate(message.attributes):
        _check_count(f"attributes[{index}].values", attribute.values, MAX_VALUES)
        _check_count(f"attributes[{index}].prompts", attribute.prompts, MAX_PROMPTS)
    for index, color in enumerate(message.colors):
        _check_count(f"colors[{index}].lab", color.lab, 3)
        _check_count(f"colors[{index}].synonyms", color.synonyms, MAX_SYNONYMS)
    return TenantTaxonomy(
        tuple(Category(each.name, each.slot, tuple(each.synonyms)) for each in message.categories),
        tuple(Attribute(each.name, tuple(each.values), tuple(each.prompts)) for each in message.attributes),
        tuple(
            NamedColor(each.name, tuple(each.lab), tuple(each.synonyms), each.family)
            for each in message.colors
        ),
    )


def _check_count(field: str, values: Sequence[Any], most: int) -> None:
    if len(values) > most:
        raise InvalidInput(field, f"must hold at most {most}, got {len(values)}")


def _category_to_proto(category: Category) -> admin_pb2.TaxonomyCategory:
    return admin_pb2.TaxonomyCategory(name=category.name, slot=category.slot, synonyms=category.synonyms)


def _attribute_to_proto(attribute: Attribute) -> admin_pb2.TaxonomyAttribute:
    return admin_pb2.TaxonomyAttribute(
        name=attribute.name, values=attribute.values, prompts=attribute.prompts
    )


def _color_to_proto(color: NamedColor) -> admin_pb2.TaxonomyColor:
    return admin_pb2.TaxonomyColor(
        name=color.name, lab=color.lab, synonyms=color.synonyms, family=color.family
    )
