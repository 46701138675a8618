"""Entries of imports as they were sent, read and checked one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.errors import FailedPrecondition, InvalidInput
from imaging.decode import DecodeLimits
from services.catalog.ids import IdSource
from services.catalog.indexing.new_photo import read_photo
from services.catalog.limits import CatalogLimits, check_text, check_url
from services.catalog.records.imports import Entry
from services.catalog.records.product_drafts import ProductDraft, check_draft

MAX_SOURCE_CHARS = 500
_MAX_PROBLEM_CHARS = 500
_MAX_NUMBER = 10**9


@dataclass(frozen=True, slots=True)
class IncomingEntry:
    """An entry as it was sent; at most one of `content`, `url` and `problem` is set."""

    number: int
    source: str = ""
    product: ProductDraft | None = None
    image_name: str = ""
    content: bytes | None = None
    url: str = ""
    problem: str = ""


def check_number(number: int, last: int) -> None:
    """Raises InvalidInput where the entry does not follow the one with the number `last`."""
    if not last < number <= _MAX_NUMBER:
        limit = f"must be {last + 1} to {_MAX_NUMBER}, in the order of the entries"
        raise InvalidInput("entry.number", f"{limit}; got {number}")


@dataclass(frozen=True, slots=True)
class EntryReader:
    """Reads entries, of photos their headers."""

    ids: IdSource
    limits: CatalogLimits
    decode_limits: DecodeLimits

    def read(self, incoming: IncomingEntry) -> Entry:
        """The entry, with what is wrong with it. Raises InvalidInput where its texts cannot be kept."""
        limits = self.limits
        entry = Entry(
            incoming.number,
            check_text("entry.source", incoming.source, MAX_SOURCE_CHARS),
            image_name=check_text("entry.image_name", incoming.image_name, limits.max_name_chars),
        )
        try:
            product = self._product(incoming.product)
        except InvalidInput as error:
            return replace(entry, error=error.within("product"))
        entry = replace(entry, product=product)
        try:
            return self._with_photo(entry, incoming)
        except InvalidInput as error:
            return replace(entry, error=error)

    def _product(self, draft: ProductDraft | None) -> ProductDraft | None:
        if draft is None:
            return None
        if not draft.external_id.strip():
            raise InvalidInput("external_id", "must not be empty: an import finds products by it")
        return check_draft(draft, self.limits, named=False)

    def _with_photo(self, entry: Entry, incoming: IncomingEntry) -> Entry:
        problem = check_text("problem", incoming.problem[:_MAX_PROBLEM_CHARS], _MAX_PROBLEM_CHARS)
        if problem:
            return replace(entry, error=FailedPrecondition(problem, reason="ENTRY_UNREADABLE"))
        if incoming.url:
            return replace(entry, url=check_url("url", incoming.url, self.limits.max_url_chars))
        if incoming.content is not None:
            id, limits = self.ids.next(), self.decode_limits
            return replace(entry, image=read_photo(id, incoming.content, limits, entry.image_name))
        if entry.product is None:
            raise InvalidInput("entry", "must have a product, a photo or both")
        return entry
