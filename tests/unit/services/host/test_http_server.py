from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import bentoml
import pytest
from bentoml._internal.server.http.traffic import TimeoutMiddleware
from starlette.testclient import TestClient

from services.host.http_server import _remove_time_limit, _wrapped


class Limited:
    """A service with the middlewares that BentoML gives to each."""


@pytest.fixture
def app() -> Iterator[Any]:
    """BentoML's app, started as uvicorn starts it: its middlewares are chained by then."""
    with warnings.catch_warnings(action="ignore"):  # of a library that BentoML uses in an old way
        made = bentoml.service(name="limited", metrics={"enabled": False})(Limited).to_asgi()
    with TestClient(made):
        yield made


def layers(app: Any) -> list[str]:
    found = []
    while (app := _wrapped(app)) is not None:
        found.append(type(app).__name__)
    return found


def test_the_time_limit_is_removed_and_nothing_else(app: Any) -> None:
    before, limit = layers(app), TimeoutMiddleware.__name__
    assert limit in before
    _remove_time_limit(app)
    assert layers(app) == [name for name in before if name != limit]
    assert TestClient(app).get("/livez").status_code == 200
