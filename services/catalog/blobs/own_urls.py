"""URLs of the HTTP port, which the server signs itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from domain.errors import FailedPrecondition
from services.catalog.blobs.signing import UrlSigner
from services.catalog.blobs.url_options import UrlOptions

PREFIX = "/blobs/"


class OwnUrls:
    """Makes and verifies the URLs; `clock` tells the seconds since 1970."""

    def __init__(self, options: UrlOptions, clock: Callable[[], float] = time.time) -> None:
        self._options = options
        self._signer = UrlSigner(options.keys)
        self._clock = clock

    def expiry(self, lifetime_s: int) -> datetime:
        """When a URL expires that is made now; in whole seconds."""
        return datetime.fromtimestamp(int(self._clock()) + lifetime_s, UTC)

    def expiry_after(self, lifetime_s: int, span_s: int) -> datetime:
        """As `expiry`, at the end of a span of time."""
        least = int(self._clock()) + lifetime_s
        return datetime.fromtimestamp(-(-least // span_s) * span_s, UTC)

    def make(
        self, verb: str, path: str, parameters: Mapping[str, str], expire_time: datetime, reached_at: str
    ) -> str:
        """A URL for a path below `PREFIX`.

        `reached_at` is where the caller has reached the HTTP port, "" if it has not.

        Raises:
            FailedPrecondition: it is not known where callers reach the HTTP port.
        """
        base = self.base(reached_at)
        return base + self._signer.sign(verb, path, parameters, int(expire_time.timestamp()))

    def base(self, reached_at: str) -> str:
        """What URLs begin with. Raises as `make`."""
        base = self._options.public_url or reached_at or self._options.local_url
        if not base:
            raise FailedPrecondition(
                "the server does not know where its HTTP port is reached: set ARMOIRE_URLS__PUBLIC_URL, or "
                "make the call over HTTP",
                reason="PUBLIC_URL_UNSET",
            )
        return base

    def verify(self, verb: str, path: str, query: str) -> dict[str, str]:
        """The parameters of a URL. Raises UrlRefused if it is none of these, or has expired."""
        return self._signer.verify(verb, path, query, self._clock())
