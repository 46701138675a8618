"""The URLs that may be fetched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from domain.errors import InvalidInput
from services.catalog.limits import check_url

SETTING = "ARMOIRE_IMPORTS__ALLOWED_HOSTS"
_SHOWN_CHARS = 100


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The hosts that the operator allows, such as "shop.example"; "*.shop.example" allows those below it.

    A host is meant with the usual port; "shop.example:8443" names another one. Only https, unless `http`.
    """

    hosts: tuple[str, ...] = ()
    http: bool = False

    @classmethod
    def of(cls, text: str, *, http: bool = False) -> AllowedHosts:
        """From names with commas between them."""
        return cls(tuple(name.strip().lower() for name in text.split(",") if name.strip()), http)

    def check(self, url: str, max_chars: int) -> str:
        """The URL without surrounding blanks and its fragment.

        Raises:
            InvalidInput: it is no URL of an allowed host.
        """
        url = check_url("url", url, max_chars)
        parts = urlsplit(url)
        if parts.scheme not in self._schemes:
            raise _refused(f"must be {' or '.join(self._schemes)}")
        if parts.username is not None or parts.password is not None:
            raise _refused("must name no user")
        if not any(_matches(pattern, *_host_and_port(parts)) for pattern in self.hosts):
            host = (parts.hostname or "")[:_SHOWN_CHARS]
            raise InvalidInput(
                "url",
                f"the host {host!r} is not allowed; the operator names hosts in {SETTING}",
                reason="URL_HOST_NOT_ALLOWED",
                metadata={"host": host},
            )
        return parts._replace(fragment="").geturl()

    @property
    def _schemes(self) -> Sequence[str]:
        return ("https", "http") if self.http else ("https",)


def _host_and_port(parts: SplitResult) -> tuple[str, str]:
    """Host and port, which is "" for the usual one. Raises InvalidInput."""
    try:
        port = parts.port
    except ValueError:
        raise _refused("has a bad port") from None
    usual = {"https": 443, "http": 80}[parts.scheme]
    return (parts.hostname or "").lower().rstrip("."), "" if port in (None, usual) else str(port)


def _matches(pattern: str, host: str, port: str) -> bool:
    name, _, its_port = pattern.partition(":")
    if its_port != port:
        return False
    return host.endswith(name[1:]) if name.startswith("*.") else host == name


def _refused(problem: str) -> InvalidInput:
    return InvalidInput("url", problem, reason="URL_NOT_ALLOWED")
