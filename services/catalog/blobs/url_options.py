"""How URLs of pictures are made, and for how long they work."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from services.catalog.blobs.signing import SigningKey


def _key_of_this_process() -> tuple[SigningKey, ...]:
    return (SigningKey("process", secrets.token_urlsafe(32)),)


@dataclass(frozen=True, slots=True)
class UrlOptions:
    """Attributes:
    keys: sign the URLs of the HTTP port; the first signs, all are taken.
    public_url: where callers reach the HTTP port; "" for where they have reached it.
    local_url: where callers of this machine reach it; "" if it is not bound to loopback.
    lifetime_s: how long a URL works, unless the caller asks for another time.
    max_lifetime_s: the most that a caller may ask for.
    s3_links: whether links to pictures in S3 are S3's own, which know nothing of deletions.
    upload_lifetime_s: how long an upload may be sent and used.
    """

    keys: tuple[SigningKey, ...] = field(default_factory=_key_of_this_process)
    public_url: str = ""
    local_url: str = ""
    lifetime_s: int = 900
    max_lifetime_s: int = 86_400
    s3_links: bool = True
    upload_lifetime_s: int = 3600
