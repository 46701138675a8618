"""What an import would do, without doing it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from armoire.async_client import AsyncClient
from armoire.command.console import Console
from armoire.command.importing.source_row import SourceRow, missing_files
from armoire.command.tables import counted
from armoire.errors import Unavailable
from armoire.values.products import Product
from armoire.values.server import CatalogLimits

_NAMES = ("external_id", "display_name", "brand", "category", "product_type")
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a place of the source."""

    source: str
    problem: str


async def show_preview(
    client: AsyncClient, rows: Sequence[SourceRow], ignored: Sequence[str], console: Console
) -> None:
    """Checks all rows, and shows how many there are, the first ones and what is wrong; nothing is sent."""
    limits = await _limits(client, console)
    problems = list(problems_of(rows, limits))
    products = {row.product.external_id for row in rows if row.product is not None}
    photos = [photo for row in rows for photo in row.photos]
    urls = sum(photo.is_url for photo in photos)
    counts = {"rows": len(rows), "products": len(products), "photos": len(photos), "urls": urls}
    document = {**counts, "ignored_columns": list(ignored), "problems": len(problems)}
    parts = counted(len(products), "product"), counted(len(photos), "photo")
    text = f"{counted(len(rows), 'row')}: {', '.join(parts)} ({urls} to be fetched)"
    console.show(document, "\n".join([text, *map(_line, rows[:_SHOWN])]))
    for each in problems:
        console.complain(f"{each.source}: {each.problem}")


def problems_of(rows: Sequence[SourceRow], limits: CatalogLimits | None) -> Iterator[Problem]:
    """Everything that would fail, as far as it can be told without sending it."""
    for row in rows:
        for problem in row.problems:
            yield Problem(row.source, problem)
        if row.product is not None and limits is not None:
            for problem in _too_long(row.product, limits):
                yield Problem(row.source, problem)
    for photo in missing_files(rows):
        yield Problem(photo.source, f"there is no file {photo.place}")


def _too_long(product: Product, limits: CatalogLimits) -> Iterator[str]:
    longest = dict.fromkeys(_NAMES, limits.max_name_chars)
    longest |= {"description": limits.max_description_chars, "url": limits.max_url_chars}
    for field, most in longest.items():
        length = len(getattr(product, field))
        if length > most:
            yield f"{field} has {length} characters; at most {most} are allowed"
    if len(product.attributes) > limits.max_product_attributes:
        yield f"it has more than {limits.max_product_attributes} attributes"
    if product.list_price and (
        product.price is None or product.price.currency != product.list_price.currency
    ):
        yield "list_price needs a price in the same currency"


async def _limits(client: AsyncClient, console: Console) -> CatalogLimits | None:
    try:
        return (await client.limits()).catalog
    except Unavailable as error:
        console.note(f"lengths are not checked, because the server does not say its limits: {error.message}")
        return None


def _line(row: SourceRow) -> str:
    product = "no product"
    if row.product is not None:
        price = f", {row.product.price.amount} {row.product.price.currency}" if row.product.price else ""
        product = f"{row.product.external_id} {row.product.display_name}".strip() + price
    return f"  {row.source}: {product}, {counted(len(row.photos), 'photo')}"
