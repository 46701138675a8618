"""Links: URLs that hand out one picture for a while, to whoever has them."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from domain.errors import InvalidInput, NotFound
from domain.types import Principal
from services.catalog.blobs.own_urls import PREFIX, OwnUrls
from services.catalog.blobs.renditions import THUMBNAIL_TYPE, check_side
from services.catalog.blobs.signing import UrlRefused
from services.catalog.blobs.store import BlobStore, crop_key, original_key
from services.catalog.blobs.url_options import UrlOptions
from services.catalog.ids import is_id
from services.catalog.records.images import Image
from services.catalog.resources.images import Images
from services.catalog.resources.items import Items

_CROP_TYPE = "image/jpeg"
_SPAN_S = 300


@dataclass(frozen=True, slots=True)
class Link:
    """A URL, the media type of what it leads to, and until when it does."""

    url: str
    media_type: str
    expire_time: datetime


@dataclass(frozen=True, slots=True, eq=False)
class LinkedPicture:
    """What a link leads to; `read` has the bytes from a start to an end, which is exclusive, in pieces."""

    tenant_id: str
    name: str
    media_type: str
    size_bytes: int
    etag: str
    read: Callable[[int, int], AsyncIterator[bytes]]


@dataclass(frozen=True, slots=True, eq=False)
class PictureUrls:
    """Makes URLs of many pictures, all of one tenant and for the same time, without looking for them."""

    urls: OwnUrls
    tenant_id: str
    expire_time: datetime
    reached_at: str

    def crop(self, item_id: str | None) -> str:
        """Of an item's crop; "" without an item."""
        return self._make(_crop_path(self.tenant_id, item_id), {}) if item_id else ""

    def thumbnail(self, image_id: str, max_side_px: int = 0) -> str:
        """Of a WebP within `max_side_px`; 0 means 256. Raises InvalidInput."""
        path = _path(self.tenant_id, image_id, "thumbnail")
        return self._make(path, {"max_side_px": str(check_side(max_side_px))})

    def thumbnail_of(self, image: Image, max_side_px: int = 0) -> str:
        """As `thumbnail`; "" for a photo that is deleted."""
        return "" if image.delete_time is not None else self.thumbnail(image.id, max_side_px)

    def _make(self, path: str, parameters: Mapping[str, str]) -> str:
        return self.urls.make("GET", path, parameters, self.expire_time, self.reached_at)


class PictureGone(NotFound):
    """The picture of a link was deleted since the link was made."""

    reason = "PICTURE_GONE"
    http_status = 410


class Links:
    """Makes links, and finds what they lead to.

    S3 signs those of originals and crops, where it may; the HTTP port has all others.
    """

    def __init__(
        self, images: Images, items: Items, blobs: BlobStore, urls: OwnUrls, options: UrlOptions
    ) -> None:
        self._images = images
        self._items = items
        self._blobs = blobs
        self._urls = urls
        self._options = options

    async def original(
        self, principal: Principal, image_id: str, lifetime_s: int = 0, reached_at: str = ""
    ) -> Link:
        """A link to a photo as it was sent.

        `reached_at` is where the caller has reached the HTTP port, "" if it has not.

        Raises:
            InvalidInput: a lifetime above the limit.
            NotFound: no such photo.
            FailedPrecondition: it is not known where callers reach the HTTP port.
        """
        lifetime_s = self._checked_lifetime(lifetime_s)
        image = await self._images.get(principal, image_id)
        key, path = (
            original_key(principal.tenant_id, image.id),
            _path(principal.tenant_id, image.id, "original"),
        )
        return await self._stored(key, path, f"image/{image.format}", lifetime_s, reached_at)

    async def crop(
        self, principal: Principal, item_id: str, lifetime_s: int = 0, reached_at: str = ""
    ) -> Link:
        """A link to the crop of an item. Raises as `original`."""
        lifetime_s = self._checked_lifetime(lifetime_s)
        item = await self._items.get(principal, item_id)
        key, path = crop_key(principal.tenant_id, item.id), _crop_path(principal.tenant_id, item.id)
        return await self._stored(key, path, _CROP_TYPE, lifetime_s, reached_at)

    async def thumbnail(
        self,
        principal: Principal,
        image_id: str,
        max_side_px: int = 0,
        lifetime_s: int = 0,
        reached_at: str = "",
    ) -> Link:
        """A link to a thumbnail, which is made when it is asked for. Raises as `original`."""
        lifetime_s, side_px = self._checked_lifetime(lifetime_s), check_side(max_side_px)
        image = await self._images.get(principal, image_id)
        path = _path(principal.tenant_id, image.id, "thumbnail")
        return self._link(path, {"max_side_px": str(side_px)}, THUMBNAIL_TYPE, lifetime_s, reached_at)

    def many(self, principal: Principal, reached_at: str = "") -> PictureUrls:
        """Makes URLs of the HTTP port for many pictures, also where they are in S3.

        They expire at the end of one of the spans in which time is cut, so that lists which are read again
        soon have the same URLs, and browsers need not fetch the pictures again.

        Raises:
            FailedPrecondition: as `original`.
        """
        self._urls.base(reached_at)
        expire_time = self._urls.expiry_after(self._options.lifetime_s, _SPAN_S)
        return PictureUrls(self._urls, principal.tenant_id, expire_time, reached_at)

    def _checked_lifetime(self, lifetime_s: int) -> int:
        most = self._options.max_lifetime_s
        if not 0 <= lifetime_s <= most:
            raise InvalidInput("url_lifetime_s", f"must be 0 to {most}, got {lifetime_s}")
        return lifetime_s or self._options.lifetime_s

    async def _stored(self, key: str, path: str, media_type: str, lifetime_s: int, reached_at: str) -> Link:
        """A link to a blob as it is stored."""
        if self._blobs.signs and self._options.s3_links:
            expire_time = self._urls.expiry(lifetime_s)
            return Link(await self._blobs.sign("GET", key, lifetime_s), media_type, expire_time)
        return self._link(path, {}, media_type, lifetime_s, reached_at)

    def _link(
        self, path: str, parameters: Mapping[str, str], media_type: str, lifetime_s: int, reached_at: str
    ) -> Link:
        expire_time = self._urls.expiry(lifetime_s)
        return Link(
            self._urls.make("GET", path, parameters, expire_time, reached_at), media_type, expire_time
        )

    async def open(self, path: str, query: str) -> LinkedPicture:
        """What a link leads to.

        Raises:
            UrlRefused: the signature is not valid, or has expired.
            PictureGone: the photo, or the item, was deleted since.
            Unavailable: a store cannot be reached.
        """
        parameters = self._urls.verify("GET", path, query)
        tenant_id, owner_id, rendition = _parsed(path)
        try:
            match rendition:
                case "thumbnail":
                    return await self._open_thumbnail(tenant_id, owner_id, int(parameters["max_side_px"]))
                case "crop":
                    return await self._open_crop(tenant_id, owner_id)
                case _:
                    return await self._open_original(tenant_id, owner_id)
        except NotFound:
            kind = "item" if rendition == "crop" else "image"
            raise PictureGone(kind, owner_id, "it was deleted after the URL was made") from None

    async def _open_original(self, tenant_id: str, image_id: str) -> LinkedPicture:
        image = await self._images.get(Principal(tenant_id), image_id)
        key = original_key(tenant_id, image_id)
        if await self._blobs.missing([key]):
            raise NotFound("image", image_id)
        read = partial(self._blobs.stream, key)
        name, media_type = f"{image_id}.{image.format}", f"image/{image.format}"
        return LinkedPicture(tenant_id, name, media_type, image.size_bytes, image.sha256, read)

    async def _open_thumbnail(self, tenant_id: str, image_id: str, side_px: int) -> LinkedPicture:
        made = await self._images.thumbnail(Principal(tenant_id), image_id, side_px)
        _, _, suffix = made.media_type.partition("/")
        return _in_memory(tenant_id, f"{image_id}-{side_px}.{suffix}", made.media_type, made.content)

    async def _open_crop(self, tenant_id: str, item_id: str) -> LinkedPicture:
        item = await self._items.get(Principal(tenant_id), item_id, include_crop=True)
        if item.crop is None:
            raise NotFound("item", item_id)
        return _in_memory(tenant_id, f"{item_id}.jpg", _CROP_TYPE, item.crop)


def _in_memory(tenant_id: str, name: str, media_type: str, content: bytes) -> LinkedPicture:
    async def read(start: int, end: int) -> AsyncIterator[bytes]:
        yield content[start:end]

    etag = hashlib.sha256(content).hexdigest()
    return LinkedPicture(tenant_id, name, media_type, len(content), etag, read)


def _path(tenant_id: str, image_id: str, rendition: str) -> str:
    return f"{PREFIX}{tenant_id}/images/{image_id}/{rendition}"


def _crop_path(tenant_id: str, item_id: str) -> str:
    return f"{PREFIX}{tenant_id}/items/{item_id}/crop"


def _parsed(path: str) -> tuple[str, str, str]:
    """The tenant, the id of the image or item, and the rendition of a path that was signed."""
    match path.removeprefix(PREFIX).split("/"):
        case [tenant_id, "images", image_id, "original" | "thumbnail" as rendition] if is_id(image_id):
            return tenant_id, image_id, rendition
        case [tenant_id, "items", item_id, "crop"] if is_id(item_id):
            return tenant_id, item_id, "crop"
    raise UrlRefused("the URL is none of this server's")
