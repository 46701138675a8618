# Generated from methods/async_imports.py by "make client". Change that file.
"""The calls that bring products in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from armoire.caller import Caller
from armoire.calls import exports, imports
from armoire.deadlines import BULK_TIMEOUT_S
from armoire.imports import ImportCheck, ImportRun
from armoire.values.exports import ReviewedItem, ReviewImport
from armoire.values.imports import ImportEntry, ImportFailure, ProductOnPage, StartedImport
from armoire.values.operations import Operation
from armoire.values.types import Page


class ImportMethods:
    """The calls that bring products in."""

    _caller: Caller

    def start_import(
        self,
        source: str = "",
        *,
        photos_per_second: float = 0.0,
        again: bool = False,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> StartedImport:
        """Begins an import of products and photos, or finds the one that was begun with the same key.

        Send its entries with `send_entries`, from `next_number` on, and then call `finish_import`. The
        operation goes on by itself: `watch_operation` tells how far it is.

        Args:
            source: what is imported, for people, such as the name of a file.
            photos_per_second: index at most so many; 0 for as many as the server can.
            again: index photos also that were indexed before and deleted since.
            idempotency_key: choose one to find the import again after an interruption.
        """
        call = imports.start_import(source, photos_per_second, again, idempotency_key)
        return self._caller.run(call, timeout_s)

    def send_entries(
        self, operation_id: str, entries: Iterable[ImportEntry], *, timeout_s: float = BULK_TIMEOUT_S
    ) -> Iterator[int]:
        """Sends entries of an import, in their order: the number of each, once it cannot be lost any more.

        Where the server goes away, the run waits for it. Files are read when they are sent; what is wrong
        with an entry is reported by `iter_import_failures`.

        Args:
            timeout_s: how long the run goes on without an answer.
        """
        run = ImportRun(self._caller.transport, operation_id, entries, timeout_s, self._caller.metadata)
        return run.numbers()

    def check_entries(
        self, entries: Iterable[ImportEntry], *, again: bool = False, timeout_s: float = BULK_TIMEOUT_S
    ) -> Iterator[ImportFailure]:
        """What an import of these entries would refuse, in their order; nothing is kept.

        The server makes the checks of an import. What is at a URL, and whether the quota is large enough,
        only an import finds out.

        Args:
            again: as of `start_import`.
            timeout_s: how long the run goes on without an answer.
        """
        run = ImportCheck(self._caller.transport, entries, again, timeout_s, self._caller.metadata)
        return run.failures()

    def finish_import(self, operation_id: str, *, timeout_s: float | None = None) -> Operation:
        """Says that all entries were sent; the import is done when it has worked on all of them."""
        return self._caller.run(imports.finish_import(operation_id), timeout_s)

    def list_import_failures(
        self,
        operation_id: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        timeout_s: float | None = None,
    ) -> Page[ImportFailure]:
        """A page of the entries that failed so far, in their order."""
        return self._caller.run(imports.list_import_failures(operation_id, page_size, page_token), timeout_s)

    def iter_import_failures(
        self, operation_id: str, *, page_size: int = 0, timeout_s: float | None = None
    ) -> Iterator[ImportFailure]:
        """All entries that failed so far, in their order; `timeout_s` is for each page."""
        return self._caller.each(
            lambda token: imports.list_import_failures(operation_id, page_size, token), timeout_s
        )

    def read_product_page(
        self,
        url: str = "",
        *,
        content: bytes | None = None,
        base_url: str = "",
        timeout_s: float | None = None,
    ) -> tuple[ProductOnPage, ...]:
        """The products that a shop's page describes by schema.org or Open Graph; nothing is stored.

        Args:
            url: where the server fetches the page, of a host that its operator allows.
            content: the page itself instead, HTML.
            base_url: where that was found, which relative URLs start from.
        """
        return self._caller.run(imports.read_product_page(url, content, base_url), timeout_s)

    def import_review(
        self, image_id: str, items: Sequence[ReviewedItem], *, timeout_s: float | None = None
    ) -> ReviewImport:
        """Lays what people said at another server over the items of a photo.

        `items` are all that the photo had there. Sent again, it changes nothing.
        """
        return self._caller.run(exports.import_review(image_id, items), timeout_s)
