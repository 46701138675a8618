"""Originals and crops, in a folder or an S3 bucket."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.exceptions import NotFoundError as BlobNotFound
from obstore.store import LocalStore, ObjectStore, S3Store, from_url

from domain.addresses import driver_message
from domain.calls import CURRENT_CALL
from domain.errors import InvalidInput, NotFound, Unavailable
from services.background.log_throttle import LogThrottle
from services.catalog.addresses import BLOB_URL, S3_INSTANCE_ROLE
from services.catalog.ids import is_id

if TYPE_CHECKING:
    from obstore.store import RetryConfig

_LOG = logging.getLogger(__name__)
_LIST_CHUNK = 1000
THUMBNAIL_SIDES_PX = (256, 512, 1024)
"""The longer sides of the thumbnails that are stored beside a photo which is larger."""
_PIECE_BYTES = 2**18
_RETRIES: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=10)}
"""Callers do not wait for the ten tries, in up to three minutes, that the driver makes by itself."""
_S3_KEYS = {
    "AWS_ACCESS_KEY_ID",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_SKIP_SIGNATURE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
}
"""One of these variables tells the driver how to sign. Source: object_store, `AmazonS3Builder`."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored object, without its bytes."""

    key: str
    last_modified: datetime


def original_key(tenant_id: str, image_id: str) -> str:
    """The key of a photo as it was sent."""
    return f"{tenant_id}/images/{image_id}/original"


def image_keys(tenant_id: str, image_id: str) -> list[str]:
    """The keys of all blobs of a photo but the crops of its items."""
    small = [thumbnail_key(tenant_id, image_id, side) for side in THUMBNAIL_SIDES_PX]
    return [original_key(tenant_id, image_id), rejected_key(tenant_id, image_id), *small]


def thumbnail_key(tenant_id: str, image_id: str, side_px: int) -> str:
    """The key of the WebP of a photo with that longer side."""
    return f"{tenant_id}/images/{image_id}/{_thumbnail_name(side_px)}"


def _thumbnail_name(side_px: int) -> str:
    return f"thumbnail-{side_px}.webp"


def is_thumbnail(key: str) -> bool:
    return key.rpartition("/")[2] in _THUMBNAIL_NAMES


def rejected_key(tenant_id: str, image_id: str) -> str:
    """The key of a zip file with the JPEGs of a photo's rejected crops."""
    return f"{tenant_id}/images/{image_id}/rejected.zip"


def crop_key(tenant_id: str, item_id: str) -> str:
    """The key of the JPEG of an item's crop."""
    return f"{tenant_id}/items/{item_id}/crop.jpg"


def part_key(tenant_id: str, operation_id: str, name: str) -> str:
    """The key of a part of an exported catalogue."""
    return f"{exports_prefix(tenant_id)}{operation_id}/{name}"


def exports_prefix(tenant_id: str) -> str:
    """What the keys of all exports of a tenant begin with."""
    return f"{tenant_id}/exports/"


def upload_key(tenant_id: str, upload_id: str) -> str:
    """The key of a photo that was uploaded, to be used later."""
    return f"{tenant_id}/uploads/{upload_id}/original"


@dataclass(frozen=True, slots=True)
class BlobOwner:
    """The row that a blob belongs to; `kind` is "images", "items", "uploads" or, of operations, "exports"."""

    tenant_id: str
    kind: str
    id: str


_THUMBNAIL_NAMES = frozenset(map(_thumbnail_name, THUMBNAIL_SIDES_PX))
_OF_IMAGES = _THUMBNAIL_NAMES | {"original", "rejected.zip"}


def owner_of(key: str) -> BlobOwner | None:
    """The owner of a blob; None if the catalogue makes no such key."""
    match key.split("/"):
        case [tenant_id, "images" as kind, id, name] if tenant_id and name in _OF_IMAGES:
            return BlobOwner(tenant_id, kind, id) if is_id(id) else None
        case (
            [tenant_id, "items" as kind, id, "crop.jpg"]
            | [tenant_id, "uploads" as kind, id, "original"]
            | [tenant_id, "exports" as kind, id, _]
        ) if tenant_id and is_id(id):
            return BlobOwner(tenant_id, kind, id)
        case _:
            return None


class StoreMissing(Unavailable):
    """The store does not have this database's marker: it is another one, or its volume is not mounted."""

    reason = "BLOB_STORE_MISSING"


BlobObserver: TypeAlias = Callable[[str, str, float], None]
"""Called after every operation with "put", "get" or "delete", its failure's reason or "", and its seconds."""


def observe_nothing(_operation: str, _reason: str, _seconds: float) -> None:
    """A `BlobObserver` that does nothing."""


class BlobStore:
    """Bytes by key. A write that returned survives the end of the process, and of the machine's power."""

    def __init__(
        self,
        url: str,
        observe: BlobObserver = observe_nothing,
        *,
        instance_role: bool = False,
        keys: tuple[str, str] | None = None,
        public_endpoint: str = "",
    ) -> None:
        """`keys` are the id and the secret of a key for S3, instead of those in the environment.
        `instance_role` lets a bucket without keys ask the instance metadata of the machine for them.
        `public_endpoint` is the URL under which others than this process reach S3, where it differs.

        Raises:
            InvalidInput: `url` names no store, or one that has no keys.
        """
        self._throttle = LogThrottle()
        self._observe = observe
        try:
            parts = urlsplit(url)
            self._folder = Path(unquote(parts.path)) if parts.scheme in ("file", "") else None
            if parts.scheme == "s3" and not (instance_role or keys):
                _require_s3_keys()
            self._store: ObjectStore = self._open(url, keys)
            self._public = self._open(url, keys, public_endpoint) if public_endpoint else self._store
            self._synced: set[Path] = set()
            self._marker, self._marker_found = "", True
        except (BaseError, OSError, ValueError) as error:
            raise InvalidInput(
                BLOB_URL,
                f"must be a usable folder, file:// URL or s3:// URL: {driver_message(error)}",
            ) from None

    def _open(self, url: str, keys: tuple[str, str] | None, endpoint: str = "") -> ObjectStore:
        if self._folder is not None:
            return LocalStore(self._folder, mkdir=True, automatic_cleanup=True)
        config: dict[str, str] = {"endpoint": endpoint} if endpoint else {}
        if keys is not None and urlsplit(url).scheme == "s3":
            config |= {"access_key_id": keys[0], "secret_access_key": keys[1]}
        return from_url(url, retry_config=_RETRIES, **config)  # type: ignore[call-overload,no-any-return]

    def require(self, marker: str, *, found: bool) -> None:
        """Write nothing from now on where the marker, a key, is not in the store.

        In a folder it is looked up each time, so that an unmounted volume is noticed; in a bucket `found`
        counts.
        """
        self._marker, self._marker_found = marker, found

    @property
    def in_place(self) -> bool:
        """Whether the store has the marker that `require` was given."""
        if self._folder is None or not self._marker:
            return self._marker_found
        return (self._folder / self._marker).is_file()

    async def put(self, key: str, content: bytes) -> None:
        """Write or replace; see `put_all`."""
        await self.put_all({key: content})

    async def put_all(self, contents: Mapping[str, bytes]) -> None:
        """Write or replace, by key.

        Raises:
            StoreMissing: it does not have the marker of `require`.
            Unavailable: the store cannot be reached or is full.
        """
        with self._observed("put"):
            await self._put_all(contents)

    async def _put_all(self, contents: Mapping[str, bytes]) -> None:
        self._check_in_place()
        try:
            if self._folder is not None:
                await asyncio.to_thread(self._put_on_disk, self._folder, contents)
            else:
                puts = (obstore.put_async(self._store, key, content) for key, content in contents.items())
                await asyncio.gather(*puts)
        except (BaseError, OSError) as error:
            raise self._unavailable(error) from None  # its text may hold a secret

    async def put_stream(self, key: str, pieces: AsyncIterator[bytes]) -> None:
        """Write or replace what comes in pieces, into a folder; nothing is written where `pieces` raises.

        What has come lies in a file without a name, which ends with the process. Raises as `put_all`.
        """
        assert self._folder is not None
        with self._observed("put"):
            self._check_in_place()
            try:
                with tempfile.TemporaryFile(dir=self._folder) as file:
                    async for piece in pieces:
                        await asyncio.to_thread(file.write, piece)
                    file.seek(0)
                    await asyncio.to_thread(self._put_on_disk, self._folder, {key: file})
            except (BaseError, OSError) as error:
                raise self._unavailable(error) from None  # its text may hold a secret

    def _check_in_place(self) -> None:
        if not self.in_place:
            raise StoreMissing("the store of photos is not in its place")

    def _unavailable(self, error: Exception) -> Unavailable:
        message = driver_message(error)
        self._throttle.warn(_LOG, f"the blob store of {BLOB_URL} failed: %s", message)
        if getattr(error, "errno", None) == errno.ENOSPC or "No space left" in message:
            return Unavailable("the blob store is full", reason="BLOB_STORE_FULL")
        return Unavailable("the blob store cannot be reached", reason="BLOB_STORE_UNAVAILABLE")

    def _put_on_disk(self, folder: Path, contents: Mapping[str, bytes | IO[bytes]]) -> None:
        """Write blobs, and sync them and the entries of folders that this process has not synced."""
        paths = {folder / key for key in contents}
        own = {path.parent for path in paths}
        parts = {part for path in paths for part in path.parents if part.is_relative_to(folder)}
        new = {part for part in parts if part not in self._synced or not part.exists()}
        self._synced -= new
        for key, content in contents.items():
            obstore.put(self._store, key, content)
        _sync_to_disk(paths | own | {part.parent for part in new})
        self._synced |= new - own  # a blob's own folder is not asked for again

    async def get(self, key: str) -> bytes:
        """Read.

        Raises:
            NotFound: no such key.
            StoreMissing: it does not have the marker of `require`.
            Unavailable: the store cannot be reached.
        """
        with self._observed("get"):
            return await self._get(key)

    async def _get(self, key: str) -> bytes:
        try:
            if self._folder is not None:
                return await asyncio.to_thread(self._get_from_disk, key)
            result = await obstore.get_async(self._store, key)
            return bytes(await result.bytes_async())
        except (BlobNotFound, FileNotFoundError):
            self._check_in_place()
            raise NotFound("blob", key) from None
        except (BaseError, OSError) as error:
            raise self._unavailable(error) from None  # its text may hold a secret

    def _get_from_disk(self, key: str) -> bytes:
        return bytes(obstore.get(self._store, key).bytes())

    async def stream(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` to `end`, which is exclusive, in pieces.

        Raises:
            NotFound: no such key.
            Unavailable: the store cannot be reached.
        """
        try:
            result = await obstore.get_async(self._store, key, options={"range": (start, end)})
            async for piece in result.stream(min_chunk_size=_PIECE_BYTES):
                yield bytes(piece)
        except (BlobNotFound, FileNotFoundError):
            self._check_in_place()
            raise NotFound("blob", key) from None
        except (BaseError, OSError) as error:
            raise self._unavailable(error) from None  # its text may hold a secret

    async def size(self, key: str) -> int:
        """The bytes of a blob.

        Raises:
            NotFound: no such key.
            Unavailable: the store cannot be reached.
        """
        try:
            return (await obstore.head_async(self._store, key))["size"]
        except (BlobNotFound, FileNotFoundError):
            self._check_in_place()
            raise NotFound("blob", key) from None
        except (BaseError, OSError) as error:
            raise self._unavailable(error) from None  # its text may hold a secret

    @property
    def signs(self) -> bool:
        """Whether `sign` works: S3 takes signed URLs, a folder has none."""
        return isinstance(self._store, S3Store)

    async def sign(self, verb: Literal["GET", "PUT"], key: str, lifetime_s: float) -> str:
        """A URL that reads or writes one blob until it expires.

        Source: AWS Signature Version 4, "Authenticating Requests: Using Query Parameters".

        Raises:
            Unavailable: the store's keys cannot be had.
        """
        assert isinstance(self._public, S3Store)
        try:
            return await obstore.sign_async(self._public, verb, key, timedelta(seconds=lifetime_s))
        except (BaseError, OSError) as error:
            raise self._unavailable(error) from None  # its text may hold a secret

    async def missing(self, keys: Sequence[str]) -> list[str]:
        """Those of the keys that are not there. Raises Unavailable."""
        found = await asyncio.gather(*map(self._has, keys))
        return [key for key, there in zip(keys, found, strict=True) if not there]

    async def _has(self, key: str) -> bool:
        try:
            await self.size(key)
        except NotFound:
            return False
        return True

    async def delete(self, keys: Sequence[str]) -> None:
        """Remove; keys that are not there are no error."""
        with self._observed("delete"):
            await self._delete(keys)

    async def _delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            try:
                await obstore.delete_async(self._store, key)
            except (BlobNotFound, FileNotFoundError):
                continue
            except (BaseError, OSError) as error:
                raise self._unavailable(error) from None  # its text may hold a secret

    @contextmanager
    def _observed(self, operation: str) -> Iterator[None]:
        started = time.monotonic()
        reason = ""
        try:
            with CURRENT_CALL.get().span(f"blob {operation}"):
                yield
        except (NotFound, Unavailable) as error:
            reason = error.reason
            raise
        finally:
            self._observe(operation, reason, time.monotonic() - started)

    async def list(self, prefix: str = "") -> AsyncIterator[Sequence[Blob]]:
        """All blobs below `prefix`, in chunks."""
        try:
            async for chunk in obstore.list(self._store, prefix or None, chunk_size=_LIST_CHUNK):
                yield [Blob(entry["path"], entry["last_modified"]) for entry in chunk]
        except (BaseError, OSError) as error:
            raise self._unavailable(error) from None  # its text may hold a secret


def _require_s3_keys() -> None:
    """Without keys, the driver asks 169.254.169.254, and waits long where nobody answers there.

    Raises:
        ValueError: the environment has no keys, and no other way to them than that.
    """
    given = {name.upper() for name, value in os.environ.items() if value}
    if not given & _S3_KEYS:
        raise ValueError(
            "S3 has no keys: set ARMOIRE_CATALOG__S3_ACCESS_KEY_ID and "
            "ARMOIRE_CATALOG__S3_SECRET_ACCESS_KEY, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (or "
            "AWS_SKIP_SIGNATURE=true for a public bucket), or "
            f"{S3_INSTANCE_ROLE}=true to use the role of this machine"
        )


def _sync_to_disk(paths: Collection[Path]) -> None:
    """Flush files, and the entries of folders."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
