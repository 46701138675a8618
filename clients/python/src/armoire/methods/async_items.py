"""The calls on items: what was found in photos."""

from __future__ import annotations

from collections.abc import AsyncIterator

from armoire.async_caller import AsyncCaller
from armoire.calls import collections, items
from armoire.values.collections import VersionsInUse
from armoire.values.images import ImageUrl
from armoire.values.items import Item
from armoire.values.types import Page


class AsyncItemMethods:
    """The calls on items: what was found in photos."""

    _caller: AsyncCaller

    async def get_item(
        self,
        item_id: str,
        *,
        include_embedding: bool = False,
        include_crop: bool = False,
        include_alternatives: bool = False,
        timeout_s: float | None = None,
    ) -> Item:
        """The item with this id; with `include_alternatives` what else the model takes for possible."""
        call = items.get_item(item_id, include_embedding, include_crop, include_alternatives)
        return await self._caller.run(call, timeout_s)

    async def get_crop_url(
        self, item_id: str, *, lifetime_s: float = 0, timeout_s: float | None = None
    ) -> ImageUrl:
        """A URL of the item's crop, which works as that of `get_image_url` does."""
        return await self._caller.run(items.get_crop_url(item_id, lifetime_s), timeout_s)

    async def list_items(
        self,
        *,
        product_id: str = "",
        image_id: str = "",
        show_rejected: bool = False,
        min_garment_score: float | None = None,
        max_garment_score: float | None = None,
        where: str = "",
        include_crop_urls: bool = False,
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[Item]:
        """A page of items, newest first; only those of a product or a photo where one is named.

        Items that people have rejected are among them only with `show_rejected`. The bounds are those of
        `garment_score`, by the model that is searched with. `where` is a filter as `search` takes it, such as
        "category=dress,price<50", which no rejected item passes. With `include_crop_urls` each has a URL of
        its crop. A page may have fewer than asked for, and still a next one.
        """
        wanted = show_rejected, min_garment_score, max_garment_score, where, include_crop_urls
        call = items.list_items(page_size, page_token, product_id, image_id, *wanted)
        return await self._caller.run(call, timeout_s)

    def iter_items(
        self,
        *,
        product_id: str = "",
        image_id: str = "",
        show_rejected: bool = False,
        min_garment_score: float | None = None,
        max_garment_score: float | None = None,
        where: str = "",
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> AsyncIterator[Item]:
        """Like `list_items`, page after page; `timeout_s` is for each."""
        wanted = product_id, image_id, show_rejected, min_garment_score, max_garment_score, where
        return self._caller.each(lambda token: items.list_items(page_size, token, *wanted), timeout_s)

    async def list_item_versions(
        self, *, all_tenants: bool = False, timeout_s: float | None = None
    ) -> VersionsInUse:
        """What has described the items of the live collection, with their numbers, and what is served.

        `all_tenants` is for those who run the server.
        """
        return await self._caller.run(collections.list_item_versions(all_tenants), timeout_s)
