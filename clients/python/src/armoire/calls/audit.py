"""Calls on the audit records of a server."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from armoire.call import Call, call_of
from armoire.messages.audit import audit_record_from_proto
from armoire.messages.types import time_to_proto
from armoire.v1 import admin_pb2
from armoire.values.audit import AuditRecord
from armoire.values.types import Page


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which records are wanted; "" and None mean all."""

    tenant: str = ""
    created_from: datetime | None = None
    created_before: datetime | None = None
    actor: str = ""
    action: str = ""
    resource_prefix: str = ""


def list_audit_records(which: AuditFilter, page_size: int, page_token: str) -> Call[Page[AuditRecord]]:
    return call_of(
        "armoire.v1.AdminService/ListAuditRecords",
        admin_pb2.ListAuditRecordsRequest(
            tenant=which.tenant,
            created_from=time_to_proto(which.created_from),
            created_before=time_to_proto(which.created_before),
            actor=which.actor,
            action=which.action,
            resource_prefix=which.resource_prefix,
            page_size=page_size,
            page_token=page_token,
        ),
        admin_pb2.ListAuditRecordsResponse,
        lambda reply: Page(tuple(map(audit_record_from_proto, reply.audit_records)), reply.next_page_token),
    )
