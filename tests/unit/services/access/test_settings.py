from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from domain.errors import Conflict, InvalidInput, PermissionDenied, Unavailable
from domain.outfit_rules import OutfitWeights
from domain.rank_weights import RankWeights
from domain.taxonomy import Attribute, Taxonomy
from domain.tenant_taxonomy import TenantTaxonomy
from domain.types import DEFAULT_PRINCIPAL, Principal
from services.access.settings import Settings
from services.access.sql.erasure import count_callers, erase_callers
from services.access.tenant_settings import TenantSettings
from services.audit.trail import AuditTrail
from services.sql.database import Database

SERVER = Taxonomy.load(Path(__file__).parents[4] / "domain/taxonomy.toml")
SHOP, OTHER = Principal("shop"), Principal("other")
OWN = TenantSettings(
    "shop",
    RankWeights(color=0.5),
    TenantTaxonomy(attributes=(Attribute("pattern", ("uni", "gestreift"), ()),)),
)


@pytest.fixture
def settings(keys_database: Database, trail: AuditTrail) -> Settings:
    return Settings(keys_database, trail, SERVER)


@pytest.fixture
def elsewhere(keys_database: Database, trail: AuditTrail) -> Settings:
    """The settings in another process, or after a restart."""
    return Settings(keys_database, trail, SERVER)


def pattern_of(settings: Settings, tenant_id: str) -> tuple[str, ...]:
    return settings.taxonomy(tenant_id).attribute("pattern").values


async def test_settings_are_in_force_for_their_tenant_alone(settings: Settings, elsewhere: Settings) -> None:
    updated, taxonomy = await settings.update(SHOP, OWN)
    assert updated == OWN
    assert (taxonomy, pattern_of(settings, "shop")) == (settings.taxonomy("shop"), ("uni", "gestreift"))
    assert settings.rank_weights("shop") == RankWeights(color=0.5)
    assert settings.taxonomy("other") is SERVER
    assert settings.rank_weights("other") is None
    assert settings.outfit_weights("shop") is None
    await settings.update(SHOP, replace(OWN, outfit_weights=OutfitWeights(1.0, 0.0, 0.0, 0.0, 0.0)))
    assert settings.outfit_weights("shop") == OutfitWeights(1.0, 0.0, 0.0, 0.0, 0.0)
    await settings.update(SHOP, OWN)
    assert elsewhere.taxonomy("shop") is SERVER
    await elsewhere.refresh()
    assert pattern_of(elsewhere, "shop") == ("uni", "gestreift")
    assert (await elsewhere.get(SHOP))[0] == OWN
    assert (await elsewhere.get(OTHER))[0] == TenantSettings("other")


async def test_a_tenant_without_settings_leaves_nothing(settings: Settings, elsewhere: Settings) -> None:
    await settings.update(SHOP, OWN)
    await elsewhere.refresh()
    await settings.update(SHOP, TenantSettings("shop"))
    await elsewhere.refresh()
    for each in (settings, elsewhere):
        assert each.taxonomy("shop") is SERVER
        assert each.rank_weights("shop") is None


async def test_settings_that_are_deleted_are_gone_everywhere(
    settings: Settings, keys_database: Database
) -> None:
    await settings.update(SHOP, OWN)
    assert await keys_database.read(lambda session: count_callers(session, "shop")) == 1
    assert await keys_database.write(lambda session: erase_callers(session, "shop")) == 1
    await settings.refresh()
    assert settings.taxonomy("shop") is SERVER


async def test_only_administrators_of_a_tenant_change_it(settings: Settings) -> None:
    for call in (settings.update(OTHER, OWN), settings.get(OTHER, "shop")):
        with pytest.raises(PermissionDenied):
            await call
    await settings.update(DEFAULT_PRINCIPAL, OWN)
    assert (await settings.get(DEFAULT_PRINCIPAL, "shop"))[0] == OWN


async def test_a_stale_etag_changes_nothing(settings: Settings) -> None:
    await settings.update(SHOP, OWN, TenantSettings("shop").etag)
    with pytest.raises(Conflict):
        await settings.update(SHOP, replace(OWN, rank_weights=None), TenantSettings("shop").etag)
    assert settings.rank_weights("shop") == OWN.rank_weights


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (replace(OWN, rank_weights=RankWeights(color=11.0)), "settings.rank_weights.color"),
        (
            replace(OWN, outfit_weights=OutfitWeights(0.0, -1.0, 0.0, 0.0, 0.0)),
            "settings.outfit_weights.formality",
        ),
        (replace(OWN, outfit_weights=OutfitWeights(0.0, 0.0, 0.0, 0.0, 0.0)), "settings.outfit_weights"),
        (
            replace(OWN, taxonomy=TenantTaxonomy(attributes=(Attribute("smell", ("a", "b"), ()),))),
            "settings.taxonomy.attributes[0].name",
        ),
        (TenantSettings("no tenant!"), "tenant"),
    ],
)
async def test_settings_out_of_their_limits_are_refused(
    settings: Settings, wrong: TenantSettings, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await settings.update(DEFAULT_PRINCIPAL, wrong)
    assert refused.value.violations[0].field == field
    assert (await settings.get(SHOP))[0] == TenantSettings("shop")


async def test_words_are_prepared_before_they_are_in_force(settings: Settings, elsewhere: Settings) -> None:
    gate, started = asyncio.Event(), asyncio.Event()

    async def prepare(taxonomy: Taxonomy) -> None:
        assert taxonomy.attribute("pattern").values == ("uni", "gestreift")
        started.set()
        await gate.wait()

    settings.prepare = elsewhere.prepare = prepare
    updating = asyncio.create_task(settings.update(SHOP, OWN))
    await started.wait()
    assert settings.taxonomy("shop") is SERVER
    gate.set()
    await updating
    gate.clear()
    started.clear()
    refreshing = asyncio.create_task(elsewhere.refresh())
    await started.wait()
    assert elsewhere.taxonomy("shop") is SERVER
    gate.set()
    await refreshing
    assert pattern_of(elsewhere, "shop") == ("uni", "gestreift")


async def test_words_that_cannot_be_prepared_are_not_written(settings: Settings, elsewhere: Settings) -> None:
    async def prepare(_taxonomy: Taxonomy) -> None:
        raise Unavailable("the text encoder is away")

    settings.prepare = prepare
    with pytest.raises(Unavailable):
        await settings.update(SHOP, OWN)
    await elsewhere.refresh()
    assert elsewhere.taxonomy("shop") is SERVER


async def test_a_change_during_a_refresh_stays(settings: Settings, elsewhere: Settings) -> None:
    gate, started = asyncio.Event(), asyncio.Event()

    async def prepare(_taxonomy: Taxonomy) -> None:
        started.set()
        await gate.wait()

    await elsewhere.update(SHOP, OWN)
    settings.prepare = prepare
    refreshing = asyncio.create_task(settings.refresh())
    await started.wait()
    newer = replace(OWN, taxonomy=TenantTaxonomy(attributes=(Attribute("style", ("a", "b"), ()),)))
    gate.set()
    await asyncio.gather(settings.update(SHOP, newer), refreshing)
    await settings.refresh()
    assert settings.taxonomy("shop").attribute("style").values == ("a", "b")


async def test_words_that_do_not_fit_a_new_server_taxonomy_are_the_servers(
    settings: Settings, keys_database: Database, trail: AuditTrail, caplog: pytest.LogCaptureFixture
) -> None:
    await settings.update(SHOP, OWN)
    fewer = replace(SERVER, attributes=SERVER.attributes[:2])
    newer = Settings(keys_database, trail, fewer)
    await newer.refresh()
    assert newer.taxonomy("shop") is fewer
    assert newer.rank_weights("shop") == OWN.rank_weights
    assert "tenant 'shop'" in caplog.text


async def test_a_version_is_found_for_its_tenant_and_for_operators(
    settings: Settings, elsewhere: Settings
) -> None:
    _, taxonomy = await settings.update(SHOP, OWN)
    for principal in (SHOP, DEFAULT_PRINCIPAL):
        found = await elsewhere.taxonomy_of_version(principal, taxonomy.version)
        assert found is not None
        assert found.version == taxonomy.version
        assert await elsewhere.taxonomy_of_version(principal, "none") is None
    assert await elsewhere.taxonomy_of_version(OTHER, taxonomy.version) is None
    assert await elsewhere.taxonomy_of_version(OTHER, SERVER.version) is SERVER
