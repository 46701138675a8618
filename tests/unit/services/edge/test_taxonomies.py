from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import FailedPrecondition
from domain.taxonomy import Taxonomy
from domain.types import Principal
from services.edge.taxonomies import Taxonomies

SERVER = Taxonomy.load(Path(__file__).parents[4] / "domain/taxonomy.toml")
SHOP = Principal("shop")


async def of_version(principal: Principal, version: str) -> Taxonomy | None:
    return SERVER if (principal, version) == (SHOP, "v1") else None


TAXONOMIES = Taxonomies(lambda tenant_id: SERVER if tenant_id == "shop" else None, of_version)


async def test_the_taxonomy_of_a_call() -> None:
    assert await TAXONOMIES.of_call(SHOP, None) is SERVER
    assert await TAXONOMIES.of_call(SHOP, "v1") is SERVER
    assert await TAXONOMIES.of_call(SHOP, "default") is None
    assert await TAXONOMIES.of_call(Principal("other"), None) is None
    assert await Taxonomies().of_call(SHOP, None) is None


@pytest.mark.parametrize(("tenant", "version"), [("other", "v1"), ("shop", ""), ("shop", "x" * 10_000)])
async def test_a_version_of_nobody_or_of_another_is_refused(tenant: str, version: str) -> None:
    with pytest.raises(FailedPrecondition) as refused:
        await TAXONOMIES.of_call(Principal(tenant), version)
    assert refused.value.reason == "VOCABULARY_VERSION_MISMATCH"
    assert len(refused.value.message) < 300
