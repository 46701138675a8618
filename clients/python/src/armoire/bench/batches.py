"""The sizes of the batches a server ran, read from its metrics page."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Mapping
from typing import TypeAlias

BatchRows: TypeAlias = Mapping[str, Mapping[str, int]]
"""Number of batches by model, then by the largest number of rows ("+Inf" for no bound), smallest first."""

_TIMEOUT_S = 30.0
_BUCKET = re.compile(r"^armoire_batch_rows_bucket\{(?P<labels>[^}]*)\} (?P<count>\S+)", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="([^"]*)"')


class NoMetrics(Exception):
    """The page does not open, or does not tell of batches."""


def read_batch_rows(url: str) -> BatchRows:
    """What the page at `url`, such as http://127.0.0.1:3000/metrics, has counted since its server started.

    Raises:
        NoMetrics: it cannot be read, or is no Prometheus page.
    """
    try:
        with _direct().open(url, timeout=_TIMEOUT_S) as reply:
            text = reply.read().decode(errors="replace")
    except (OSError, ValueError) as error:
        raise NoMetrics(f"cannot read {url}: {error}") from error
    if "# TYPE " not in text:
        raise NoMetrics(f"{url} is no Prometheus page; the server's is http://HOST:PORT/metrics")
    return parse_batch_rows(text)


def parse_batch_rows(text: str) -> BatchRows:
    """The buckets of the page, each less the smaller ones that it includes."""
    cumulative: dict[str, dict[str, int]] = {}
    for bucket in _BUCKET.finditer(text):
        labels = dict(_LABEL.findall(bucket["labels"]))
        bounds = cumulative.setdefault(labels["model"], {})
        bound = _bound(labels["le"])
        bounds[bound] = bounds.get(bound, 0) + int(float(bucket["count"]))  # of all versions
    return {model: _apart(bounds) for model, bounds in cumulative.items()}


def added(before: BatchRows, after: BatchRows) -> BatchRows:
    """What `after` counts beyond `before`."""
    return {
        model: {bound: count - before.get(model, {}).get(bound, 0) for bound, count in bounds.items()}
        for model, bounds in after.items()
    }


def _direct() -> urllib.request.OpenerDirector:
    """Past any proxy that is set for the web."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))


def _bound(text: str) -> str:
    return text.removesuffix(".0")


def _apart(cumulative: Mapping[str, int]) -> dict[str, int]:
    ordered = sorted(cumulative, key=float)
    smaller = [0, *(cumulative[bound] for bound in ordered)]
    return {bound: cumulative[bound] - below for bound, below in zip(ordered, smaller, strict=False)}
