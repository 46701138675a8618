"""A service that is still starting when the port opens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

from google.protobuf.descriptor import ServiceDescriptor

from domain.errors import Unavailable


class LateServicer:
    """Has the methods of a service; until `servicer` is set, they raise Unavailable."""

    def __init__(self, service: ServiceDescriptor) -> None:
        self.servicer: Any = None
        self._service = service

    def __getattr__(self, method: str) -> Callable[[Any, Any], Any]:
        if method not in self._service.methods_by_name:
            raise AttributeError(method)
        streams = self._service.methods_by_name[method].server_streaming

        async def answer(request: Any, context: Any) -> Any:
            return await self._method(method)(request, context)

        async def stream(request: Any, context: Any) -> AsyncIterator[Any]:
            async with aclosing(self._method(method)(request, context)) as responses:
                async for response in responses:
                    yield response

        return stream if streams else answer

    def _method(self, name: str) -> Any:
        if self.servicer is None:
            raise Unavailable(f"{self._service.full_name} is still starting", reason="OPENING")
        return getattr(self.servicer, name)
