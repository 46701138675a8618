"""What the HTTP port needs of the catalogue to answer requests with signed URLs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Protocol


class LinkedPicture(Protocol):
    """What a link leads to; see `services.catalog.resources.links`."""

    @property
    def tenant_id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def media_type(self) -> str: ...

    @property
    def size_bytes(self) -> int: ...

    @property
    def etag(self) -> str: ...

    @property
    def read(self) -> Callable[[int, int], AsyncIterator[bytes]]: ...


class OpenUpload(Protocol):
    """An upload whose bytes are about to come; see `services.catalog.resources.uploads`."""

    @property
    def tenant_id(self) -> str: ...

    @property
    def media_type(self) -> str: ...

    @property
    def size_bytes(self) -> int: ...

    async def receive(self, pieces: AsyncIterator[bytes]) -> None: ...


class Links(Protocol):
    """Finds the picture of a link by the path and the query of its URL."""

    async def open(self, path: str, query: str) -> LinkedPicture: ...


class Uploads(Protocol):
    """Finds the upload of a URL in the same way."""

    async def open(self, path: str, query: str) -> OpenUpload: ...


class SignedBlobs(Protocol):
    """A catalogue."""

    @property
    def links(self) -> Links: ...

    @property
    def uploads(self) -> Uploads: ...
