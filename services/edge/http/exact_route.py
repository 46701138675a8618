"""A route that no other route takes requests from."""

from __future__ import annotations

from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from services.edge.http.call_requests import VerbNotAllowed
from services.edge.http.error_responses import refusal


class ExactRoute(Route):
    """Refuses other verbs as calls do; Starlette gives such requests to later routes that match."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, matched = super().matches(scope)
        return (Match.FULL if match is Match.PARTIAL else match), matched

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.methods is None or scope["method"] in self.methods:
            await super().handle(scope, receive, send)
            return
        verbs = sorted(self.methods)
        response = refusal(scope, VerbNotAllowed(scope["method"], verbs), {"allow": ", ".join(verbs)})
        await response(scope, receive, send)
