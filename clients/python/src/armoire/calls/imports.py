"""Calls of imports."""

from __future__ import annotations

from armoire.call import Call, call_of
from armoire.calls.keys import key_or_fresh
from armoire.errors import InvalidInput
from armoire.messages.imports import (
    entry_to_proto,
    entry_without_photo,
    import_failure_from_proto,
    products_on_page_from_proto,
    started_import_from_proto,
)
from armoire.messages.operations import operation_from_proto
from armoire.v1 import imports_pb2
from armoire.values.imports import ImportEntry, ImportFailure, ProductOnPage, StartedImport
from armoire.values.operations import Operation
from armoire.values.types import Page

IMPORT_ENTRIES = "armoire.v1.CatalogService/ImportEntries"


def start_import(
    source: str, photos_per_second: float, again: bool, idempotency_key: str | None
) -> Call[StartedImport]:
    request = imports_pb2.StartImportRequest(
        source=source,
        photos_per_second=photos_per_second,
        again=again,
        idempotency_key=key_or_fresh(idempotency_key),
    )
    return call_of(
        "armoire.v1.CatalogService/StartImport",
        request,
        imports_pb2.StartImportResponse,
        started_import_from_proto,
        repeatable=bool(request.idempotency_key),
    )


def finish_import(operation_id: str) -> Call[Operation]:
    return call_of(
        "armoire.v1.CatalogService/FinishImport",
        imports_pb2.FinishImportRequest(operation_id=operation_id),
        imports_pb2.FinishImportResponse,
        lambda reply: operation_from_proto(reply.operation),
    )


def list_import_failures(
    operation_id: str, page_size: int = 0, page_token: str = ""
) -> Call[Page[ImportFailure]]:
    request = imports_pb2.ListImportFailuresRequest(
        operation_id=operation_id, page_size=page_size, page_token=page_token
    )
    return call_of(
        "armoire.v1.CatalogService/ListImportFailures",
        request,
        imports_pb2.ListImportFailuresResponse,
        lambda reply: Page(tuple(map(import_failure_from_proto, reply.failures)), reply.next_page_token),
    )


def read_product_page(url: str, content: bytes | None, base_url: str) -> Call[tuple[ProductOnPage, ...]]:
    """
    Raises:
        ValueError: neither the URL nor the content is given, or both.
    """
    if bool(url) == (content is not None):
        raise ValueError("give url or content, one of the two")
    return call_of(
        "armoire.v1.CatalogService/ReadProductPage",
        imports_pb2.ReadProductPageRequest(url=url or None, content=content, base_url=base_url),
        imports_pb2.ReadProductPageResponse,
        products_on_page_from_proto,
    )


def encode_entry(operation_id: str, entry: ImportEntry) -> bytes:
    """The message for an entry, whose file is read; a file that cannot be read is named as its problem."""
    try:
        message = entry_to_proto(entry)
    except InvalidInput as error:
        message = entry_without_photo(entry, error.message)
    return _encode(operation_id, message)


def encode_oversized(operation_id: str, entry: ImportEntry, error: InvalidInput) -> bytes:
    """The message for an entry whose photo is too large for one."""
    return _encode(operation_id, entry_without_photo(entry, error.message))


def _encode(operation_id: str, entry: imports_pb2.ImportEntry) -> bytes:
    return imports_pb2.ImportEntriesRequest(operation_id=operation_id, entry=entry).SerializeToString()


def next_number(reply: bytes) -> int:
    """The number of the first entry that is not kept, as ImportEntries answers."""
    return imports_pb2.ImportEntriesResponse.FromString(reply).next_number
