"""Pages of shops, which callers read products of."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from domain.errors import FailedPrecondition, InvalidInput
from services.catalog.limits import CatalogLimits, check_url
from services.catalog.records.money import Money
from services.catalog.records.product_drafts import Availability, ProductDraft
from services.catalog.web.fetcher import Fetched, Fetcher, FetchFailed
from services.catalog.web.product_pages import PageProduct, products_of
from services.catalog.web.robots import check_robots

_HTML = ("text/html", "application/xhtml+xml")
MAX_PAGE_BYTES = 4 * 2**20


@dataclass(frozen=True, slots=True)
class ReadPage:
    """The products of a page, each with the URLs of its photos; `url` is where the page was found."""

    url: str
    products: tuple[tuple[ProductDraft, tuple[str, ...]], ...]


class Pages:
    """Reads products of pages of allowed hosts, or that callers send."""

    def __init__(self, fetcher: Fetcher, limits: CatalogLimits) -> None:
        self._fetcher = fetcher
        self._limits = limits

    async def fetch(self, url: str) -> ReadPage:
        """The products of the page at a URL.

        Raises:
            InvalidInput: the URL is not allowed.
            FailedPrecondition: its host does not allow it, or does not answer, or the page has no product.
        """
        checked = self._fetcher.options.hosts.check(url, self._limits.max_url_chars)
        await check_robots(self._fetcher, checked)
        page = await self._fetcher.fetch(checked, MAX_PAGE_BYTES, ",".join(_HTML))
        if page.media_type not in _HTML:
            raise FetchFailed(f"it is no HTML page, but {page.media_type[:100] or 'untyped'}", later=False)
        return await self._read(page)

    async def read(self, content: bytes, base_url: str) -> ReadPage:
        """The products of a page.

        Raises:
            InvalidInput: it is empty or too large, or the base is no URL.
            FailedPrecondition: it has no product.
        """
        if not 0 < len(content) <= MAX_PAGE_BYTES:
            raise InvalidInput("content", f"must have 1 to {MAX_PAGE_BYTES} bytes, got {len(content)}")
        base = check_url("base_url", base_url, self._limits.max_url_chars)
        return await self._read(Fetched(base, content, "text/html"))

    async def _read(self, page: Fetched) -> ReadPage:
        found = await asyncio.to_thread(products_of, page.content, page.media_type, page.url)
        if not found:
            raise FailedPrecondition(
                "the page describes no product by schema.org or Open Graph", reason="NO_PRODUCT_ON_PAGE"
            )
        drafts = ((_draft(each), tuple(each.images)) for each in found)
        return ReadPage(page.url, tuple(drafts))


def _draft(product: PageProduct) -> ProductDraft:
    price = None
    if product.price is not None:
        amount, currency = product.price
        price = Money(currency, int(amount), int((amount - int(amount)) * 10**9))
    return ProductDraft(
        display_name=product.display_name,
        description=product.description,
        brand=product.brand,
        price=price,
        external_id=product.external_id,
        product_type=product.product_type,
        url=product.url,
        availability=Availability(product.availability),
        attributes=product.attributes,
    )
