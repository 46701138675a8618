"""Calls of imports."""

from __future__ import annotations

from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class EntriesOf:
    """What entries are sent for: an import, or without one to be checked, as of an import that is `again`."""

    operation_id: str = ""
    again: bool = False

    def encode(self, entry: ImportEntry) -> bytes:
        """The message for an entry, whose file is read; one that cannot be read is named as its problem."""
        try:
            return self._encode(entry_to_proto(entry))
        except InvalidInput as error:
            return self.encode_oversized(entry, error)

    def encode_oversized(self, entry: ImportEntry, error: InvalidInput) -> bytes:
        """The message for an entry whose photo is too large for one."""
        return self._encode(entry_without_photo(entry, error.message))

    def _encode(self, entry: imports_pb2.ImportEntry) -> bytes:
        request = imports_pb2.ImportEntriesRequest(operation_id=self.operation_id, entry=entry)
        if not self.operation_id:
            request.validate_only, request.again = True, self.again
        return request.SerializeToString()


def failures_in(reply: bytes) -> tuple[ImportFailure, ...]:
    """The entries that would fail, as ImportEntries answers where it only checks."""
    failures = imports_pb2.ImportEntriesResponse.FromString(reply).failures
    return tuple(map(import_failure_from_proto, failures))


def next_number(reply: bytes) -> int:
    """The number of the first entry that is not kept, as ImportEntries answers."""
    return imports_pb2.ImportEntriesResponse.FromString(reply).next_number
