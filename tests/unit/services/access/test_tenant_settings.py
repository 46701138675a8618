from __future__ import annotations

import pytest

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
        (NamedColor("синій", (1.0, 2.0, 3.0), ("x",)),),
    ),
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


def test_only_a_tenant_without_settings_is_default() -> None:
    assert TenantSettings("shop").is_default
    assert not FULL.is_default
    assert not TenantSettings("shop", RankWeights()).is_default
