"""Uploads: photos whose bytes come by a URL of their own, to be used by calls later."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from domain.clock import now_us
from domain.errors import FailedPrecondition, InvalidInput, NotFound, QuotaExceeded
from domain.quota import Quota, TenantUse
from domain.types import Principal
from imaging.decode import DecodeLimits
from imaging.formats import identify
from services.audit.record import Change
from services.audit.trail import Changed
from services.catalog.blobs.own_urls import PREFIX, OwnUrls
from services.catalog.blobs.signing import UrlRefused
from services.catalog.blobs.store import BlobStore, upload_key
from services.catalog.blobs.url_options import UrlOptions
from services.catalog.ids import check_id
from services.catalog.parts import CatalogParts
from services.catalog.records import uploads
from services.catalog.records.facts import upload_facts, upload_name
from services.catalog.records.tenant_use import add_use, check_bytes
from services.catalog.records.uploads import Upload

MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_US = 1_000_000


@dataclass(frozen=True, slots=True)
class UploadTarget:
    """Where the bytes of an upload go: the URL and the headers of a PUT, and until when."""

    upload_id: str
    url: str
    headers: Mapping[str, str]
    expire_time: datetime


class UploadMismatch(InvalidInput):
    """The bytes of an upload are not those that were announced."""

    reason = "UPLOAD_MISMATCH"


class UploadGone(NotFound):
    """The upload of a URL is no longer known."""

    reason = "UPLOAD_GONE"
    http_status = 410


class Uploads:
    """The calls on uploads, each within the caller's tenant; and what the HTTP port does for their URLs."""

    def __init__(self, parts: CatalogParts, urls: OwnUrls, options: UrlOptions) -> None:
        self._database = parts.database
        self._trail = parts.trail
        self._ids = parts.ids
        self._blobs = parts.blobs
        self._urls = urls
        self._options = options
        self._limits = parts.limits
        self._decode_limits = parts.decode_limits
        self._quota_of = parts.quota_of

    async def create(
        self, principal: Principal, media_type: str, size_bytes: int, sha256: str = "", reached_at: str = ""
    ) -> UploadTarget:
        """Announce a photo; `reached_at` is where the caller has reached the HTTP port, "" if it has not.

        Raises:
            InvalidInput: naming the field and its limit.
            QuotaExceeded: the tenant has too many open uploads, or no room for these bytes.
            FailedPrecondition: it is not known where callers reach the HTTP port.
        """
        expire_time = self._urls.expiry(self._options.upload_lifetime_s)
        upload = Upload(
            self._ids.next(),
            *_checked(media_type, size_bytes, sha256, self._decode_limits),
            int(expire_time.timestamp()) * _US,
        )
        target = await self._target(principal.tenant_id, upload, expire_time, reached_at)
        await self._announce(principal, upload)
        return target

    async def _target(
        self, tenant_id: str, upload: Upload, expire_time: datetime, reached_at: str
    ) -> UploadTarget:
        headers = {"content-type": upload.media_type}
        if self._blobs.signs:
            key = upload_key(tenant_id, upload.id)
            url = await self._blobs.sign("PUT", key, self._options.upload_lifetime_s)
        else:
            path = f"{PREFIX}{tenant_id}/uploads/{upload.id}"
            announced = {"content_type": upload.media_type, "size_bytes": str(upload.size_bytes)}
            url = self._urls.make("PUT", path, announced, expire_time, reached_at)
        return UploadTarget(upload.id, url, headers, expire_time)

    async def _announce(self, principal: Principal, upload: Upload) -> None:
        tenant_id, moment_us = principal.tenant_id, now_us()
        quota = self._quota_of(tenant_id)

        def announce(session: Session) -> Changed[None]:
            self._check_room(session, tenant_id, quota, upload, moment_us)
            uploads.insert_upload(session, tenant_id, upload, moment_us)
            return None, Change.between(upload_name(upload.id), {}, upload_facts(upload))

        await self._trail.write(principal, announce)

    def _check_room(
        self, session: Session, tenant_id: str, quota: Quota, upload: Upload, moment_us: int
    ) -> None:
        """Count what is announced as if it were kept already; the image that is made of it counts anew."""
        open, most = uploads.read_open_uploads(session, tenant_id, moment_us), self._limits.max_open_uploads
        if open.count >= most:
            text = f"the tenant {tenant_id} may have {most} uploads that have not expired"
            raise QuotaExceeded(tenant_id, "max_open_uploads", text)
        use = add_use(session, tenant_id, TenantUse())  # which other transactions wait for
        check_bytes(tenant_id, quota, replace(use, bytes=use.bytes + open.size_bytes + upload.size_bytes))

    async def read(self, principal: Principal, upload_id: str) -> bytes:
        """The bytes of an upload, which are those that were announced.

        Raises:
            InvalidInput: they are others.
            NotFound: no such upload, or it has expired.
            FailedPrecondition: they were not sent yet.
            Unavailable: a store cannot be reached.
        """
        tenant_id, wanted, moment_us = principal.tenant_id, check_id("upload_id", upload_id), now_us()
        upload = await self._database.read(
            lambda session: uploads.read_upload(session, tenant_id, wanted, moment_us)
        )
        key = upload_key(tenant_id, upload.id)
        try:
            _check_size(upload, await self._blobs.size(key))
            content = await self._blobs.get(key)
        except NotFound:
            text = f"the bytes of upload {upload.id} were not sent yet"
            raise FailedPrecondition(text, reason="UPLOAD_INCOMPLETE") from None
        _check_size(upload, len(content))
        _check_sha256(upload, hashlib.sha256(content).hexdigest())
        _check_format(upload, content)
        return content

    async def open(self, path: str, query: str) -> OpenUpload:
        """The upload that a URL of the HTTP port is for.

        Raises:
            UrlRefused: the signature is not valid, or has expired.
            UploadGone: the upload is no longer known.
            Unavailable: the database cannot be reached.
        """
        self._urls.verify("PUT", path, query)
        match path.removeprefix(PREFIX).split("/"):
            case [tenant_id, "uploads", upload_id]:
                moment_us = now_us()
            case _:
                raise UrlRefused("the URL is none of this server's")
        try:
            upload = await self._database.read(
                lambda session: uploads.read_upload(session, tenant_id, upload_id, moment_us)
            )
        except NotFound:
            raise UploadGone("upload", upload_id) from None
        return OpenUpload(tenant_id, upload, self._blobs)


@dataclass(frozen=True, slots=True, eq=False)
class OpenUpload:
    """An upload whose bytes are about to come."""

    tenant_id: str
    upload: Upload
    blobs: BlobStore

    @property
    def media_type(self) -> str:
        return self.upload.media_type

    @property
    def size_bytes(self) -> int:
        return self.upload.size_bytes

    async def receive(self, pieces: AsyncIterator[bytes]) -> None:
        """Store what comes; what was stored before stays until all of it has come.

        Raises:
            UploadMismatch: they are not the bytes that were announced.
            Unavailable: the store cannot be reached, or is full.
        """
        await self.blobs.put_stream(upload_key(self.tenant_id, self.upload.id), self._checked(pieces))

    async def _checked(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        digest, size_bytes = hashlib.sha256(), 0
        async for piece in pieces:
            size_bytes += len(piece)
            if size_bytes > self.upload.size_bytes:
                raise UploadMismatch(
                    "body", f"must have the {self.upload.size_bytes} bytes that were announced"
                )
            digest.update(piece)
            yield piece
        try:
            _check_size(self.upload, size_bytes)
            _check_sha256(self.upload, digest.hexdigest())
        except UploadMismatch as error:
            raise UploadMismatch("body", error.violations[0].description) from None


def _checked(media_type: str, size_bytes: int, sha256: str, limits: DecodeLimits) -> tuple[str, int, str]:
    """What is announced. Raises InvalidInput."""
    if media_type not in MEDIA_TYPES:
        raise InvalidInput("media_type", f"must be {' or '.join(MEDIA_TYPES)}, got {media_type[:100]!r}")
    if not 1 <= size_bytes <= limits.max_bytes:
        raise InvalidInput("size_bytes", f"must be 1 to {limits.max_bytes}, got {size_bytes}")
    if sha256 and not _SHA256.fullmatch(sha256.lower()):
        raise InvalidInput("sha256", "must be 64 hexadecimal digits, or empty")
    return media_type, size_bytes, sha256.lower()


def _check_size(upload: Upload, size_bytes: int) -> None:
    if size_bytes != upload.size_bytes:
        text = f"must have the {upload.size_bytes} bytes that were announced, got {size_bytes}"
        raise UploadMismatch("upload_id", text)


def _check_sha256(upload: Upload, sha256: str) -> None:
    if upload.sha256 and sha256 != upload.sha256:
        raise UploadMismatch("upload_id", f"must have the SHA-256 that was announced, got {sha256}")


def _check_format(upload: Upload, content: bytes) -> None:
    """Raises UploadMismatch for another kind of picture, InvalidInput for what is none."""
    found = f"image/{identify(content)}"
    if found != upload.media_type:
        raise UploadMismatch("upload_id", f"must be {upload.media_type}, as was announced, got {found}")
