from __future__ import annotations

import pytest

from domain.outfit_rules import OutfitWeights
from domain.rank_weights import RankWeights
from domain.taxonomy import Attribute, Category
from domain.tenant_taxonomy import NamedColor, TenantTaxonomy
from services.access.tenant_settings import TenantSettings

FULL = TenantSettings(
    "shop",
    RankWeights(category=None, color=0.5),
    TenantTaxonomy(
        (Category("Kleid", "one-piece", ("Röckchen",)),),
        (Attribute("pattern", ("uni",), ("{}",)),),
        (
            NamedColor("синій", (1.0, 2.0, 3.0), ("x",)),
            NamedColor("блакитний", (5.0, 2.0, 3.0), (), "синій"),
        ),
    ),
    OutfitWeights(0.5, 0.25, 0.25, 0.0, 0.0, 0.5),
)


@pytest.mark.parametrize(
    "settings",
    [
        TenantSettings("shop"),
        FULL,
        TenantSettings("shop", RankWeights()),
        TenantSettings("shop", taxonomy=FULL.taxonomy),
    ],
)
def test_json_holds_all_of_it(settings: TenantSettings) -> None:
    read = TenantSettings.from_json("shop", settings.to_json())
    assert read == settings
    assert read.etag == settings.etag


def test_settings_without_families_have_the_etag_of_releases_without_them() -> None:
    settings = TenantSettings("shop", taxonomy=TenantTaxonomy(colors=(NamedColor("rot", (1.0, 2.0, 3.0)),)))
    assert settings.facts()["taxonomy"] == {
        "colors": ({"name": "rot", "lab": (1.0, 2.0, 3.0), "synonyms": ()},)
    }


def test_only_a_tenant_without_settings_is_default() -> None:
    assert TenantSettings("shop").is_default
    assert not FULL.is_default
    assert not TenantSettings("shop", RankWeights()).is_default
    assert not TenantSettings("shop", outfit_weights=FULL.outfit_weights).is_default
    assert "outfit_weights" not in TenantSettings("shop").facts()
