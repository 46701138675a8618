"""Messages of audits."""

from __future__ import annotations

from google.protobuf.any_pb2 import Any

from armoire.v1 import operations_pb2
from armoire.values.catalog_audit import AuditFinding, AuditReport


def audit_report_from_any(response: Any) -> AuditReport:
    """What came of an audit."""
    report = operations_pb2.AuditReport()
    response.Unpack(report)
    return AuditReport(
        items=report.items,
        vectors=report.vectors,
        blobs=report.blobs,
        lost=report.lost,
        doubled=report.doubled,
        stale=report.stale,
        orphaned=report.orphaned,
        repaired=report.repaired,
        findings=tuple(
            AuditFinding(each.problem, each.store, each.tenant, each.id, each.collection)
            for each in report.findings
        ),
    )
