"""Photos that are uploaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class UploadTarget:
    """Where the bytes of an upload go: by PUT to the URL, with these headers, until it expires.

    Whoever has the URL may send them, without a key.
    """

    upload_id: str
    url: str = field(repr=False)
    headers: Mapping[str, str]
    expire_time: datetime | None
