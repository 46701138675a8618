"""The page /metrics in front of an application, and the values of several processes on it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from services.host.metrics.page import MetricsPage

WRITER = """
from services.host.metrics import definitions as defined
from services.host.metrics.prometheus import PrometheusMetrics
metrics = PrometheusMetrics()
metrics.set(defined.PENDING_ROWS, 5, "image", "v1")
metrics.observe_call("/a", "OK", "", 0.5)
"""
READER = """
from services.host.metrics.page import rendered
print(rendered().decode())
"""


async def test_values_are_refreshed_before_the_page_and_other_paths_pass() -> None:
    refreshed: list[str] = []

    async def refresh() -> None:
        refreshed.append("now")

    async def other(_: Request) -> PlainTextResponse:
        return PlainTextResponse("another page")

    app = MetricsPage(Starlette(routes=[Route("/{path:path}", other)]), refresh)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        assert (await client.get("/metrics2")).text == "another page"
        assert refreshed == []
        page = await client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain; version=")
    assert refreshed == ["now"]


def test_counters_outlive_their_process_and_gauges_do_not(tmp_path: Path) -> None:
    environment = {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": ":".join(filter(None, sys.path))}

    def run(program: str) -> str:
        command = [sys.executable, "-c", program]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    run(WRITER)
    run(WRITER)
    page = run(READER)
    assert 'armoire_call_seconds_count{method="/a",status="OK"} 2.0' in page
    assert "# HELP armoire_call_seconds Time of a call." in page
    assert 'armoire_inference_pending_rows{model="image"' not in page
    samples = [line for line in page.splitlines() if line.startswith("armoire_call_seconds_")]
    assert {line.partition("{")[0].rpartition("_")[2] for line in samples[-2:]} == {"count", "sum"}
