"""`armoire audit`: whether the stores of a catalogue agree."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from armoire.async_client import AsyncClient
from armoire.command.console import CommandFailed, Console
from armoire.command.options import Commands, add_command
from armoire.messages.catalog_audit import audit_report_from_any
from armoire.values.catalog_audit import AuditFinding, AuditReport
from armoire.values.operations import Operation, OperationState

EXAMPLES = """\
  armoire audit
  armoire audit --repair --json"""


def add_to(commands: Commands) -> None:
    summary = "Compare the database, the vectors and the pictures: what is lost, doubled, stale or orphaned."
    parser = add_command(commands, "audit", audit, summary, EXAMPLES)
    parser.add_argument(
        "--repair",
        action="store_true",
        help="write the vectors anew, cut missing crops again, remove orphans",
    )
    parser.add_argument("--all-tenants", action="store_true", help="not only of your tenant")


async def audit(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    """Fails where the stores differ and not all of it was mended."""
    started = await client.start_audit(repair=arguments.repair, all_tenants=arguments.all_tenants)
    operation = await client.wait_for_operation(started.id)
    report = _report_of(operation)
    console.show(asdict(report), _text(report))
    if report.differences > report.repaired:
        raise CommandFailed(
            f"{report.differences - report.repaired} differences are left"
            + ("" if arguments.repair else "; --repair mends what can be")
        )


def _report_of(operation: Operation) -> AuditReport:
    if operation.error is not None:
        raise operation.error
    if operation.state is not OperationState.SUCCEEDED or operation.response is None:
        raise CommandFailed(f"the audit {operation.id} is {operation.state.name}")
    return audit_report_from_any(operation.response)


def _place(finding: AuditFinding) -> str:
    return f"the collection {finding.collection}" if finding.collection else finding.store


def _text(report: AuditReport) -> str:
    held = f"{report.items} items, {report.vectors} vectors, {report.blobs} pictures"
    found = f"{report.lost} lost, {report.doubled} doubled, {report.stale} stale, {report.orphaned} orphaned"
    mended = f"; {report.repaired} mended" if report.repaired else ""
    shown = [f"  {each.problem} in {_place(each)}: {each.id} ({each.tenant})" for each in report.findings]
    return "\n".join([held, found + mended, *shown])
