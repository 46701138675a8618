"""Messages of imports."""

from __future__ import annotations

from google.protobuf.any_pb2 import Any

from armoire.messages.operations import operation_from_proto
from armoire.messages.products import product_from_proto, product_to_proto
from armoire.photos import read_content
from armoire.status import error_from_status
from armoire.v1 import imports_pb2
from armoire.values.imports import (
    ImportEntry,
    ImportFailure,
    ImportReport,
    PhotoUrl,
    ProductOnPage,
    StartedImport,
)


def entry_to_proto(entry: ImportEntry) -> imports_pb2.ImportEntry:
    """With the bytes of the photo's file. Raises InvalidInput where it cannot be read."""
    made = entry_without_photo(entry, entry.problem)
    if isinstance(entry.photo, PhotoUrl):
        made.url = entry.photo.url
    elif entry.photo is not None and not entry.problem:
        made.content = read_content(entry.photo)
    return made


def entry_without_photo(entry: ImportEntry, problem: str) -> imports_pb2.ImportEntry:
    """With what stands in the way of the photo."""
    return imports_pb2.ImportEntry(
        number=entry.number,
        source=entry.source,
        product=None if entry.product is None else product_to_proto(entry.product),
        image_name=entry.image_name,
        problem=problem,
    )


def started_import_from_proto(reply: imports_pb2.StartImportResponse) -> StartedImport:
    return StartedImport(operation_from_proto(reply.operation), reply.next_number, reply.finished)


def import_failure_from_proto(failure: imports_pb2.ImportFailure) -> ImportFailure:
    return ImportFailure(
        number=failure.number,
        source=failure.source,
        external_id=failure.external_id,
        image_name=failure.image_name,
        url=failure.url,
        error=error_from_status(failure.error),
    )


def products_on_page_from_proto(reply: imports_pb2.ReadProductPageResponse) -> tuple[ProductOnPage, ...]:
    return tuple(
        ProductOnPage(product_from_proto(each.product), tuple(each.image_urls)) for each in reply.products
    )


def import_report_from_any(response: Any) -> ImportReport:
    """What came of an import."""
    report = imports_pb2.ImportReport()
    response.Unpack(report)
    return ImportReport(
        entries=report.entries,
        failed=report.failed,
        products_created=report.products_created,
        products_updated=report.products_updated,
        photos_indexed=report.photos_indexed,
        photos_known=report.photos_known,
    )
