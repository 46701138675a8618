"""URLs that the operator allows."""

from __future__ import annotations

import pytest

from domain.errors import InvalidInput
from services.catalog.web.allowed_hosts import AllowedHosts

HOSTS = AllowedHosts.of(" shop.example, *.cdn.example,shop.example:8443 ,")


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/a.jpg",
        "https://SHOP.example./a.jpg",
        "https://shop.example:443/a.jpg?b=c",
        "https://eu.cdn.example/a.jpg",
        "https://shop.example:8443/",
    ],
)
def test_urls_of_allowed_hosts(url: str) -> None:
    assert HOSTS.check(f" {url}#part ", 100) == url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://shop.example/a.jpg", "URL_NOT_ALLOWED"),
        ("https://user:secret@shop.example/a.jpg", "URL_NOT_ALLOWED"),
        ("https://shop.example:x/a.jpg", "URL_NOT_ALLOWED"),
        ("https://cdn.example/a.jpg", "URL_HOST_NOT_ALLOWED"),
        ("https://evilcdn.example/a.jpg", "URL_HOST_NOT_ALLOWED"),
        ("https://shop.example.evil.example/", "URL_HOST_NOT_ALLOWED"),
        ("https://shop.example:444/a.jpg", "URL_HOST_NOT_ALLOWED"),
        ("https://127.0.0.1/a.jpg", "URL_HOST_NOT_ALLOWED"),
        ("file:///etc/passwd", "INVALID_INPUT"),
        ("ftp://shop.example/a.jpg", "INVALID_INPUT"),
        ("", "URL_NOT_ALLOWED"),
        ("https://shop.example/" + "a" * 100, "INVALID_INPUT"),
    ],
)
def test_other_urls_are_refused(url: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        HOSTS.check(url, 100)
    assert "secret" not in str(refused.value)
    assert refused.value.reason == reason


def test_no_host_is_allowed_by_default() -> None:
    with pytest.raises(InvalidInput, match="ARMOIRE_IMPORTS__ALLOWED_HOSTS"):
        AllowedHosts.of("").check("https://shop.example/", 100)


def test_http_can_be_allowed() -> None:
    hosts = AllowedHosts.of("shop.example", http=True)
    assert hosts.check("http://shop.example/a", 100) == "http://shop.example/a"
