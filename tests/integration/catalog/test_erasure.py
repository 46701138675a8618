"""An erased tenant, or product, is in no store and in no file; another tenant keeps all that it has."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.calls import CURRENT_CALL, Call
from domain.errors import FailedPrecondition, InvalidInput, NotFound, PermissionDenied, Unavailable
from domain.preference_rules import Facet, FeedbackKind
from domain.preferences import Appearance
from domain.quota import TenantUse
from domain.types import ModelVersion, Principal, Scope
from services.access.administration import Administration
from services.access.erasure import AccessErasure
from services.access.key_access import KeyAccess
from services.access.sql.access_database import access_database
from services.access.user import Role
from services.audit.audit_filter import AuditFilter
from services.catalog.blobs.store import BlobStore, original_key, part_key
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.operations.erasure import ErasureOptions, TenantStore
from services.catalog.options import CatalogOptions
from services.catalog.records.corrections import CorrectionFilter
from services.catalog.records.items import Item
from services.catalog.records.operations import OperationKind, OperationState
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.products import ProductKey
from services.catalog.records.wardrobe import WardrobeDraft, WardrobeState
from services.catalog.resources.tastes import NewOpinion
from services.catalog.search.query import TextQuery
from tests.integration.catalog.erasures import (
    ACME,
    OPERATOR,
    SECRETS,
    SHOP,
    Server,
    belongings,
    ended,
    fill_both,
    kept,
)
from tests.integration.catalog.fake_analyzer import TAXONOMY, FakeAnalyzer, photo
from tests.integration.catalog.flows import collection_of, found_ids, index, is_any, milvus_rows, stored_keys

NEW_MODEL = ModelVersion("fake-embedder-2", "square-1")


@pytest.fixture
async def administration(tmp_path: Path) -> AsyncIterator[Administration]:
    database = access_database(f"sqlite:///{tmp_path / 'access.db'}")
    await database.open()
    administration = Administration(database)
    yield administration
    await administration.close()
    await database.close()


@pytest.fixture
async def server(
    options: CatalogOptions, analyzer: FakeAnalyzer, administration: Administration, tmp_path: Path
) -> AsyncIterator[Server]:
    access = AccessErasure(administration)
    erasure = ErasureOptions(access, (access,), (access,), settle_s=0.0)
    catalog = Catalog(options, analyzer, TAXONOMY, erasure=erasure)
    await catalog.start()
    await catalog.wait_until_ready()
    yield Server(catalog, administration, tmp_path)
    await catalog.stop()


def files_with(home: Path, needles: Iterable[bytes]) -> dict[bytes, set[str]]:
    """The files, of all below a folder, that have one of the needles in their name or content."""
    paths = {str(path.relative_to(home)): path for path in home.rglob("*") if not path.is_socket()}
    contents = {name: path.read_bytes() if path.is_file() else b"" for name, path in paths.items()}
    found = {
        needle: {name for name, content in contents.items() if needle in content or needle in name.encode()}
        for needle in needles
    }
    return {needle: names for needle, names in found.items() if names}


@pytest.mark.embedded("the files are searched")
async def test_nothing_of_an_erased_tenant_is_in_any_file(
    server: Server, options: CatalogOptions, analyzer: FakeAnalyzer
) -> None:
    catalog = server.catalog
    await fill_both(server)
    needles = [*map(str.encode, SECRETS), *await belongings(catalog, ACME)]
    assert files_with(server.home, needles).keys() == set(needles), "the search would find them"
    before = await kept(server, SHOP)

    operation = await ended(catalog, await catalog.erasures.tenant(OPERATOR, "acme"), OPERATOR)
    assert (operation.state, operation.error) == (OperationState.SUCCEEDED, None)
    assert operation.response is not None
    stores = {store["store"]: store for store in operation.response["stores"]}
    assert stores.keys() == {"access", "rows", "audit", "vectors", "blobs"}
    assert all(store["removed"] > 0 and store["remaining"] == 0 for store in stores.values())
    assert files_with(server.home, needles) == {}

    assert await kept(server, SHOP) == before
    assert await catalog.use("acme") == TenantUse()
    with pytest.raises(NotFound):
        await catalog.erasures.tenant(OPERATOR, "acme")
    (record,) = await catalog.trail.list(AuditFilter(tenants=[OPERATOR.tenant_id]), 10)
    assert record.after == {"kind": "erase", "tenant": "acme"}
    await catalog.stop()
    assert files_with(server.home, needles) == {}
    assert {tenant for tenant, _ in milvus_rows(options, analyzer.served)} == {"shop"}


@pytest.mark.embedded("the files are searched")
async def test_nothing_of_an_erased_product_is_in_any_file(server: Server, options: CatalogOptions) -> None:
    catalog = server.catalog
    product_id, _ = await fill_both(server)
    spare = await index(catalog, IndexRequest(photo(77)), ACME)
    items = (await catalog.items.list(ACME, product_id=product_id)).entries
    needles = [b"ACME-SKU-7", b"zibeline-front.png", photo(1), photo(2)]
    assert files_with(server.home, needles).keys() == set(needles)
    before = await kept(server, SHOP)
    blobs, export = BlobStore(options.blob_url), part_key("acme", product_id, "part-1")
    await blobs.put(export, b"ACME-SKU-7")
    operation = await ended(catalog, await catalog.erasures.product(ACME, product_id), ACME)
    assert (operation.state, operation.error) == (OperationState.SUCCEEDED, None)
    assert operation.response is not None
    assert {store["remaining"] for store in operation.response["stores"]} == {0}
    assert files_with(server.home, needles) == {}
    left = " ".join(await stored_keys(options))
    assert export not in left
    assert not any(item.id in left or item.image_id in left for item in items)
    assert await kept(server, SHOP) == before
    assert {each.id for each in (await catalog.images.list(ACME)).entries} == {spare.image_id}
    assert await catalog.use("acme") == TenantUse(len(spare.items), len(photo(77)))
    with pytest.raises(NotFound):
        await catalog.products.restore(ACME, product_id)
    records = await catalog.trail.list(AuditFilter(tenants=["acme"], resource_prefix="products/"), 100)
    of_product = [record for record in records if product_id in record.resource]
    assert {record.action for record in of_product} == {record.action for record in records}
    assert all(record.before == record.after == {} for record in of_product)


@pytest.mark.embedded("the copy in Milvus Lite is looked at, too")
async def test_vectors_of_all_collections_are_erased(server: Server, analyzer: FakeAnalyzer) -> None:
    catalog = server.catalog
    await fill_both(server)
    analyzer.loaded |= {NEW_MODEL}
    started = await catalog.collections.start_backfill(OPERATOR, NEW_MODEL.model_version)
    await ended(catalog, started, OPERATOR)
    names = {collection_of(version) for version in (analyzer.served, NEW_MODEL)}
    operation = await ended(catalog, await catalog.erasures.tenant(OPERATOR, "acme"), OPERATOR)
    assert operation.state is OperationState.SUCCEEDED
    for collection in names:
        copies = catalog._index.stored_rows(collection)
        assert len(copies) == 2, "Milvus Lite is up to date"
        assert [{tenant for (tenant, _), _ in rows} for rows in copies] == [{"shop"}, {"shop"}]


END_USER, NEIGHBOUR = "customer-zibeline-4711", "customer-4712"


async def done_for(server: Server, end_user: str, principal: Principal, seed: int) -> str:
    """A photo with a correction, an import, a user and a wardrobe, all for an end user; returns the photo's
    id.
    """
    catalog, call = server.catalog, CURRENT_CALL.set(Call("r-1", end_user=end_user))
    try:
        job = await index(catalog, IndexRequest(photo(seed), image_name="wardrobe.png"), principal)
        item = await catalog.items.get(principal, job.items[0].item_id, include_embedding=True)
        await catalog.corrections.verify(principal, item.id)
        own = await clothes_of(catalog, principal, 10 * seed)
        await dressed(catalog, end_user, principal, item, own.id)
        await catalog.imports.start(principal, "wardrobe.csv")
        mail = f"ann-{seed}@{principal.tenant_id}.example"
        await server.administration.users.invite(OPERATOR, mail, Role.EDITOR, "Ann", principal.tenant_id)
    finally:
        CURRENT_CALL.reset(call)
    return job.image_id


async def dressed(catalog: Catalog, end_user: str, principal: Principal, item: Item, own: str) -> None:
    """An end user wears an item of the shop, has one that is their own, and was shown an outfit."""
    drafts = [WardrobeDraft(id, WardrobeState.OWNED, note=f"of {end_user}") for id in (item.id, own)]
    await catalog.wardrobes.add(principal, end_user, drafts)
    seen = {item.id: Appearance({Facet.COLOR: ("navy",)}, item.embedding)}
    opinion = NewOpinion(FeedbackKind.WEAR, 2.0, seen, item.version, 1e12)
    await catalog.tastes.record(principal, end_user, opinion, f"key-{end_user}")
    await catalog.tastes.remember_shown(principal, end_user, [[item.id]])


async def clothes_of(
    catalog: Catalog, principal: Principal, seed: int, product_type: str = "Wardrobe"
) -> Item:
    """An item of a product, which is somebody's own unless its type says otherwise."""
    draft = ProductDraft("Zibeline shawl", product_type=product_type)
    product = await catalog.products.create(principal, draft)
    job = await index(catalog, IndexRequest(photo(seed), product_id=product.id), principal)
    return await catalog.items.get(principal, job.items[0].item_id)


async def tells_of(server: Server, principal: Principal, image_id: str) -> dict[str, set[str]]:
    """For whom the records of a tenant say that something was done."""
    catalog, tenants = server.catalog, [principal.tenant_id]
    (item, *_) = (await catalog.items.list(principal, image_id=image_id)).entries
    wanted = CorrectionFilter(item.id)
    corrections = (await catalog.corrections.list(principal, wanted=wanted)).entries
    trails = {"audit": catalog.trail, "access": server.administration.trail}
    records = {name: await trail.list(AuditFilter(tenants=tenants), 100) for name, trail in trails.items()}
    told = {name: {record.end_user for record in found} for name, found in records.items()}
    return told | {"corrections": {each.end_user for each in corrections}}


async def test_the_id_of_an_erased_end_user_is_kept_nowhere(
    server: Server, options: CatalogOptions, stack: str
) -> None:
    catalog = server.catalog
    image_id = await done_for(server, END_USER, ACME, 1)
    await done_for(server, NEIGHBOUR, ACME, 2)
    of_shop = await done_for(server, END_USER, SHOP, 3)
    blobs, export = BlobStore(options.blob_url), part_key("acme", image_id, "part-1")
    await blobs.put(export, END_USER.encode())
    assert all(END_USER in found for found in (await tells_of(server, ACME, image_id)).values())

    call = CURRENT_CALL.set(Call("r-1", end_user=END_USER))  # who may ask for it themselves
    started = await catalog.erasures.end_user(ACME, END_USER)
    CURRENT_CALL.reset(call)
    operation = await ended(catalog, started, ACME)
    assert (operation.state, operation.error) == (OperationState.SUCCEEDED, None)
    assert operation.response is not None
    stores = {store["store"]: store for store in operation.response["stores"]}
    assert stores.keys() == {"access", "products", "rows", "audit", "blobs"}
    assert stores["rows"]["removed"] == 7, "a correction, an import, and five of the wardrobe"
    assert all(store["removed"] > 0 and store["remaining"] == 0 for store in stores.values())

    for end_user, principal, count in ((END_USER, ACME, 0), (NEIGHBOUR, ACME, 1), (END_USER, SHOP, 1)):
        data = await catalog.tastes.export(principal, end_user)
        sizes = (len(data.wardrobe), len(data.feedback), len(data.suggested), data.preferences.signals)
        assert sizes == (2 * count, count, count, count)
    await ended(catalog, await catalog.erasures.end_user(ACME, END_USER), ACME)  # the export left a record
    told = await tells_of(server, ACME, image_id)
    assert told == {"audit": {"", NEIGHBOUR}, "access": {"", NEIGHBOUR}, "corrections": {""}}
    assert all(END_USER in found for found in (await tells_of(server, SHOP, of_shop)).values())
    original = original_key("acme", image_id)
    assert await blobs.missing([original, export]) == [export], "the photo is the tenant's"
    if stack == "embedded":
        await ended(catalog, await catalog.erasures.end_user(SHOP, END_USER), SHOP)
        assert files_with(server.home, [END_USER.encode()]) == {}


async def test_what_is_only_the_end_users_own_is_erased_with_them(
    server: Server, options: CatalogOptions
) -> None:
    catalog = server.catalog
    own, shared, sold = [
        await clothes_of(catalog, ACME, seed, product_type)
        for seed, product_type in ((1, "wardrobe"), (2, "Wardrobe"), (3, "shawls"))
    ]
    of_shop = await clothes_of(catalog, SHOP, 4)
    drafts = [WardrobeDraft(item.id, WardrobeState.OWNED) for item in (own, shared, sold)]
    await catalog.wardrobes.add(ACME, END_USER, drafts)
    await catalog.wardrobes.add(ACME, NEIGHBOUR, drafts[1:])
    await catalog.wardrobes.add(SHOP, END_USER, [WardrobeDraft(of_shop.id, WardrobeState.OWNED)])
    await ended(catalog, await catalog.erasures.end_user(ACME, END_USER), ACME)
    products = {product.id for product in (await catalog.products.list(ACME, show_deleted=True)).entries}
    assert products == {shared.product_id, sold.product_id}
    blobs = BlobStore(options.blob_url)
    keys = [original_key("acme", item.image_id) for item in (own, shared, sold)]
    assert await blobs.missing(keys) == keys[:1]
    of_types = is_any("product_type", "wardrobe", "shawls")
    found = await found_ids(catalog, TextQuery("x"), of_types, principal=ACME)
    assert own.id not in found
    assert {shared.id, sold.id} <= set(found)
    assert await catalog.wardrobes.item_ids(ACME, NEIGHBOUR) == [shared.id, sold.id]
    assert await catalog.wardrobes.item_ids(SHOP, END_USER) == [of_shop.id]
    await ended(catalog, await catalog.erasures.end_user(ACME, NEIGHBOUR), ACME)
    assert await blobs.missing(keys) == keys[:2], "nobody else has it any more"


async def test_ids_of_end_users_have_rules(server: Server) -> None:
    for wrong in ("", " blank", "grün", "x" * 129):
        with pytest.raises(InvalidInput, match="end_user: must be 1 to 128 printable ASCII characters"):
            await server.catalog.erasures.end_user(ACME, wrong)
    operation = await ended(server.catalog, await server.catalog.erasures.end_user(ACME, "nobody"), ACME)
    assert operation.state is OperationState.SUCCEEDED, "an id that is kept nowhere is no error"


async def test_a_tenant_cannot_call_while_it_is_erased(server: Server) -> None:
    administration = server.administration
    _, text = await administration.keys.create(OPERATOR, "till", [Scope.READ], "acme")
    callers = KeyAccess(administration.ring, administration.sessions, administration.tenants)
    header = f"Bearer {text}"
    assert callers.principal(header).tenant_id == "acme"
    access = AccessErasure(administration)
    await access.close("acme")
    with pytest.raises(PermissionDenied, match="being erased") as refused:
        callers.principal(header)
    assert refused.value.reason == "TENANT_ERASED"
    await access.forget("acme")
    assert callers.principal(header).tenant_id == "acme"


@dataclass
class FailingStore:
    """Fails once, after it has removed something."""

    store: TenantStore
    failed: bool = False

    @property
    def name(self) -> str:
        return self.store.name

    async def erase(self, tenant_id: str) -> int:
        removed = await self.store.erase(tenant_id)
        if not self.failed:
            self.failed = True
            raise Unavailable("the store does not answer")
        return removed

    async def count(self, tenant_id: str) -> int:
        return await self.store.count(tenant_id)

    async def compact(self) -> None:
        await self.store.compact()


@pytest.mark.embedded("the files are searched")
async def test_an_erasure_that_fails_anywhere_is_taken_up_again(server: Server) -> None:
    catalog = server.catalog
    await fill_both(server)
    needles = [*map(str.encode, SECRETS), *await belongings(catalog, ACME)]
    stores = catalog._tenant_stores
    failing = [FailingStore(store) for store in stores]
    stores[:] = failing
    operation = await ended(catalog, await catalog.erasures.tenant(OPERATOR, "acme"), OPERATOR)
    assert operation.state is OperationState.SUCCEEDED
    assert all(store.failed for store in failing)
    assert files_with(server.home, needles) == {}


async def test_what_cannot_be_erased(server: Server) -> None:
    catalog, other = server.catalog, (await fill_both(server))[1]
    with pytest.raises(FailedPrecondition) as refused:
        await catalog.erasures.tenant(OPERATOR, OPERATOR.tenant_id)
    assert refused.value.reason == "TENANT_OF_OPERATORS"
    for tenant in ("", "x" * 65, "*"):
        with pytest.raises((InvalidInput, NotFound)):
            await catalog.erasures.tenant(OPERATOR, tenant)
    with pytest.raises(NotFound):
        await catalog.erasures.product(ACME, other)
    assert (await catalog.products.get(SHOP, ProductKey(other))).id == other


async def test_reports_of_audits_forget_an_erased_tenant(server: Server, options: CatalogOptions) -> None:
    catalog = server.catalog
    await fill_both(server)
    lost = [key for key in await stored_keys(options) if key.endswith("original")]
    await BlobStore(options.blob_url).delete(lost)
    started = await catalog.operations.start(OPERATOR, OperationKind.AUDIT, {"all_tenants": True})
    audit = await ended(catalog, started, OPERATOR)
    assert audit.response is not None
    assert {finding["tenant"] for finding in audit.response["findings"]} == {"acme", "shop"}
    await ended(catalog, await catalog.erasures.tenant(OPERATOR, "acme"), OPERATOR)
    again = await catalog.operations.get(OPERATOR, audit.id)
    assert again.response is not None
    assert {finding["tenant"] for finding in again.response["findings"]} == {"shop"}
