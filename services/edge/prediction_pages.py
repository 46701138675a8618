"""Pages of the prediction log for administrators."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from google.protobuf.timestamp_pb2 import Timestamp

from armoire.v1 import admin_pb2
from domain.errors import InvalidInput
from services.catalog.ids import is_id
from services.edge.calls import current_principal
from services.edge.conversion.predictions import prediction_to_proto
from services.predictions.window import Window

if TYPE_CHECKING:
    from services.predictions.store import PredictionStore

DEFAULT_PAGE, MAX_PAGE = 50, 1000
ROWS = 50
"""Entries that are read from the database at a time."""


class PredictionPages:
    """Answers ListPredictions. `opened` opens the log if need be; a page has at most about `max_bytes`."""

    def __init__(self, opened: Callable[[], Awaitable[PredictionStore]], max_bytes: int = 32 * 2**20) -> None:
        self._opened = opened
        self._max_bytes = max_bytes

    async def answer(self, request: admin_pb2.ListPredictionsRequest) -> admin_pb2.ListPredictionsResponse:
        """A page, the oldest first.

        Raises:
            InvalidInput: the page's size or token, or a time, is wrong.
            PermissionDenied: the caller does not administer the tenant.
            Unavailable: the log cannot be read.
        """
        store = await self._opened()
        window, size = _window(request), _page_size(request)
        page, room = admin_pb2.ListPredictionsResponse(), self._max_bytes
        while len(page.predictions) < size:
            wanted = min(ROWS, size - len(page.predictions))
            found = await store.page(window, wanted)
            for prediction in found:
                picture = await store.picture(prediction) if request.include_pictures else b""
                entry = prediction_to_proto(prediction, picture)
                room -= entry.ByteSize()
                if room < 0 and page.predictions:
                    page.next_page_token = page.predictions[-1].id
                    return page
                page.predictions.append(entry)
            if len(found) < wanted:
                return page
            window = window.beginning_after(found[-1].id)
        page.next_page_token = page.predictions[-1].id
        return page


def _window(request: admin_pb2.ListPredictionsRequest) -> Window:
    from services.access.tenants import administered  # imports SQLAlchemy, as `opened` did on a thread

    principal = current_principal()
    if request.page_token and not is_id(request.page_token):
        raise InvalidInput("page_token", "is none that this server has given")
    return Window(
        administered(principal, request.tenant or principal.tenant_id),
        _microseconds(request, "created_from") or 0,
        _microseconds(request, "created_before"),
        request.page_token,
    )


def _page_size(request: admin_pb2.ListPredictionsRequest) -> int:
    if not 0 <= request.page_size <= MAX_PAGE:
        raise InvalidInput(
            "page_size", f"must be from 1 to {MAX_PAGE}, or 0 for {DEFAULT_PAGE}, got {request.page_size}"
        )
    return request.page_size or DEFAULT_PAGE


def _microseconds(request: admin_pb2.ListPredictionsRequest, field: str) -> int | None:
    """A time of the request, in microseconds since 1970; None if it is unset."""
    if not request.HasField(field):
        return None
    time: Timestamp = getattr(request, field)
    if not -62_135_596_800 <= time.seconds <= 253_402_300_799 or not 0 <= time.nanos < 1_000_000_000:
        raise InvalidInput(field, "must be a time between the years 1 and 9999")
    return time.ToMicroseconds()
