"""`armoire reindex`: find and describe the items of stored photos anew."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from armoire.async_client import AsyncClient
from armoire.command.console import CommandFailed, Console
from armoire.command.options import Commands, add_command
from armoire.messages.collections import reindex_report_from_any
from armoire.values.collections import ReindexReport, ReindexScope, VersionsInUse
from armoire.values.items import ItemVersions
from armoire.values.operations import Operation, OperationState

EXAMPLES = """\
  armoire reindex --status
  armoire reindex --stale --rate 20
  armoire reindex --all-tenants
  armoire reindex --primary-items
  armoire reindex --photo-hashes"""


def add_to(commands: Commands) -> None:
    summary = (
        "Find and describe the items of stored photos anew, after a change of the detector, the classifier "
        "or the taxonomy; item ids and corrections stay."
    )
    parser = add_command(commands, "reindex", reindex, summary, EXAMPLES)
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--stale",
        dest="scope",
        action="store_const",
        const=ReindexScope.STALE,
        help="only photos with an item that another model or taxonomy has described than is served",
    )
    which.add_argument(
        "--primary-items",
        dest="scope",
        action="store_const",
        const=ReindexScope.PRIMARY_ITEMS,
        help="only choose again which items represent photos and products; no picture is looked at",
    )
    which.add_argument(
        "--photo-hashes",
        dest="scope",
        action="store_const",
        const=ReindexScope.PHOTO_HASHES,
        help="only hash the photos that were indexed before there were hashes, to find near duplicates",
    )
    which.add_argument("--status", action="store_true", help="only show what has described how many items")
    parser.add_argument("--rate", type=float, default=0.0, metavar="N", help="at most N photos a second")
    parser.add_argument("--all-tenants", action="store_true", help="not only of your tenant")
    parser.add_argument("--no-wait", action="store_true", help="do not wait for the end")
    parser.set_defaults(scope=ReindexScope.ALL)


async def reindex(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    """Fails where photos could not be looked at."""
    if arguments.status:
        versions = await client.list_item_versions(all_tenants=arguments.all_tenants)
        console.show(asdict(versions) | {"stale_items": versions.stale_items}, _status(versions))
        return
    operation = await client.start_reindex(
        arguments.scope, photos_per_second=arguments.rate, all_tenants=arguments.all_tenants
    )
    if arguments.no_wait:
        console.show({"operation": operation.id}, f"armoire operations watch {operation.id}")
        return
    async for watched in client.watch_operation(operation.id):
        operation = watched
    report = _report_of(operation)
    console.show(asdict(report), _text(report))
    if report.failed_photos:
        raise CommandFailed(
            f"{report.failed_photos} photos could not be looked at; their items are as before"
        )


def _report_of(operation: Operation) -> ReindexReport:
    if operation.error is not None:
        raise operation.error
    if operation.state is not OperationState.SUCCEEDED or operation.response is None:
        raise CommandFailed(f"the operation {operation.id} is {operation.state.name}")
    return reindex_report_from_any(operation.response)


def _text(report: ReindexReport) -> str:
    failed = f", {report.failed_photos} failed" if report.failed_photos else ""
    return f"{report.photos} photos{failed}; {report.items} items, {report.stale_items} stale"


def _status(versions: VersionsInUse) -> str:
    counted = [
        f"{each.items:>9} items {'stale  ' if each.stale else 'current'}  {_named(each.versions)}"
        for each in versions.counted
    ]
    return "\n".join([*counted, f"served: {_named(versions.served)}"])


def _named(versions: ItemVersions) -> str:
    classifier = f", classifier {versions.classifier_version}" if versions.classifier_version else ""
    embedder = f"{versions.embedder_version}/{versions.embedder_preprocess_version}"
    vocabulary = versions.vocabulary_version or "unknown"
    detector = versions.detector_version or "unknown"
    return f"detector {detector}, embedder {embedder}{classifier}, vocabulary {vocabulary}"
