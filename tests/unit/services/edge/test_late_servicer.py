from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from armoire.v1 import catalog_pb2
from domain.errors import Unavailable
from services.edge.late_servicer import LateServicer

CATALOG = catalog_pb2.DESCRIPTOR.services_by_name["CatalogService"]


class Servicer:
    async def GetIndexingJob(self, request: str, context: Any) -> str:
        return f"job of {request}"

    async def WatchIndexingJob(self, request: str, context: Any) -> AsyncIterator[str]:
        for state in ("queued", "complete"):
            yield f"{request} {state}"


async def test_callers_are_told_to_come_back_until_it_is_there() -> None:
    late = LateServicer(CATALOG)
    answer, stream = late.GetIndexingJob, late.WatchIndexingJob
    with pytest.raises(Unavailable, match=r"armoire\.v1\.CatalogService is still starting") as caught:
        await answer("a", None)
    assert caught.value.reason == "OPENING"
    with pytest.raises(Unavailable):
        await anext(stream("a", None))
    late.servicer = Servicer()
    assert await answer("a", None) == "job of a"
    assert [state async for state in stream("a", None)] == ["a queued", "a complete"]


def test_it_has_the_methods_of_its_service_only() -> None:
    late = LateServicer(CATALOG)
    assert all(callable(getattr(late, method.name)) for method in CATALOG.methods)
    with pytest.raises(AttributeError):
        _ = late.Detect
