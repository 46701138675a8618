"""`armoire import`: products and photos, many at once."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from armoire.async_client import AsyncClient
from armoire.command import import_catalog
from armoire.command.console import Console
from armoire.command.files import check_target
from armoire.command.importing.folders import read_folder, read_manifest
from armoire.command.importing.pages import read_pages
from armoire.command.importing.preview import show_preview
from armoire.command.importing.run import ImportOptions, import_rows
from armoire.command.importing.source_row import SourceRow
from armoire.command.importing.tables import TableOptions, read_csv, read_jsonl
from armoire.command.options import Commands, Run, add_command, add_group, seconds

EXAMPLES = """\
  armoire import csv products.csv --dry-run
  armoire import csv products.csv --photos photos/ --report failed.jsonl
  armoire import jsonl products.jsonl
  armoire import folder photos/
  armoire import manifest urls.txt
  armoire import catalog backup
  armoire import page https://shop.example/red-dress

Products are created or, where the shop's own id (external_id) is known, updated in the fields that are given.
A photo is indexed once for its product, however often it is imported.

The server works on its own while it is fed: `armoire operations list` shows it, and `armoire operations
cancel` stops it. If this command or the server is interrupted, the same command goes on where it stopped.
What is wrong with a row is told at the end and stops no other row."""
TABLE = """
The first line names the columns; their order does not matter. Known names, in any spelling of case, blanks
and hyphens: external_id (or sku, id), display_name (or title, name), description, brand, category,
product_type, price, list_price, currency, url (or link), availability, image, image_2, ... (or photo, file,
image_link), and attributes.NAME for fields of the shop's own. --map names others.

A cell of photos holds paths below --photos and no others, or URLs of hosts that the server's operator
allows, with | between several. The encoding is UTF-8, or UTF-16 with a byte order mark; the delimiter is
found out."""


def add_to(commands: Commands) -> None:
    summary = "Import products and their photos from a table, a folder, a list of URLs or an export."
    group = add_group(commands, "import", summary, EXAMPLES)
    _add_csv(group)
    _add_jsonl(group)
    _add_folder(group)
    _add_manifest(group)
    import_catalog.add_to(group)
    _add_page(group)


def _add_csv(group: Commands) -> None:
    examples = f"""\
  armoire import csv products.csv --dry-run
  armoire import csv artikel.csv --map external_id=Nummer --map price=Preis --map image=Bild --currency CHF
  armoire import csv feed.txt --map attributes.material=Stoff --delimiter ';' --encoding cp1252
{TABLE}"""
    parser = _add(group, "csv", import_csv, "Import a table with a row for each product.", examples)
    _add_table(parser)
    parser.add_argument("--delimiter", default="", metavar="C", help="between cells (default: found out)")


def _add_jsonl(group: Commands) -> None:
    examples = """\
  armoire import jsonl products.jsonl --photos photos/

Each line is an object, such as
  {"external_id": "SKU-1", "display_name": "Red dress", "price": "19.90 EUR",
   "attributes": {"material": "linen"}, "images": ["front.jpg", "https://shop.example/back.jpg"]}
The names of the keys are those of the columns of `armoire import csv`."""
    _add_table(_add(group, "jsonl", import_jsonl, "Import a file with a JSON object a line.", examples))


def _add_folder(group: Commands) -> None:
    examples = """\
  armoire import folder photos/
  armoire import folder photos/ --pattern '(?P<external_id>[^_]+)_'

A photo in a sub folder is of the product with the name of that folder as its external_id; other photos are of
the product with the name of the file. photos/SKU-1/front.jpg and photos/SKU-1.jpg are both of SKU-1."""
    summary = "Import a folder of photos, whose names say which product they are of."
    parser = _add(group, "folder", import_folder, summary, examples)
    parser.add_argument("path", metavar="FOLDER", type=Path)
    parser.add_argument(
        "--pattern",
        default="",
        metavar="REGEX",
        help="finds the external_id at the beginning of the path below the folder: its group external_id, or "
        "all of it",
    )


def _add_manifest(group: Commands) -> None:
    examples = """\
  armoire import manifest urls.txt

Each line is a URL, or the external_id of a product and a URL:
  SKU-1 https://shop.example/front.jpg
Lines that begin with # are passed over. The server fetches the photos, from hosts that its operator allows
(ARMOIRE_IMPORTS__ALLOWED_HOSTS)."""
    summary = "Import photos from a list of URLs, which the server fetches."
    _add(group, "manifest", import_manifest, summary, examples).add_argument(
        "path", metavar="FILE", type=Path
    )


def _add_page(group: Commands) -> None:
    examples = """\
  armoire import page https://shop.example/red-dress --dry-run
  armoire import page saved.html --base-url https://shop.example/red-dress

The server reads what a page says of its products by schema.org (JSON-LD or microdata) or Open Graph, and
fetches their photos. It fetches pages and photos from hosts that its operator allows
(ARMOIRE_IMPORTS__ALLOWED_HOSTS), and pages only where the host's robots.txt lets it."""
    summary = "Import the products of a shop's pages."
    parser = _add(group, "page", import_page, summary, examples)
    parser.add_argument("pages", nargs="+", metavar="URL|FILE", help="a page; several are allowed")
    parser.add_argument(
        "--base-url", default="", metavar="URL", help="where a file was found, for relative URLs in it"
    )


def _add(group: Commands, name: str, run: Run, summary: str, examples: str) -> argparse.ArgumentParser:
    parser = add_command(group, name, run, summary, examples, group="import")
    parser.add_argument(
        "--dry-run", action="store_true", help="let the server check all rows and photos, and keep nothing"
    )
    parser.add_argument(
        "--rate", type=seconds, default=0.0, metavar="N", help="index at most N photos a second"
    )
    parser.add_argument(
        "--again",
        action="store_true",
        help="import also what the same command has imported, and photos that were deleted since",
    )
    parser.add_argument("--no-wait", action="store_true", help="do not wait for the end")
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help="write what failed to a file, a JSON object a line"
    )
    return parser


def _add_table(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="FILE", type=Path)
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="which column a field is, such as price=Preis or attributes.material=Stoff; may be given again",
    )
    parser.add_argument(
        "--photos", type=Path, metavar="FOLDER", help="where paths of photos start (default: beside FILE)"
    )
    parser.add_argument("--currency", default="EUR", metavar="C", help="of bare prices (default: EUR)")
    parser.add_argument(
        "--decimal-comma", action="store_true", help="prices are written as 19,90 and 1.299,00"
    )
    parser.add_argument("--encoding", default="", metavar="NAME", help="of FILE, such as cp1252")


async def import_csv(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    table = read_csv(arguments.path, _table_options(arguments, arguments.delimiter))
    await _import(client, table.rows, table.ignored, arguments, console)


async def import_jsonl(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    table = read_jsonl(arguments.path, _table_options(arguments))
    await _import(client, table.rows, table.ignored, arguments, console)


async def import_folder(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await _import(client, read_folder(arguments.path, arguments.pattern), (), arguments, console)


async def import_manifest(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await _import(client, read_manifest(arguments.path), (), arguments, console)


async def import_page(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    rows = await read_pages(client, arguments.pages, arguments.base_url)
    first, more = arguments.pages[0], len(arguments.pages) - 1
    name = f"{first[:300]} and {more} more" if more else first[:300]
    await _import(client, rows, (), arguments, console, name)


async def _import(
    client: AsyncClient,
    rows: Sequence[SourceRow],
    ignored: Sequence[str],
    arguments: argparse.Namespace,
    console: Console,
    name: str = "",
) -> None:
    if arguments.report is not None:
        check_target(arguments.report)
    if ignored:
        console.note(f"nothing is taken from the columns {', '.join(ignored)}; --map FIELD=COLUMN names one")
    if arguments.dry_run:
        again, report = arguments.again, arguments.report
        await show_preview(client, rows, ignored, console, again=again, report=report)
        return
    await import_rows(client, name or arguments.path.name, rows, ImportOptions.of(arguments), console)


def _table_options(arguments: argparse.Namespace, delimiter: str = "") -> TableOptions:
    return TableOptions(
        arguments.map,
        arguments.currency,
        arguments.photos,
        delimiter,
        arguments.encoding,
        arguments.decimal_comma,
    )
