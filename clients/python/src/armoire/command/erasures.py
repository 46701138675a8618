"""Erasures, waited for: `armoire products erase`, `armoire admin tenant erase` and `end-user erase`."""

from __future__ import annotations

from dataclasses import asdict

from armoire.async_client import AsyncClient
from armoire.command.console import CommandFailed, Console
from armoire.messages.erasures import erasure_report_from_any
from armoire.values.erasures import ErasureReport
from armoire.values.operations import Operation, OperationState


async def finish(client: AsyncClient, operation: Operation, console: Console) -> None:
    """Wait for the end of an erasure and show what it has removed; fails where something is left."""
    async for watched in client.watch_operation(operation.id):
        operation = watched
    if operation.error is not None:
        raise operation.error
    if operation.state is not OperationState.SUCCEEDED or operation.response is None:
        raise CommandFailed(
            f"the erasure {operation.id} is {operation.state.name}; "
            f"`armoire operations retry {operation.id}` goes on with it"
        )
    report = erasure_report_from_any(operation.response)
    console.show(asdict(report), _text(report))
    if report.remaining:
        raise CommandFailed("something is left")


def _text(report: ErasureReport) -> str:
    lines = [f"  {each.store}: {each.removed} removed, {each.remaining} left" for each in report.stores]
    return "\n".join([f"erased {report.tenant or report.product_id or 'the end user'}", *lines])
