"""`armoire admin audit`: what was changed, and by whom."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from typing import Any

from armoire.async_client import AsyncClient
from armoire.command.console import Console
from armoire.command.documents import audit_record_document
from armoire.command.durations import moment
from armoire.command.options import Commands, add_command, add_limit
from armoire.command.records import RecordKind, show_newest
from armoire.values.audit import AuditRecord

EXAMPLES = """\
  armoire admin audit --since 7d
  armoire admin audit --action DeleteProduct --json
  armoire admin audit --actor key:3f2a91c04d7e55b0 --since 2026-11-01 --until 2026-12-01
  armoire admin audit --resource products/"""


def add_to(admin: Commands) -> None:
    summary = "Show what was changed, by whom and for whom, the newest first."
    parser = add_command(admin, "audit", show_audit, summary, EXAMPLES, group="admin")
    for option, meaning in (("--since", "from this time on"), ("--until", "before this time")):
        parser.add_argument(
            option,
            type=moment,
            metavar="TIME",
            help=f"only changes {meaning}: an age such as 7d or 12h, or a date such as 2026-01-31 or "
            "2026-01-31T12:00+00:00 (UTC unless it says otherwise)",
        )
    parser.add_argument(
        "--actor", default="", help="only by this key, token or user, such as key:3f2a91c04d7e55b0"
    )
    parser.add_argument("--action", default="", help="only by this call, such as DeleteProduct")
    parser.add_argument(
        "--resource", default="", metavar="PREFIX", help="only what begins so, such as products/"
    )
    parser.add_argument("--tenant", default="", help="only of this tenant (default: all that you administer)")
    add_limit(parser)


async def show_audit(client: AsyncClient, arguments: argparse.Namespace, console: Console) -> None:
    await show_newest(
        RECORDS,
        lambda page_size: client.iter_audit_records(
            tenant=arguments.tenant,
            created_from=arguments.since,
            created_before=arguments.until,
            actor=arguments.actor,
            action=arguments.action,
            resource_prefix=arguments.resource,
            page_size=page_size,
        ),
        arguments.limit,
        console,
    )


def _row(record: AuditRecord) -> tuple[object, ...]:
    time = record.create_time.isoformat(sep=" ", timespec="seconds") if record.create_time else ""
    who = (record.tenant, record.actor, record.end_user)
    return (time, *who, record.action, record.resource, _shown(record.before), _shown(record.after))


def _shown(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False) if facts else ""


RECORDS = RecordKind(
    "id",
    audit_record_document,
    ("time", "tenant", "actor", "end user", "action", "resource", "before", "after"),
    _row,
)
