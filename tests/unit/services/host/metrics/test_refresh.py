"""What is read at a moment: queues of models that come and go, and a database that fails."""

from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry

from domain.errors import Unavailable
from services.host.metrics.prometheus import PrometheusMetrics
from services.host.metrics.refresh import Refresher


async def test_a_model_that_was_unloaded_has_no_pending_rows() -> None:
    registry, queues = CollectorRegistry(), [("image", "v1", 5)]
    refresher = Refresher(PrometheusMetrics(registry), lambda: queues)

    def pending(version: str) -> float | None:
        labels = {"model": "image", "version": version}
        return registry.get_sample_value("armoire_inference_pending_rows", labels)

    refresher.sample()
    assert (pending("v1"), pending("v2")) == (5, None)
    queues[:] = [("image", "v2", 7)]
    refresher.sample()
    assert (pending("v1"), pending("v2")) == (0, 7)


async def test_a_database_that_fails_leaves_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    registry = CollectorRegistry()

    async def backlog() -> None:
        raise Unavailable("the database is busy", reason="DATABASE_BUSY")

    refresher = Refresher(PrometheusMetrics(registry), tuple, backlog)
    await refresher.refresh()
    await refresher.refresh()
    assert (registry.get_sample_value("armoire_process_threads") or 0) > 0
    assert caplog.messages == [
        "metrics of the catalogue are old, because it cannot be read: the database is busy"
    ]
