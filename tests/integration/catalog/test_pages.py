"""Pages of a shop on loopback, read with the check of addresses injected."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from domain.errors import ArmoireError
from services.catalog.limits import CatalogLimits
from services.catalog.records.money import Money
from services.catalog.resources.pages import MAX_PAGE_BYTES, Pages
from tests.web_host import WebHost, web_host

HTML = b"""<script type="application/ld+json">{"@type": "Product", "sku": "S-1", "name": "Red dress",
"image": "/a.jpg", "offers": {"price": 19.9, "priceCurrency": "EUR"}}</script>"""


@pytest.fixture
def host() -> Iterator[WebHost]:
    with web_host() as served:
        served.add("/red", HTML, content_type="text/html")
        yield served


@pytest.fixture
async def pages(host: WebHost) -> AsyncIterator[Pages]:
    fetcher = host.fetcher()
    yield Pages(fetcher, CatalogLimits())
    await fetcher.close()


async def reason(pages: Pages, url: str) -> str:
    with pytest.raises(ArmoireError) as refused:
        await pages.fetch(url)
    return refused.value.reason


async def test_a_page_is_fetched_and_read(pages: Pages, host: WebHost) -> None:
    host.add("/moved", b"", 301, location="/red")
    page = await pages.fetch(host.url("/moved"))
    ((draft, images),) = page.products
    assert (draft.external_id, draft.display_name) == ("S-1", "Red dress")
    assert draft.price == Money("EUR", 19, 900_000_000)
    assert (page.url, images) == (host.url("/red"), (host.url("/a.jpg"),))
    assert [path for path, _ in host.asked] == ["/robots.txt", "/moved", "/red"]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("User-agent: *\nDisallow: /", "ROBOTS_DISALLOW"),
        ("User-agent: *\nDisallow:\n\nUser-agent: armoire-import\nDisallow: /r*d$", "ROBOTS_DISALLOW"),
        ("User-agent: *\nDisallow: /\nAllow: /red", ""),
        ("User-agent: other\nDisallow: /", ""),
        ("<html>no robots here</html>", ""),
    ],
)
async def test_robots_are_respected(pages: Pages, host: WebHost, rules: str, expected: str) -> None:
    host.add("/robots.txt", rules.encode())
    if expected:
        assert await reason(pages, host.url("/red")) == expected
        assert [path for path, _ in host.asked] == ["/robots.txt"]
    else:
        assert (await pages.fetch(host.url("/red"))).products


async def test_a_host_that_cannot_give_its_robots_is_left_alone(pages: Pages, host: WebHost) -> None:
    host.add("/robots.txt", b"", 503)
    assert await reason(pages, host.url("/red")) == "ROBOTS_UNAVAILABLE"


async def test_other_pages_are_refused(pages: Pages, host: WebHost) -> None:
    host.add("/picture", b"x", content_type="image/png")
    host.add("/empty", b"<html></html>", content_type="text/html")
    host.add("/large", b"x" * (MAX_PAGE_BYTES + 1), content_type="text/html")
    expected = {
        "/picture": "FETCH_FAILED",
        "/empty": "NO_PRODUCT_ON_PAGE",
        "/large": "FETCH_TOO_LARGE",
        "/missing": "FETCH_FAILED",
    }
    assert {path: await reason(pages, host.url(path)) for path in expected} == expected
    assert await reason(pages, "http://elsewhere.example/") == "URL_HOST_NOT_ALLOWED"


async def test_a_page_that_is_sent(pages: Pages, host: WebHost) -> None:
    page = await pages.read(HTML, "https://shop.example/red")
    assert page.products[0][1] == ("https://shop.example/a.jpg",)
    assert (await pages.read(HTML, "")).products[0][1] == ()
    for content, base, expected in ((b"", "", "INVALID_INPUT"), (HTML, "nowhere", "INVALID_INPUT")):
        with pytest.raises(ArmoireError) as refused:
            await pages.read(content, base)
        assert refused.value.reason == expected
    assert host.asked == []
