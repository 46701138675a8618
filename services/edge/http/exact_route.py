"""A route that no other route takes requests from."""

from __future__ import annotations

from starlette.routing import Match, Route
from starlette.types import Scope


class ExactRoute(Route):
    """Refuses other methods with 405; Starlette gives such requests to later routes that match."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, matched = super().matches(scope)
        return (Match.FULL if match is Match.PARTIAL else match), matched
