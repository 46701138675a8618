"""`armoire import catalog`: an exported catalogue, brought to another server."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from armoire.async_client import AsyncClient
from armoire.catalogs.folder import CatalogFolder
from armoire.catalogs.import_log import ImportLog
from armoire.catalogs.importer import CatalogImporter, ImportedPhoto
from armoire.command.console import CommandFailed, Console
from armoire.command.options import Commands, add_command, add_concurrency
from armoire.command.pipelining import in_order
from armoire.deadlines import WAIT_TIMEOUT_S
from armoire.errors import ArmoireError, FailedPrecondition
from armoire.exported_folder import WrongFolder

_CONCURRENCY = 16

EXAMPLES = """\
  armoire import catalog backup
  armoire --address other:50051 import catalog backup --json > report.jsonl

Products are found again by their external ids, photos by their contents; what people said is laid over the
items that this server's models find. The same command goes on where it was interrupted; run again, it changes
nothing. What failed is shown with its reason, and tried again by the next run."""


def add_to(group: Commands) -> None:
    summary = "Bring a folder of `armoire export catalog` into this catalogue."
    parser = add_command(group, "catalog", import_catalog, summary, EXAMPLES, group="import")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="of a finished export")
    add_concurrency(parser, "products or photos", _CONCURRENCY)


async def import_catalog(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    """Fails where a product or a photo could not be imported."""
    folder = CatalogFolder(arguments.folder)
    try:
        manifest = folder.manifest()
        log = ImportLog(arguments.folder, arguments.address)
        importer = CatalogImporter(client, folder, log, arguments.timeout_s or WAIT_TIMEOUT_S)
        counts: Counter[str] = Counter()
        await _import_products(importer, folder, manifest, arguments.concurrency, counts, console)
        await _import_photos(importer, folder, manifest, arguments.concurrency, counts, console)
    except WrongFolder as error:
        raise CommandFailed(str(error)) from error
    except OSError as error:
        raise CommandFailed(f"cannot read {arguments.folder}: {error}") from error
    _show(counts, console)


async def _import_products(
    importer: CatalogImporter,
    folder: CatalogFolder,
    manifest: Mapping[str, Any],
    concurrency: int,
    counts: Counter[str],
    console: Console,
) -> None:
    console.start("importing products", manifest["products"])
    async for record, outcome in in_order(importer.import_product, folder.records("products"), concurrency):
        console.step()
        if isinstance(outcome, ArmoireError):
            _show_failure("product", record, outcome, counts, console)
        else:
            counts["products"] += 1
            counts["new_products"] += outcome
    console.finish()


async def _import_photos(
    importer: CatalogImporter,
    folder: CatalogFolder,
    manifest: Mapping[str, Any],
    concurrency: int,
    counts: Counter[str],
    console: Console,
) -> None:
    async def bring(record: Mapping[str, Any]) -> ImportedPhoto:
        try:
            return await importer.import_photo(record)
        except WrongFolder as error:
            raise FailedPrecondition(str(error), code="FAILED_PRECONDITION", reason="FILE_DAMAGED") from error

    missing = set(manifest["missing_images"])
    records: Iterable[dict[str, Any]] = folder.records("images")
    console.start("importing photos", manifest["images"])
    there = (record for record in records if record["id"] not in missing)
    async for record, outcome in in_order(bring, there, concurrency):
        console.step()
        if isinstance(outcome, ArmoireError):
            _show_failure("image", record, outcome, counts, console)
            continue
        counts["images"] += 1
        counts["new_images"] += outcome.is_new
        counts["changed_items"] += outcome.review.changed
        counts["added_items"] += outcome.review.added
        counts["unmatched_items"] += outcome.review.unmatched
    console.finish()


def _show_failure(
    kind: str, record: Mapping[str, Any], error: ArmoireError, counts: Counter[str], console: Console
) -> None:
    counts["failed"] += 1
    name = record.get("external_id") or record.get("name") or record.get("display_name") or record["id"]
    document = {"kind": kind, "id": record["id"], "name": name}
    console.show_failure(document, f"{kind} {name} ({record['id']})", error)


def _show(counts: Counter[str], console: Console) -> None:
    names = (
        *("products", "new_products", "images", "new_images"),
        *("changed_items", "added_items", "unmatched_items", "failed"),
    )
    document = {name: counts[name] for name in names}
    lines = (
        f"{counts['products']} products, {counts['new_products']} of them new",
        f"{counts['images']} photos, {counts['new_images']} of them sent now",
        f"{counts['changed_items']} items changed by what people said, {counts['added_items']} of them added",
        f"{counts['unmatched_items']} items of the export are not here",
        f"{counts['failed']} failed",
    )
    console.show(document, "\n".join(lines))
