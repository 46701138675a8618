"""The calls on indexed photos and their copies."""

from __future__ import annotations

from collections.abc import AsyncIterator

from armoire.async_caller import AsyncCaller
from armoire.calls import images
from armoire.values.images import DuplicateGroup, FoundDuplicates, Image, ImageContent, ImageUrl
from armoire.values.types import Page


class AsyncImageMethods:
    """The calls on indexed photos and their copies."""

    _caller: AsyncCaller

    async def get_image(
        self, image_id: str, *, include_rejected_crops: bool = False, timeout_s: float | None = None
    ) -> Image:
        """The photo with this id: its size, its warnings, the crops that were rejected.

        With `include_rejected_crops`, the pictures of these crops, too, as far as the server keeps them.
        """
        return await self._caller.run(images.get_image(image_id, include_rejected_crops), timeout_s)

    async def list_images(
        self,
        *,
        product_id: str = "",
        text: str = "",
        order_by: str = "",
        show_deleted: bool = False,
        only_deleted: bool = False,
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[Image]:
        """A page of photos, newest first; only those of a product where one is named, and with those that are
        deleted and still kept if `show_deleted`, or these alone if `only_deleted`.

        `text` leaves those with it in their name. `order_by` is a field, such as "name" or "size_bytes desc".
        """
        wanted = product_id, text, order_by, show_deleted, only_deleted
        return await self._caller.run(images.list_images(page_size, page_token, *wanted), timeout_s)

    def iter_images(
        self,
        *,
        product_id: str = "",
        text: str = "",
        order_by: str = "",
        show_deleted: bool = False,
        only_deleted: bool = False,
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> AsyncIterator[Image]:
        """Like `list_images`, page after page; `timeout_s` is for each."""
        wanted = product_id, text, order_by, show_deleted, only_deleted
        return self._caller.each(lambda token: images.list_images(page_size, token, *wanted), timeout_s)

    async def get_image_content(self, image_id: str, *, timeout_s: float | None = None) -> ImageContent:
        """The photo as it was sent."""
        return await self._caller.run(images.get_image_content(image_id), timeout_s)

    async def get_thumbnail(
        self, image_id: str, *, max_side_px: int = 0, timeout_s: float | None = None
    ) -> ImageContent:
        """A small WebP of the photo whose longer side has at most `max_side_px`; the server's default for
        0."""
        return await self._caller.run(images.get_thumbnail(image_id, max_side_px), timeout_s)

    async def get_image_url(
        self,
        image_id: str,
        *,
        thumbnail_px: int = 0,
        lifetime_s: float = 0,
        timeout_s: float | None = None,
    ) -> ImageUrl:
        """A URL of the photo as it was sent, or of a thumbnail whose longer side has at most `thumbnail_px`.

        Whoever has it may GET the picture without a key, until it expires: after `lifetime_s`, or for 0 when
        the server says.
        """
        return await self._caller.run(images.get_image_url(image_id, thumbnail_px, lifetime_s), timeout_s)

    async def update_image(
        self,
        image_id: str,
        *,
        name: str | None = None,
        product_id: str | None = None,
        etag: str = "",
        timeout_s: float | None = None,
    ) -> Image:
        """Renames a photo, or moves it to another product, with its items; what is None stays as it is.

        Args:
            product_id: of the product that gets it; "" for none.
            etag: where set, must still match.
        """
        return await self._caller.run(images.update_image(image_id, name, product_id, etag), timeout_s)

    async def delete_image(self, image_id: str, *, etag: str = "", timeout_s: float | None = None) -> None:
        """Takes a photo with its items out of lists and search. The etag, where set, must still match.

        The server keeps them for a while, so that `restore_image` brings them back.
        """
        await self._caller.run(images.delete_image(image_id, etag), timeout_s)

    async def restore_image(self, image_id: str, *, timeout_s: float | None = None) -> Image:
        """Brings back a deleted photo with its items; one that is not deleted stays as it is."""
        return await self._caller.run(images.restore_image(image_id), timeout_s)

    async def find_near_duplicates(
        self,
        image_id: str,
        *,
        max_distance: int | None = None,
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> FoundDuplicates:
        """The photos that look the same as this one, whatever their size, compression or brightness.

        `max_distance` is in how many of 256 bits hashes may differ, 0 to 31, which it is unless set; at most
        `page_size` photos are returned.
        """
        call = images.find_near_duplicates(image_id, max_distance, page_size)
        return await self._caller.run(call, timeout_s)

    async def list_near_duplicates(
        self,
        *,
        product_id: str = "",
        max_distance: int | None = None,
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[DuplicateGroup]:
        """A page of groups of photos that look the same; only those with a photo of a product where one is
        named. `max_distance` is as for `find_near_duplicates`."""
        call = images.list_near_duplicates(page_size, page_token, product_id, max_distance)
        return await self._caller.run(call, timeout_s)

    def iter_near_duplicates(
        self,
        *,
        product_id: str = "",
        max_distance: int | None = None,
        page_size: int = 0,
        timeout_s: float | None = None,
    ) -> AsyncIterator[DuplicateGroup]:
        """Like `list_near_duplicates`, page after page; `timeout_s` is for each."""
        return self._caller.each(
            lambda token: images.list_near_duplicates(page_size, token, product_id, max_distance), timeout_s
        )
