"""Pages of the prediction log."""

from __future__ import annotations

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from armoire.v1 import admin_pb2
from domain.calls import CURRENT_CALL, Call
from domain.errors import InvalidInput, PermissionDenied
from domain.types import Principal
from services.catalog.ids import IdSource
from services.edge.prediction_pages import PredictionPages
from services.predictions.prediction import Prediction
from services.predictions.store import PredictionStore
from services.predictions.window import Window

IDS = IdSource()
PICTURE = b"x" * 1000


class Shelf(PredictionStore):
    """Entries in memory."""

    def __init__(self, entries: list[Prediction]) -> None:
        self.entries = entries

    async def page(self, window: Window, size: int) -> list[Prediction]:
        found = [each for each in self.entries if each.tenant_id == window.tenant_id]
        return [each for each in found if each.id > window.after][:size]

    async def picture(self, prediction: Prediction) -> bytes:
        return PICTURE


def pages(count: int, max_bytes: int = 2**20) -> PredictionPages:
    CURRENT_CALL.set(Call("call-1", Principal("shop")))
    shelf = Shelf([Prediction("shop", IDS.next(), 1, "Analyze", "", "", 0) for _ in range(count)])

    async def opened() -> PredictionStore:
        return shelf

    return PredictionPages(opened, max_bytes)


async def read_all(pages: PredictionPages, **fields: object) -> list[int]:
    """The number of entries of each page."""
    sizes, token = [], ""
    while True:
        request = admin_pb2.ListPredictionsRequest(page_token=token, **fields)  # type: ignore[arg-type]
        page = await pages.answer(request)
        sizes.append(len(page.predictions))
        if not (token := page.next_page_token):
            return sizes


@pytest.mark.parametrize(
    ("count", "size", "sizes"), [(0, 0, [0]), (3, 2, [2, 1]), (120, 0, [50, 50, 20]), (130, 1000, [130])]
)
async def test_pages_have_the_size_that_is_asked_for(count: int, size: int, sizes: list[int]) -> None:
    assert await read_all(pages(count), page_size=size) == sizes


async def test_pages_of_photos_are_shorter_than_a_message() -> None:
    assert await read_all(pages(5, max_bytes=2500), include_pictures=True) == [2, 2, 1]
    assert await read_all(pages(2, max_bytes=1), include_pictures=True) == [1, 1]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"page_size": 1001}, "page_size"),
        ({"page_size": -1}, "page_size"),
        ({"page_token": "x"}, "page_token"),
        ({"created_from": Timestamp(seconds=2**40)}, "created_from"),
        ({"created_before": Timestamp(nanos=-1)}, "created_before"),
        ({"tenant": "A B"}, "tenant"),
    ],
)
async def test_what_is_wrong_is_named(fields: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await pages(1).answer(admin_pb2.ListPredictionsRequest(**fields))  # type: ignore[arg-type]
    assert refused.value.violations[0].field == field


async def test_another_tenant_is_for_those_who_run_the_server() -> None:
    with pytest.raises(PermissionDenied):
        await pages(1).answer(admin_pb2.ListPredictionsRequest(tenant="other"))
