"""Entries of imports."""

from __future__ import annotations

from armoire.v1 import imports_pb2
from domain.errors import ArmoireError, InvalidInput
from services.catalog.records.imports import Entry
from services.catalog.resources.import_reading import IncomingEntry
from services.catalog.resources.pages import ReadPage
from services.edge.conversion.products import draft_from_proto, draft_to_proto
from services.edge.status import status_to_proto


def entry_from_proto(entry: imports_pb2.ImportEntry) -> IncomingEntry:
    """Raises InvalidInput where a field has no value of the contract's."""
    try:
        product = draft_from_proto(entry.product) if entry.HasField("product") else None
    except InvalidInput as error:
        raise error.within("entry") from None
    return IncomingEntry(
        number=entry.number,
        source=entry.source,
        product=product,
        image_name=entry.image_name,
        content=entry.content if entry.HasField("content") else None,
        url=entry.url,
        problem=entry.problem,
    )


def failure_to_proto(entry: Entry) -> imports_pb2.ImportFailure:
    error = entry.error or ArmoireError("the entry was not imported")
    return imports_pb2.ImportFailure(
        number=entry.number,
        source=entry.source,
        external_id=entry.external_id,
        image_name=entry.image_name,
        url=entry.url,
        error=status_to_proto(error),
    )


def page_to_proto(page: ReadPage) -> imports_pb2.ReadProductPageResponse:
    products = (
        imports_pb2.ProductOnPage(product=draft_to_proto(draft), image_urls=images)
        for draft, images in page.products
    )
    return imports_pb2.ReadProductPageResponse(products=products, url=page.url)
