"""Pages of shops, whose products the server reads."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from armoire.async_client import AsyncClient
from armoire.command.console import UsageError
from armoire.command.importing.source_row import SourcePhoto, SourceRow
from armoire.errors import ArmoireError
from armoire.values.imports import ProductOnPage


async def read_pages(client: AsyncClient, places: Sequence[str], base_url: str) -> Sequence[SourceRow]:
    """The products of pages: URLs, which the server fetches, or files. A page that cannot be read is a row.

    Raises:
        UsageError: a file cannot be read.
    """
    rows: list[SourceRow] = []
    for place in places:
        try:
            products = await _read(client, place, base_url)
        except ArmoireError as error:
            rows.append(SourceRow(place, problems=(error.message,)))
        else:
            rows += [_row(place, product) for product in products]
    return rows


async def _read(client: AsyncClient, place: str, base_url: str) -> Sequence[ProductOnPage]:
    if place.lower().startswith(("http://", "https://")):
        return await client.read_product_page(place)
    try:
        content = await asyncio.to_thread(Path(place).read_bytes)
    except OSError as error:
        raise UsageError(f"cannot read {place}: {error.strerror}") from None
    return await client.read_product_page(content=content, base_url=base_url)


def _row(place: str, found: ProductOnPage) -> SourceRow:
    source = f"{place[:300]}, {found.product.external_id}"
    photos = tuple(SourcePhoto(f"{source}, {url[:100]}", url) for url in found.image_urls)
    return SourceRow(source, found.product, photos)
