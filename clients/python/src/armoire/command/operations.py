"""`armoire operations`: work that takes longer than a call."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from google.protobuf import json_format

from armoire.async_client import AsyncClient
from armoire.command.console import Console
from armoire.command.documents import Document, error_document
from armoire.command.options import Commands, add_command, add_group, add_ids, add_limit
from armoire.command.records import RecordKind, show_each, show_newest, watch_each
from armoire.values.operations import Operation, OperationProgress, OperationState

_ID = "01932f6e-5a0c-7c51-9d0e-0f2a53b1c001"
EXAMPLES = f"""\
  armoire operations list --state RUNNING
  armoire operations watch {_ID}
  armoire operations cancel {_ID}"""


def add_to(commands: Commands) -> None:
    summary = (
        "List, show, watch, cancel or retry audits, back-fills, re-indexing, imports, exports and erasures."
    )
    group = add_group(commands, "operations", summary, EXAMPLES)
    summary = "List operations, the newest first."
    example = "  armoire operations list --state FAILED --json"
    parser = add_command(group, "list", list_operations, summary, example, group="operations")
    parser.add_argument(
        "--state",
        action="append",
        default=[],
        choices=[state.value for state in OperationState if state is not OperationState.UNKNOWN],
        help="only operations in this state; may be given again",
    )
    add_limit(parser)
    for name, run, what in (
        ("get", get_operations, "Show the operations named."),
        ("watch", watch_operations, "Show the operations named at each change, until they are done."),
        ("cancel", cancel_operations, "Ask the operations named to stop; what they finished stays."),
        ("retry", retry_operations, "Run the operations named again, from where they stopped."),
    ):
        example = f"  armoire operations {name} {_ID}"
        add_ids(add_command(group, name, run, what, example, group="operations"), "operation")


async def list_operations(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    states = [OperationState(state) for state in arguments.state]
    await show_newest(
        OPERATIONS,
        lambda page_size: client.iter_operations(states=states, page_size=page_size),
        arguments.limit,
        console,
    )


async def get_operations(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_each(OPERATIONS, client.get_operation, arguments.ids, console)


async def watch_operations(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await watch_each(OPERATIONS, client.watch_operation, arguments.ids, console)


async def cancel_operations(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_each(OPERATIONS, client.cancel_operation, arguments.ids, console)


async def retry_operations(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_each(OPERATIONS, client.retry_operation, arguments.ids, console)


def operation_document(operation: Operation) -> Document:
    """Times in ISO 8601; the response as its type's JSON."""
    times = (operation.create_time, operation.update_time, operation.end_time)
    create_time, update_time, end_time = (time.isoformat() if time else None for time in times)
    response = operation.response
    return {
        "operation_id": operation.id,
        "kind": operation.kind,
        "state": operation.state,
        "progress": asdict(operation.progress),
        "cancel_requested": operation.cancel_requested,
        "error": error_document(operation.error) if operation.error else None,
        "response": None if response is None else json_format.MessageToDict(response),
        "create_time": create_time,
        "update_time": update_time,
        "end_time": end_time,
    }


def _row(operation: Operation) -> tuple[object, ...]:
    progress = operation.progress
    problem = operation.error.message if operation.error else progress.message
    return operation.id, operation.kind, operation.state, _done(progress), problem


def _done(progress: OperationProgress) -> str:
    """Such as "3 of 5 entries, 2 failed"; without the total where that is not known."""
    if not progress.unit:
        return ""
    total = f" of {progress.total}" if progress.total else ""
    failed = f", {progress.failed} failed" if progress.failed else ""
    return f"{progress.done}{total} {progress.unit}{failed}"


OPERATIONS = RecordKind(
    "operation_id", operation_document, ("operation", "kind", "state", "done", "message"), _row
)
