"""Messages of audit records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf.json_format import MessageToDict

from armoire.messages.types import time_from_proto
from armoire.v1 import admin_pb2
from armoire.values.audit import AuditRecord


def audit_record_from_proto(record: admin_pb2.AuditRecord) -> AuditRecord:
    return AuditRecord(
        id=record.id,
        create_time=time_from_proto(record.create_time),
        tenant=record.tenant,
        actor=record.actor,
        end_user=record.end_user,
        action=record.action,
        resource=record.resource,
        before=_facts(MessageToDict(record.before)),
        after=_facts(MessageToDict(record.after)),
        request_id=record.request_id,
    )


def _facts(values: Mapping[str, Any]) -> dict[str, Any]:
    """By name; whole numbers as int, which a Struct does not tell from others."""
    return {name: _fact(values[name]) for name in sorted(values)}


def _fact(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _facts(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
