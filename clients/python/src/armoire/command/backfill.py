"""`armoire backfill`: change over to another embedder while searches go on."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from armoire.async_client import AsyncClient
from armoire.command.console import CommandFailed, Console
from armoire.command.options import Commands, Run, add_command, add_group
from armoire.messages.collections import backfill_report_from_any
from armoire.values.collections import BackfillReport, Collection, CollectionRole
from armoire.values.operations import Operation, OperationState

EXAMPLES = """\
  armoire models load my-embedder:latest
  armoire backfill start --embedder my-embedder-3f2a91c04d7e
  armoire backfill swap
  armoire backfill rollback
  armoire backfill drop"""


def add_to(commands: Commands) -> None:
    summary = "Embed the catalogue for another embedder, swap to it, go back, and drop what is not needed."
    group = add_group(commands, "backfill", summary, EXAMPLES)
    summary = "Fill a collection for a loaded embedder; the live one goes on answering."
    parser = _add(group, "start", start, summary, "  armoire backfill start --rate 20")
    parser.add_argument(
        "--embedder", default="", metavar="MODEL", help="version or alias (default: the default embedder)"
    )
    parser.add_argument("--rate", type=float, default=0.0, metavar="N", help="at most N photos a second")
    parser.add_argument("--swap", action="store_true", help="swap at the end, if nothing is lacking")
    parser.add_argument("--no-wait", action="store_true", help="do not wait for the end")
    _add(
        group,
        "status",
        status,
        "Show the live collection and the one beside it.",
        "  armoire backfill status",
    )
    for name, run, summary in (
        ("swap", swap, "Let searches go to the collection that was filled."),
        ("rollback", rollback, "Let searches go to the collection before the last swap."),
    ):
        parser = _add(group, name, run, summary, f"  armoire backfill {name}")
        parser.add_argument(
            "--allow-lacking", action="store_true", help="even if searches then miss items that it lacks"
        )
    summary = "Remove the collection that is not searched, with its embeddings."
    _add(group, "drop", drop, summary, "  armoire backfill drop")


def _add(group: Commands, name: str, run: Run, summary: str, example: str) -> argparse.ArgumentParser:
    return add_command(group, name, run, summary, example, group="backfill")


async def start(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    """Fails where the collection lacks items at the end."""
    operation = await client.start_backfill(
        arguments.embedder, photos_per_second=arguments.rate, swap=arguments.swap
    )
    if arguments.no_wait:
        console.show({"operation": operation.id}, f"armoire operations watch {operation.id}")
        return
    async for watched in client.watch_operation(operation.id):
        operation = watched
    report = _report_of(operation)
    console.show(asdict(report), _text(report))
    if report.lacking or report.items != report.vectors:
        raise CommandFailed("the collection is not complete; `armoire backfill start` goes on with it")


async def status(client: AsyncClient, _: argparse.Namespace, console: Console) -> None:
    _show(await client.list_collections(), console)


async def swap(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await _swap(client, CollectionRole.NEXT, arguments.allow_lacking, console)


async def rollback(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await _swap(client, CollectionRole.PREVIOUS, arguments.allow_lacking, console)


async def drop(client: AsyncClient, _: argparse.Namespace, console: Console) -> None:
    beside = [each for each in await client.list_collections() if each.role is not CollectionRole.LIVE]
    if not beside:
        raise CommandFailed("there is no collection beside the live one")
    await client.drop_collection(beside[0].name)
    console.show({"dropped": beside[0].name}, f"dropped {beside[0].name}")


async def _swap(client: AsyncClient, role: CollectionRole, allow_lacking: bool, console: Console) -> None:
    named = [each for each in await client.list_collections() if each.role is role]
    if not named:
        raise CommandFailed(f"there is no {role.value} collection; `armoire backfill status` shows them")
    _show(await client.swap_collection(named[0].name, allow_lacking=allow_lacking), console)


def _show(collections: tuple[Collection, ...], console: Console) -> None:
    lines = [
        f"{each.role.value:8} {each.model_version}/{each.preprocess_version}  {each.items} items, "
        f"{each.lacking} lacking, {each.waiting} waiting  {each.name}"
        for each in collections
    ]
    console.show({"collections": [asdict(each) for each in collections]}, "\n".join(lines))


def _report_of(operation: Operation) -> BackfillReport:
    if operation.error is not None:
        raise operation.error
    if operation.state is not OperationState.SUCCEEDED or operation.response is None:
        raise CommandFailed(f"the back-fill {operation.id} is {operation.state.name}")
    return backfill_report_from_any(operation.response)


def _text(report: BackfillReport) -> str:
    held = f"{report.items} items, {report.vectors} vectors, {report.lacking} lacking"
    failed = f", {report.failed_photos} photos failed" if report.failed_photos else ""
    overlap = f"overlap of the 10 nearest: {report.overlap:.3f}, on average over {report.sampled} items"
    ends = "searches go to it now" if report.swapped else "`armoire backfill swap` lets searches go to it"
    return "\n".join([f"{report.collection}: {held}{failed}", overlap, ends])
