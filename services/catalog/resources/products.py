"""Products: created, read, changed and deleted by callers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.errors import InvalidInput
from domain.types import Principal
from services.audit.record import Change
from services.audit.trail import Changed
from services.catalog.ids import check_id
from services.catalog.limits import check_text
from services.catalog.parts import CatalogParts
from services.catalog.records import images, product_drafts, product_primary, products, restoration
from services.catalog.records.facts import product_facts, product_name
from services.catalog.records.ordering import read_order
from services.catalog.records.paging import Page, cut_page, read_cursor
from services.catalog.records.product_drafts import ProductDraft
from services.catalog.records.products import Product, ProductKey
from services.catalog.resources.deletions import Deletions
from services.catalog.resources.list_filters import ListFilters
from services.catalog.search.filter import MATCH_ALL, Filter


@dataclass(frozen=True, slots=True)
class RestoredProduct:
    """A product that is back, with how many images and items came with it, and how many images could not."""

    product: Product
    images: int = 0
    items: int = 0
    lost_images: int = 0


class Products:
    """The calls on products, each within the caller's tenant."""

    def __init__(self, parts: CatalogParts, deletions: Deletions, filters: ListFilters) -> None:
        self._database = parts.database
        self._trail = parts.trail
        self._ids = parts.ids
        self._taxonomy_of = parts.taxonomy_of
        self._limits = parts.limits
        self._deletions = deletions
        self._filters = filters
        self._wake_drainer = parts.wake_drainer

    async def create(self, principal: Principal, draft: ProductDraft, idempotency_key: str = "") -> Product:
        """Create a product; a call with the same key again gets the same product.

        Raises:
            InvalidInput, or AlreadyExists where the key or the external id is taken.
        """
        tenant_id, product_id, moment_us = principal.tenant_id, self._ids.next(), now_us()
        with _below_product():
            draft = product_drafts.check_new_product(draft, self._taxonomy_of(tenant_id), self._limits)
        key = check_text("idempotency_key", idempotency_key, self._limits.max_key_chars)
        fingerprint = product_drafts.draft_fingerprint(draft)

        def create(session: Session) -> Changed[Product]:
            earlier = products.find_product_by_key(session, tenant_id, key, fingerprint)
            if earlier is not None:
                return earlier, None
            products.check_external_id(session, tenant_id, draft.external_id, key)
            made = products.insert_product(session, tenant_id, product_id, draft, key, moment_us)
            return made, _changed(None, made)

        try:
            return await self._trail.write(principal, create)
        except IntegrityError:  # the same key or external id, at the same time, from another process
            return await self._trail.write(principal, create)

    async def get(self, principal: Principal, key: ProductKey) -> Product:
        """Raises InvalidInput, NotFound."""
        wanted = self._checked_key(key, "product_id", "external_id")
        return await self._database.read(
            lambda session: products.read_product(session, principal.tenant_id, wanted)
        )

    async def list(
        self,
        principal: Principal,
        page_size: int = 0,
        page_token: str = "",
        *,
        text: str = "",
        order_by: str = "",
        show_deleted: bool = False,
        only_deleted: bool = False,
        filter: Filter = MATCH_ALL,
    ) -> Page[Product]:
        """Newest first unless `order_by` says otherwise; without deleted ones unless they are asked for.

        Products with items pass the filter where one of these does.

        Raises:
            InvalidInput: an unknown order, a text that is too long, a token of another list, or a part of the
                filter that is not allowed.
        """
        wanted = products.ProductFilter(
            check_text("text", text, self._limits.max_name_chars),
            read_order(order_by, products.PRODUCT_FIELDS),
            show_deleted,
            only_deleted,
        )
        passing = await self._filters.of(principal, filter)
        scope = f"products {wanted} {filter}"
        cursor = read_cursor(self._limits, principal, scope, page_size, page_token)

        def read(session: Session) -> Page[Product]:
            if passing is not None:
                return passing.page_of_products(session, cursor, wanted)
            found = products.list_products(session, principal.tenant_id, cursor, wanted)
            return cut_page(cursor, found, lambda product: product.id)

        return await self._database.read(read)

    async def update(
        self,
        principal: Principal,
        key: ProductKey,
        changes: ProductDraft,
        mask: Sequence[str] = (),
        etag: str = "",
        *,
        allow_missing: bool = False,
    ) -> tuple[Product, bool]:
        """Change the masked fields; returns the product, and whether it was created.

        With `allow_missing`, a product whose external id is not known is created with all fields given.

        Raises:
            InvalidInput, NotFound, AlreadyExists, or Conflict where the etag is stale.
        """
        wanted = self._checked_key(key, "product.id", "product.external_id")
        if allow_missing and wanted.id:
            raise InvalidInput("allow_missing", "needs a product with an external_id and without an id")
        fields = product_drafts.check_mask(mask, changes)
        tenant_id, product_id, moment_us = principal.tenant_id, self._ids.next(), now_us()
        taxonomy = self._taxonomy_of(tenant_id)

        def update(session: Session) -> Changed[tuple[Product, bool]]:
            if allow_missing and products.lock_by_external_id(session, tenant_id, wanted.external_id) is None:
                draft = product_drafts.check_new_product(changes, taxonomy, self._limits)
                made = products.insert_missing(session, tenant_id, product_id, draft, etag, moment_us)
                return (made, True), _changed(None, made)
            checked = product_drafts.check_draft(changes, self._limits, named="display_name" in fields)
            before, after = products.update_product(
                session, tenant_id, wanted, checked, fields, etag, taxonomy, moment_us
            )
            product_primary.follow_product(session, tenant_id, before, after, taxonomy, moment_us)
            updated = products.read_product(session, tenant_id, ProductKey(after.id))
            return (updated, False), _changed(before, after)

        with _below_product():
            try:
                updated = await self._trail.write(principal, update)
            except IntegrityError:  # the same external id, at the same time, from another process
                updated = await self._trail.write(principal, update)
        self._wake_drainer()
        return updated

    async def delete(self, principal: Principal, product_id: str, etag: str = "") -> None:
        """Delete a product with its photos and items, which can be restored until they are purged.

        Raises:
            NotFound, or Conflict where the etag is stale.
        """
        wanted = check_id("product_id", product_id)
        tenant_id, moment_us = principal.tenant_id, now_us()

        def delete(session: Session) -> Changed[images.DeletedImages]:
            before = product_facts(products.lock_product(session, tenant_id, wanted))
            image_ids = products.delete_product(session, tenant_id, wanted, etag, moment_us)
            deleted = images.delete_images(session, tenant_id, image_ids, moment_us)
            before |= {"images": len(image_ids), "items": len(deleted.item_ids)}
            return deleted, Change.between(product_name(wanted), before, {})

        self._deletions.finish(tenant_id, await self._trail.write(principal, delete))

    async def restore(self, principal: Principal, product_id: str) -> RestoredProduct:
        """Bring back a deleted product with what was deleted with it; one that is not deleted stays as it is.

        Raises:
            InvalidInput, NotFound, or QuotaExceeded where the tenant has no room for its photos.
            Unavailable: a store does not answer.
        """
        wanted = check_id("product_id", product_id)
        tenant_id, moment_us = principal.tenant_id, now_us()
        image_ids = await self._database.read(
            lambda session: restoration.deleted_images(session, tenant_id, wanted)
        )
        lost, quota = await self._deletions.lost(tenant_id, image_ids), self._deletions.quota_of(tenant_id)

        def restore(session: Session) -> Changed[RestoredProduct]:
            restored = restoration.restore_product(session, tenant_id, wanted, lost, quota, moment_us)
            if restored is not None:
                product_primary.update_primary_item(
                    session, tenant_id, wanted, self._taxonomy_of(tenant_id), moment_us
                )
            product = products.read_product(session, tenant_id, ProductKey(wanted))
            if restored is None:
                return RestoredProduct(product), None
            images, items = len(restored.image_ids), len(restored.item_ids)
            facts = product_facts(product) | {"images": images, "items": items}
            change = Change.between(product_name(wanted), {}, facts)
            return RestoredProduct(product, images, items, len(lost)), change

        result = await self._trail.write(principal, restore)
        self._deletions.restored()
        return result

    def _checked_key(self, key: ProductKey, id_field: str, external_field: str) -> ProductKey:
        """The key by id, if one is given. Raises InvalidInput if both are missing, or one is malformed."""
        if key.id or not key.external_id:
            return ProductKey(check_id(id_field, key.id))
        max_chars = self._limits.max_name_chars
        return ProductKey("", check_text(external_field, key.external_id, max_chars, required=True))


def _changed(before: Product | None, after: Product) -> Change | None:
    """The change of a product, which is new where there is none before; None if nothing differs."""
    facts = {} if before is None else product_facts(before)
    return Change.between(product_name(after.id), facts, product_facts(after))


@contextmanager
def _below_product() -> Iterator[None]:
    """Prefix the field of an InvalidInput with "product"."""
    try:
        yield
    except InvalidInput as error:
        raise error.within("product") from None
