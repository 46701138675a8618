"""robots.txt of a host."""

from __future__ import annotations

from urllib.parse import urlsplit

from protego import Protego

from domain.errors import FailedPrecondition, InvalidInput
from services.catalog.web.fetcher import Fetcher, FetchFailed, host_of

_MAX_BYTES = 500 * 1024
"""Of a robots.txt, as much as every crawler is to read. Source: RFC 9309, 2.5."""
_CLIENT_ERRORS = range(400, 500)


async def check_robots(fetcher: Fetcher, url: str) -> None:
    """Look whether a host lets this server read a page.

    A host without a robots.txt lets everyone; one that cannot give it at the moment lets nobody.
    Source: RFC 9309, 2.3.1.

    Raises:
        FailedPrecondition: it does not.
        InvalidInput: the host is not allowed by the operator.
    """
    parts = urlsplit(url)
    place = parts._replace(path="/robots.txt", query="", fragment="").geturl()
    try:
        content = (await fetcher.fetch(place, _MAX_BYTES, "text/plain")).content
    except FetchFailed as error:
        if error.status in _CLIENT_ERRORS and not error.later:
            return
        raise FailedPrecondition(
            f"{host_of(url)} does not tell what its robots.txt allows: {error.message}",
            reason="ROBOTS_UNAVAILABLE",
        ) from error
    except InvalidInput as error:
        if error.reason != "FETCH_TOO_LARGE":
            raise
        raise FailedPrecondition(
            f"the robots.txt of {host_of(url)} is too large to be read", reason="ROBOTS_UNAVAILABLE"
        ) from error
    agent = fetcher.options.user_agent.partition("/")[0]
    if not Protego.parse(content.decode("utf-8", "replace")).can_fetch(url, agent):
        raise FailedPrecondition(
            f"the robots.txt of {host_of(url)} does not allow {agent} to read this page",
            reason="ROBOTS_DISALLOW",
        )
