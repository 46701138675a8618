"""`armoire export catalog`: everything that a tenant has, in a folder."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from armoire.async_client import AsyncClient
from armoire.catalogs.folder import CatalogFolder
from armoire.command.console import CommandFailed, Console
from armoire.command.options import Commands, add_command, add_concurrency
from armoire.command.pipelining import in_order
from armoire.errors import ArmoireError, FailedPrecondition, NotFound
from armoire.exported_folder import WrongFolder
from armoire.messages.exports import catalog_export_from_any
from armoire.values.exports import CatalogExport
from armoire.values.operations import Operation, OperationState

_CONCURRENCY = 8
_WAIT_S = 86_400.0
_RUNNING = "EXPORT_RUNNING"

EXAMPLES = """\
  armoire export catalog backup
  armoire export catalog backup --concurrency 16

The server writes products, photos, items and what people said of them; then the photos are fetched.
The same command goes on where it was interrupted. `armoire import catalog` brings the folder to a server."""


def add_to(group: Commands) -> None:
    summary = "Write the whole catalogue into a folder: products, photos, items, corrections."
    parser = add_command(group, "catalog", export_catalog, summary, EXAMPLES, group="export")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where it goes; made if it is not there")
    add_concurrency(parser, "photos", _CONCURRENCY)


async def export_catalog(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    """Fails where a photo could not be had."""
    folder = CatalogFolder(arguments.folder)
    try:
        operation = await _ended(client, folder, arguments.timeout_s or _WAIT_S)
        export = await _fetch_parts(client, folder, operation)
        missing = await _fetch_originals(client, folder, export, arguments.concurrency, console)
        folder.finish(export, missing)
    except WrongFolder as error:
        raise CommandFailed(str(error)) from error
    except OSError as error:
        raise CommandFailed(f"cannot write {arguments.folder}: {error}") from error
    counts = {
        "products": export.products,
        "images": export.images,
        "items": export.items,
        "corrections": export.corrections,
        "missing_images": len(missing),
    }
    document = {"folder": str(arguments.folder), "operation": operation.id, **counts}
    text = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items())
    console.show(document, f"{arguments.folder}: {text}")


async def _ended(client: AsyncClient, folder: CatalogFolder, timeout_s: float) -> Operation:
    """The export that the folder is of, once it has succeeded; a new one where there is none."""
    known = folder.begin()
    operation = await _known(client, known) if known else None
    if operation is None:
        operation = await _start(client)
        folder.keep_operation(operation.id)
    async for watched in client.watch_operation(operation.id, timeout_s=timeout_s):
        operation = watched
    if operation.error is not None:
        raise operation.error
    if operation.state is not OperationState.SUCCEEDED or operation.response is None:
        raise CommandFailed(f"the export {operation.id} is {operation.state.value}; run the command again")
    return operation


async def _known(client: AsyncClient, operation_id: str) -> Operation | None:
    """The operation that was begun, unless it can no longer be of use."""
    try:
        operation = await client.get_operation(operation_id)
    except NotFound:
        return None
    return None if operation.state in (OperationState.FAILED, OperationState.CANCELLED) else operation


async def _start(client: AsyncClient) -> Operation:
    """A new export, or the one that is under way."""
    try:
        return await client.start_catalog_export()
    except FailedPrecondition as error:
        if error.reason != _RUNNING:
            raise
        return await client.get_operation(error.metadata["operation_id"])


async def _fetch_parts(client: AsyncClient, folder: CatalogFolder, operation: Operation) -> CatalogExport:
    """Fetch the parts that the folder has not."""
    assert operation.response is not None
    export = catalog_export_from_any(operation.response)
    for part in export.parts:
        if folder.has(part):
            continue
        try:
            content = await client.get_catalog_export_part(operation.id, part.name)
        except NotFound as error:
            folder.keep_operation("")
            raise CommandFailed(f"{error.message}: run the command again") from error
        folder.store_part(part, content)
    return export


async def _fetch_originals(
    client: AsyncClient, folder: CatalogFolder, export: CatalogExport, concurrency: int, console: Console
) -> list[str]:
    """Fetch the photos that the folder has not; returns the ids of those that could not be had."""

    async def fetch(record: Mapping[str, Any]) -> str:
        if await asyncio.to_thread(folder.has_original, record):
            return ""
        content = await client.get_image_content(record["id"])
        try:
            await asyncio.to_thread(folder.store_original, record, content.content)
        except WrongFolder as error:
            return str(error)
        return ""

    missing: list[str] = []
    console.start("fetching photos", export.images)
    async for record, problem in in_order(fetch, folder.records("images", export.parts), concurrency):
        console.step()
        if problem:
            missing.append(record["id"])
            message = problem.message if isinstance(problem, ArmoireError) else problem
            console.complain(f"{record['id']}: {message}")
    console.finish()
    return missing
