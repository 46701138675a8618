"""What an import would do, without doing it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from armoire.async_client import AsyncClient
from armoire.command.console import Console
from armoire.command.importing.run import failure_line, write_report
from armoire.command.importing.source_row import SourceRow, entries_of, missing_files
from armoire.command.tables import counted
from armoire.errors import Unavailable

_SHOWN = 3


async def show_preview(
    client: AsyncClient,
    rows: Sequence[SourceRow],
    ignored: Sequence[str],
    console: Console,
    *,
    again: bool,
    report: Path | None,
) -> None:
    """Lets the server check all rows, and shows how many there are, the first ones and what is wrong."""
    try:
        await client.limits()  # which tells at once where there is no server
        failures = [failure async for failure in client.check_entries(entries_of(rows), again=again)]
    except Unavailable as error:
        console.note(f"only what needs no server is checked, because there is none: {error.message}")
        problems = list(problems_of(rows))
    else:
        problems = list(map(failure_line, failures))
        if report is not None:
            write_report(report, failures)
    products = {row.product.external_id for row in rows if row.product is not None}
    photos = [photo for row in rows for photo in row.photos]
    urls = sum(photo.is_url for photo in photos)
    counts = {"rows": len(rows), "products": len(products), "photos": len(photos), "urls": urls}
    document = {**counts, "ignored_columns": list(ignored), "problems": len(problems)}
    parts = counted(len(products), "product"), counted(len(photos), "photo")
    text = f"{counted(len(rows), 'row')}: {', '.join(parts)} ({urls} to be fetched)"
    console.show(document, "\n".join([text, *map(_line, rows[:_SHOWN])]))
    for each in problems:
        console.complain(each)


def problems_of(rows: Sequence[SourceRow]) -> Iterator[str]:
    """What is wrong with the rows themselves, and with the paths of their photos."""
    for row in rows:
        for problem in row.problems:
            yield f"{row.source}: {problem}"
    for photo in missing_files(rows):
        yield f"{photo.source}: there is no file {photo.place}"


def _line(row: SourceRow) -> str:
    product = "no product"
    if row.product is not None:
        price = f", {row.product.price.amount} {row.product.price.currency}" if row.product.price else ""
        product = f"{row.product.external_id} {row.product.display_name}".strip() + price
    return f"  {row.source}: {product}, {counted(len(row.photos), 'photo')}"
