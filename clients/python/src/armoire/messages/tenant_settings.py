"""Messages of the settings of tenants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from armoire.messages.search import rank_weights_from_proto, rank_weights_to_proto
from armoire.v1 import admin_pb2, outfits_pb2
from armoire.values.outfits import OutfitWeights
from armoire.values.tenant_settings import (
    Taxonomy,
    TaxonomyAttribute,
    TaxonomyCategory,
    TaxonomyColor,
    TenantSettings,
)


def settings_from_proto(settings: admin_pb2.TenantSettings) -> TenantSettings:
    weighed = settings.HasField("rank_weights")
    return TenantSettings(
        tenant=settings.tenant,
        rank_weights=rank_weights_from_proto(settings.rank_weights) if weighed else None,
        taxonomy=taxonomy_from_proto(settings.taxonomy),
        etag=settings.etag,
        vocabulary_version=settings.vocabulary_version,
        outfit_weights=_outfit_weights(settings.outfit_weights)
        if settings.HasField("outfit_weights")
        else None,
    )


def settings_to_proto(settings: TenantSettings) -> admin_pb2.TenantSettings:
    weights = settings.rank_weights
    return admin_pb2.TenantSettings(
        tenant=settings.tenant,
        rank_weights=None if weights is None else rank_weights_to_proto(weights),
        taxonomy=_taxonomy_to_proto(settings.taxonomy),
        etag=settings.etag,
        outfit_weights=None
        if settings.outfit_weights is None
        else outfits_pb2.OutfitWeights(**asdict(settings.outfit_weights)),
    )


def _outfit_weights(weights: outfits_pb2.OutfitWeights) -> OutfitWeights:
    learned = weights.learned if weights.HasField("learned") else None
    return OutfitWeights(
        weights.color, weights.formality, weights.compatibility, weights.pattern, weights.season, learned
    )


def taxonomy_from_proto(taxonomy: admin_pb2.Taxonomy) -> Taxonomy:
    return Taxonomy(
        tuple(TaxonomyCategory(each.name, each.slot, tuple(each.synonyms)) for each in taxonomy.categories),
        tuple(
            TaxonomyAttribute(each.name, tuple(each.values), tuple(each.prompts))
            for each in taxonomy.attributes
        ),
        tuple(
            TaxonomyColor(each.name, _lab(each.lab), tuple(each.synonyms), each.family)
            for each in taxonomy.colors
        ),
    )


def _taxonomy_to_proto(taxonomy: Taxonomy) -> admin_pb2.Taxonomy:
    return admin_pb2.Taxonomy(
        categories=[
            admin_pb2.TaxonomyCategory(name=each.name, slot=each.slot, synonyms=each.synonyms)
            for each in taxonomy.categories
        ],
        attributes=[
            admin_pb2.TaxonomyAttribute(name=each.name, values=each.values, prompts=each.prompts)
            for each in taxonomy.attributes
        ],
        colors=[
            admin_pb2.TaxonomyColor(name=each.name, lab=each.lab, synonyms=each.synonyms, family=each.family)
            for each in taxonomy.colors
        ],
    )


def _lab(lab: Sequence[float]) -> tuple[float, float, float]:
    lightness, a, b = lab
    return lightness, a, b
