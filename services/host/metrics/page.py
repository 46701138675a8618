"""The page /metrics, which replaces BentoML's: it reads what is not counted just before it answers."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Metric, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

_OF_PROCESS = re.compile(r"gauge_live\w*_(\d+)\.db")


@dataclass(frozen=True, slots=True)
class MetricsPage:
    """Answers /metrics after `refresh`, and passes all other requests to `app`."""

    app: ASGIApp
    refresh: Callable[[], Awaitable[None]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/metrics" or scope["method"] not in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        await self.refresh()
        content = await asyncio.to_thread(rendered)
        await Response(content, media_type=None, headers={"content-type": CONTENT_TYPE_LATEST})(
            scope, receive, send
        )


def rendered() -> bytes:
    """The metrics of all processes that share a folder with this one, or of this one."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    return rendered_from(REGISTRY if folder is None else _of_folder(Path(folder)))


def rendered_from(registry: CollectorRegistry) -> bytes:
    return generate_latest(_Collected(map(_ordered, registry.collect())))


def _of_folder(folder: Path) -> CollectorRegistry:
    """What the processes have written; the gauges of those that have ended are removed."""
    for path in folder.glob("gauge_live*.db"):
        match = _OF_PROCESS.fullmatch(path.name)
        if match and not psutil.pid_exists(pid := int(match[1])):
            mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))  # type: ignore[no-untyped-call]
    return registry


def _ordered(metric: Metric) -> Metric:
    """A metric whose buckets come before their sum, which the files do not keep in this order."""
    if metric.type == "histogram":
        metric.samples.sort(key=lambda sample: (_series(sample.labels), not sample.name.endswith("_bucket")))
    return metric


def _series(labels: dict[str, str]) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in labels.items() if name != "le")


@dataclass(frozen=True, slots=True)
class _Collected:
    """What `generate_latest` asks of a registry."""

    metrics: Iterable[Metric]

    def collect(self) -> Iterator[Metric]:
        yield from self.metrics
