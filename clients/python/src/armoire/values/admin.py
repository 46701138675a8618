"""Keys that open a server."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from armoire.values.types import WireEnum


class Scope(WireEnum):
    """What a key may do.

    INFER: detect, embed, analyze. READ: search and read. WRITE: index, change, delete. REVIEW: correct.
    ADMIN: keys and models.
    """

    INFER = "INFER"
    READ = "READ"
    WRITE = "WRITE"
    REVIEW = "REVIEW"
    ADMIN = "ADMIN"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key without its text.

    Attributes:
        id: the first part of the text, which is no secret.
        expire_time: None if it does not expire.
        revoke_time: None unless it was revoked.
        last_use_time: to the minute; None if it was never used.
    """

    id: str
    name: str
    tenant: str
    scopes: tuple[Scope, ...]
    create_time: datetime | None = None
    expire_time: datetime | None = None
    revoke_time: datetime | None = None
    last_use_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class TenantUse:
    """What a tenant keeps: the items of its photos, and the bytes of the photos as they were sent."""

    items: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Tenant:
    """What a tenant may use. Of each limit, 0 is none, and None the server's setting.

    Attributes:
        requests_per_minute: how many calls.
        megapixels_per_minute: how many millions of pixels of pictures and their boxes, together.
        max_items: how many items it may keep.
        max_bytes: how many bytes of photos, as they were sent, it may keep.
        use: what it keeps, where it was read and the server keeps a catalogue.
    """

    id: str
    requests_per_minute: int | None = None
    megapixels_per_minute: int | None = None
    max_items: int | None = None
    max_bytes: int | None = None
    use: TenantUse | None = None


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key with its text, which the server does not tell again."""

    api_key: ApiKey
    key: str = field(repr=False)
