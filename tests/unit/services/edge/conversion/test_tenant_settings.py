from __future__ import annotations

from pathlib import Path

import pytest

from armoire.v1 import admin_pb2, search_pb2
from domain.errors import InvalidInput
from domain.outfit_rules import OutfitWeights
from domain.rank_weights import RankWeights
from domain.taxonomy import Attribute, Category, Taxonomy
from domain.tenant_taxonomy import NamedColor, TenantTaxonomy
from services.access.tenant_settings import TenantSettings
from services.edge.conversion.tenant_settings import settings_from_proto, settings_to_proto

SERVER = Taxonomy.load(Path(__file__).parents[5] / "domain/taxonomy.toml")
FULL = TenantSettings(
    "shop",
    RankWeights(category=0.25, color=0.5),
    TenantTaxonomy(
        (Category("Kleid", "one-piece", ("dress",)),),
        (Attribute("pattern", ("uni", "kariert"), ("{}",)),),
        (NamedColor("rot", (1.0, 2.0, 3.0), ("red",)), NamedColor("weinrot", (1.0, 2.0, 3.0), (), "rot")),
    ),
    OutfitWeights(0.5, 0.25, 0.25, 0.0, 0.0, 0.0),
)


@pytest.mark.parametrize("settings", [TenantSettings("shop"), FULL, TenantSettings("shop", RankWeights())])
def test_settings_there_and_back(settings: TenantSettings) -> None:
    message = settings_to_proto(settings, SERVER)
    assert settings_from_proto(message, "other") == settings
    assert (message.etag, message.vocabulary_version) == (settings.etag, SERVER.version)
    assert message.HasField("taxonomy") == (settings is FULL)


def test_the_callers_tenant_is_meant_where_none_is_named() -> None:
    assert settings_from_proto(admin_pb2.TenantSettings(), "other") == TenantSettings("other")
    weighed = admin_pb2.TenantSettings(rank_weights=search_pb2.RankWeights())
    assert settings_from_proto(weighed, "other").rank_weights == RankWeights()


@pytest.mark.parametrize(
    ("taxonomy", "field"),
    [
        ({"categories": [{}] * 201}, "categories"),
        ({"attributes": [{}] * 101}, "attributes"),
        ({"colors": [{}] * 101}, "colors"),
        ({"categories": [{"synonyms": ["a"] * 31}]}, "categories[0].synonyms"),
        ({"attributes": [{"values": ["a"] * 101}]}, "attributes[0].values"),
        ({"attributes": [{"prompts": ["{}"] * 11}]}, "attributes[0].prompts"),
        ({"colors": [{"lab": [1.0] * 4}]}, "colors[0].lab"),
        ({"colors": [{"synonyms": ["a"] * 31}]}, "colors[0].synonyms"),
    ],
)
def test_counts_are_checked_before_anything_is_built(taxonomy: dict[str, object], field: str) -> None:
    message = admin_pb2.TenantSettings(taxonomy=admin_pb2.Taxonomy(**taxonomy))  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as refused:
        settings_from_proto(message, "shop")
    assert refused.value.violations[0].field == f"settings.taxonomy.{field}"
