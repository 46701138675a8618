# Generated from methods/async_products.py by "make client". Change that file.
"""The calls on products."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from armoire.caller import Caller
from armoire.calls import products
from armoire.values.products import Product, RestoredProduct
from armoire.values.types import Page


class ProductMethods:
    """The calls on products."""

    _caller: Caller

    def create_product(
        self, product: Product, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> Product:
        """Creates a product. The same key creates once; without one the client makes a fresh one."""
        return self._caller.run(products.create_product(product, idempotency_key), timeout_s)

    def get_product(
        self, product_id: str = "", *, external_id: str = "", timeout_s: float | None = None
    ) -> Product:
        """The product with this id, or with this id of the shop's own."""
        return self._caller.run(products.get_product(product_id, external_id), timeout_s)

    def list_products(
        self,
        *,
        text: str = "",
        where: str = "",
        order_by: str = "",
        show_deleted: bool = False,
        only_deleted: bool = False,
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[Product]:
        """A page of products, newest first; with those that are deleted and still kept if `show_deleted`,
        and without others if `only_deleted`.

        `text` leaves those with it in their name, brand, category, product type or external id, `where` those
        that pass a filter as `search` takes it, such as "brand=Acme,color=red,price<50": products with items
        pass where one of these does. `order_by` is a field, such as "display_name", "price desc" or
        "update_time desc". A page may have fewer than asked for, and still a next one.
        """
        wanted = text, where, order_by, show_deleted, only_deleted
        call = products.list_products(page_size, page_token, *wanted)
        return self._caller.run(call, timeout_s)

    def iter_products(
        self,
        *,
        text: str = "",
        where: str = "",
        order_by: str = "",
        show_deleted: bool = False,
        only_deleted: bool = False,
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> Iterator[Product]:
        """All products of `list_products`. Pages are fetched as they are needed; `timeout_s` is for each."""
        wanted = text, where, order_by, show_deleted, only_deleted
        return self._caller.each(lambda token: products.list_products(page_size, token, *wanted), timeout_s)

    def update_product(
        self, product: Product, fields: Sequence[str] = (), *, timeout_s: float | None = None
    ) -> Product:
        """Changes the named fields of a product to what `product` says; without names, those that are filled
        in.

        The product is the one with its id, or with its external_id where it has no id. Its etag, where set,
        must still match.
        """
        return self._caller.run(products.update_product(product, fields), timeout_s)

    def upsert_product(
        self, product: Product, fields: Sequence[str] = (), *, timeout_s: float | None = None
    ) -> tuple[Product, bool]:
        """Updates the product with this external_id, or creates it where there is none.

        Returns:
            The product, and whether it is new.
        """
        return self._caller.run(products.upsert_product(product, fields), timeout_s)

    def delete_product(self, product_id: str, *, etag: str = "", timeout_s: float | None = None) -> None:
        """Takes a product with its photos and items out of lists and search. The etag, where set, must still
        match.

        The server keeps them for a while, so that `restore_product` brings them back.
        """
        self._caller.run(products.delete_product(product_id, etag), timeout_s)

    def restore_product(self, product_id: str, *, timeout_s: float | None = None) -> RestoredProduct:
        """Brings back a deleted product with the photos that were deleted with it.

        One that is not deleted stays as it is.
        """
        return self._caller.run(products.restore_product(product_id), timeout_s)
