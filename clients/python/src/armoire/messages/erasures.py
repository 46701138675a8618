"""Messages of erasures."""

from __future__ import annotations

from google.protobuf.any_pb2 import Any

from armoire.v1 import operations_pb2
from armoire.values.erasures import ErasedStore, ErasureReport


def erasure_report_from_any(response: Any) -> ErasureReport:
    """What came of an erasure."""
    report = operations_pb2.ErasureReport()
    response.Unpack(report)
    stores = (ErasedStore(each.store, each.removed, each.remaining) for each in report.stores)
    return ErasureReport(report.tenant, report.product_id, tuple(stores))
