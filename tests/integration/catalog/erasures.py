"""Two tenants with products, photos, keys and users, of which one is erased."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.types import DEFAULT_PRINCIPAL, Principal, Scope
from services.access.administration import Administration
from services.access.tenant import Tenant
from services.access.user import Role
from services.audit.audit_filter import AuditFilter
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.records.operations import Operation
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.search.query import TextQuery
from tests.integration.catalog.fake_analyzer import photo
from tests.integration.catalog.flows import found_ids, index

ACME, SHOP = Principal("acme"), Principal("shop")
OPERATOR = DEFAULT_PRINCIPAL
SECRETS = ("ACME-SKU-7", "Velvet Zibeline Coat", "zibeline-front.png", "ada@zibeline.example", "Ada zibeline")


@dataclass
class Server:
    """A catalogue with the keys and users beside it, on the files of one home."""

    catalog: Catalog
    administration: Administration
    home: Path


async def fill(server: Server, principal: Principal, draft: ProductDraft, *seeds: int) -> str:
    """A product with photos and corrections, a deleted one, a key and a user; returns the product's id."""
    catalog, administration = server.catalog, server.administration
    product = await catalog.products.create(principal, draft)
    for seed in seeds:
        request = IndexRequest(photo(seed), image_name=f"{draft.brand}-front.png", product_id=product.id)
        await index(catalog, request, principal)
    (item, *_) = (await catalog.items.list(principal, product_id=product.id)).entries
    await catalog.corrections.verify(principal, item.id)
    gone = await catalog.products.create(principal, ProductDraft(f"{draft.display_name} of before"))
    await index(catalog, IndexRequest(photo(seeds[0] + 500), product_id=gone.id), principal)
    await catalog.products.delete(principal, gone.id)
    await administration.keys.create(OPERATOR, f"{draft.brand} till", [Scope.READ], principal.tenant_id)
    await administration.tenants.update(OPERATOR, Tenant(principal.tenant_id, max_items=1000))
    mail = f"ada@{draft.brand}.example"
    await administration.users.invite(OPERATOR, mail, Role.EDITOR, f"Ada {draft.brand}", principal.tenant_id)
    return product.id


async def fill_both(server: Server) -> tuple[str, str]:
    acme = ProductDraft("Velvet Zibeline Coat", external_id="ACME-SKU-7", brand="zibeline")
    shop = ProductDraft("Plain Coat", external_id="SHOP-SKU-7", brand="plain")
    return await fill(server, ACME, acme, 1, 2), await fill(server, SHOP, shop, 11, 12)


async def belongings(catalog: Catalog, principal: Principal) -> list[bytes]:
    """What only this tenant has: ids, the bytes of photos and of vectors."""
    images = (await catalog.images.list(principal, 200, show_deleted=True)).entries
    items = [
        await catalog.items.get(principal, item.id, include_embedding=True)
        for item in (await catalog.items.list(principal, 200)).entries
    ]
    photos = [
        (await catalog.images.content(principal, image.id)).content
        for image in images
        if image.delete_time is None
    ]
    vectors = [item.embedding.astype("<f4").tobytes() for item in items if item.embedding is not None]
    ids = [each.id.encode() for each in (*images, *items)]
    return [*ids, *photos, *vectors]


async def ended(catalog: Catalog, operation: Operation, principal: Principal) -> Operation:
    async for each in catalog.operations.watch(principal, operation.id):
        operation = each
    return operation


async def kept(server: Server, principal: Principal) -> dict[str, Any]:
    """What a tenant has, with the bytes of its pictures."""
    catalog = server.catalog
    items = (await catalog.items.list(principal, 200)).entries
    read = [await catalog.items.get(principal, item.id, include_crop=True) for item in items]
    images = (await catalog.images.list(principal, 200)).entries
    return {
        "products": (await catalog.products.list(principal, show_deleted=True)).entries,
        "images": images,
        "items": [(item.id, item.etag, item.crop, item.verify_time) for item in read],
        "photos": [(await catalog.images.content(principal, image.id)).content for image in images],
        "found": set(await found_ids(catalog, TextQuery("x"), principal=principal)),
        "use": await catalog.use(principal.tenant_id),
        "keys": (await server.administration.keys.list(OPERATOR, principal.tenant_id))[0],
        "users": (await server.administration.users.list(OPERATOR, principal.tenant_id))[0],
        "records": await catalog.trail.list(AuditFilter(tenants=[principal.tenant_id]), 100),
    }
