"""Writes the dashboards: `python docker/grafana/dashboards.py` makes dashboards/*.json (`make dashboards`).

Given `rules`, it prints their queries as recording rules instead, which promtool can check.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "dashboards"
DATASOURCE = {"type": "prometheus", "uid": "prometheus"}
WIDTH, HEIGHT, PER_ROW = 8, 8, 3
GPU_MEMORY = "armoire_gpu_memory"
OF_INSTANCE = '{instance=~"$instance"}'


@dataclass(frozen=True, slots=True)
class Panel:
    """A graph over time: queries with their legends; `unit` is one of Grafana's."""

    title: str
    unit: str
    queries: tuple[tuple[str, str], ...]
    stacked: bool = False


def rate(metric: str, by: str, labels: str = "") -> str:
    return f"sum by ({by}) (rate({metric}{{{labels}}}[$__rate_interval]))"


def quantile(share: float, metric: str, by: str) -> str:
    return f"histogram_quantile({share}, {rate(f'{metric}_bucket', f'{by}, le' if by else 'le')})"


def ratio(over: str, under: str, by: str) -> str:
    return f"{rate(over, by)} / ({rate(under, by)} > 0)"


DASHBOARDS: dict[str, tuple[str, tuple[Panel, ...]]] = {
    "serving": (
        "Armoire: serving",
        (
            Panel("Calls a second", "reqps", ((rate("armoire_call_seconds_count", "method"), "{{method}}"),)),
            Panel("Statuses", "reqps", ((rate("armoire_call_seconds_count", "status"), "{{status}}"),), True),
            Panel(
                "Failures by the server's fault",
                "percentunit",
                (
                    ("armoire:call_failures:ratio_rate5m", "5 minutes"),
                    ("armoire:call_failures:ratio_rate1h", "1 hour"),
                ),
            ),
            Panel("p50", "s", ((quantile(0.5, "armoire_call_seconds", "method"), "{{method}}"),)),
            Panel("p99", "s", ((quantile(0.99, "armoire_call_seconds", "method"), "{{method}}"),)),
            Panel(
                "Failures by reason",
                "reqps",
                ((rate("armoire_call_failures_total", "reason"), "{{reason}}"),),
            ),
            Panel(
                "Decoding",
                "s",
                (
                    (quantile(0.5, "armoire_decode_seconds", ""), "p50"),
                    (quantile(0.99, "armoire_decode_seconds", ""), "p99"),
                ),
            ),
            Panel(
                "Megapixels a second",
                "short",
                (("sum(rate(armoire_decoded_pixels_total[$__rate_interval])) / 1e6", ""),),
            ),
            Panel(
                "CPU",
                "short",
                (
                    (
                        "sum by (instance) (rate(armoire_process_cpu_seconds_total[$__rate_interval]))",
                        "{{instance}}",
                    ),
                ),
            ),
            Panel(
                "Memory",
                "bytes",
                ((f"armoire_process_resident_memory_bytes{OF_INSTANCE}", "{{instance}} {{pid}}"),),
            ),
            Panel(
                "Open files", "short", ((f"armoire_process_open_fds{OF_INSTANCE}", "{{instance}} {{pid}}"),)
            ),
            Panel("Threads", "short", ((f"armoire_process_threads{OF_INSTANCE}", "{{instance}} {{pid}}"),)),
        ),
    ),
    "batching": (
        "Armoire: batching",
        (
            Panel(
                "Requests a second",
                "reqps",
                ((rate("armoire_inference_request_success_total", "model"), "{{model}}"),),
            ),
            Panel("Rows a second", "short", ((rate("armoire_inference_count_total", "model"), "{{model}}"),)),
            Panel("Rows in a batch", "short", (("armoire:batch_rows:mean5m", "{{model}}"),)),
            Panel("Mean wait for a batch", "s", (("armoire:queue_seconds:mean5m", "{{model}}"),)),
            Panel(
                "Rows that wait", "short", (("sum by (model) (armoire_inference_pending_rows)", "{{model}}"),)
            ),
            Panel(
                "Time of a batch, p99",
                "s",
                ((quantile(0.99, "armoire_batch_seconds", "model"), "{{model}}"),),
            ),
            Panel(
                "Mean time of a request by part",
                "s",
                tuple(
                    (
                        ratio(
                            f"armoire_inference_{part}_duration_seconds_total",
                            "armoire_inference_request_success_total",
                            "model",
                        ),
                        f"{{{{model}}}} {part}",
                    )
                    for part in ("queue", "compute_input", "compute_infer", "compute_output")
                ),
            ),
            Panel(
                "Rows in a batch, p95",
                "short",
                ((quantile(0.95, "armoire_batch_rows", "model"), "{{model}}"),),
            ),
            Panel(
                "Mean time of a request",
                "s",
                (
                    (
                        ratio(
                            "armoire_inference_request_duration_seconds_total",
                            "armoire_inference_request_success_total",
                            "model",
                        ),
                        "{{model}}",
                    ),
                ),
            ),
            Panel(
                "Photos of a shadow",
                "short",
                ((rate("armoire_shadow_photos_total", "outcome"), "{{outcome}}"),),
            ),
            Panel(
                "Versions in use",
                "reqps",
                (
                    (
                        rate("armoire_inference_request_success_total", "model, version"),
                        "{{model}} {{version}}",
                    ),
                ),
            ),
            Panel(
                "Failures",
                "reqps",
                ((rate("armoire_inference_request_failure_total", "model, reason"), "{{model}} {{reason}}"),),
            ),
        ),
    ),
    "catalogue": (
        "Armoire: catalogue",
        (
            Panel(
                "Searches a second",
                "reqps",
                ((rate("armoire_call_seconds_count", "method", 'method=~".*Search"'), "{{method}}"),),
            ),
            Panel(
                "Parts of a search, p50",
                "s",
                ((quantile(0.5, "armoire_search_seconds", "part"), "{{part}}"),),
            ),
            Panel(
                "Parts of a search, p99",
                "s",
                ((quantile(0.99, "armoire_search_seconds", "part"), "{{part}}"),),
            ),
            Panel("Items that search does not see yet", "short", (("max(armoire_outbox_rows)", "rows"),)),
            Panel("Age of the oldest of them", "s", (("max(armoire_outbox_oldest_age_seconds)", "age"),)),
            Panel(
                "Differences between the stores",
                "short",
                (("max by (problem) (armoire_catalog_differences)", "{{problem}}"),),
            ),
            Panel(
                "Blob store, p99",
                "s",
                ((quantile(0.99, "armoire_blob_operation_seconds", "operation"), "{{operation}}"),),
            ),
            Panel(
                "Blob store, failures",
                "reqps",
                ((rate("armoire_blob_failures_total", "operation, reason"), "{{operation}} {{reason}}"),),
            ),
            Panel(
                "Removed after their retention",
                "short",
                (("sum by (kind) (increase(armoire_purged_total[1h]))", "{{kind}}"),),
            ),
        ),
    ),
    "jobs": (
        "Armoire: jobs",
        (
            Panel("Jobs that have not succeeded", "short", (("max by (state) (armoire_jobs)", "{{state}}"),)),
            Panel("Oldest job", "s", (("max by (state) (armoire_jobs_oldest_age_seconds)", "{{state}}"),)),
            Panel("Dead letters", "short", (("max by (reason) (armoire_dead_letters)", "{{reason}}"),)),
            Panel(
                "Photos taken a second",
                "reqps",
                ((rate("armoire_call_seconds_count", "method", 'method=~".*IndexImages?"'), "{{method}}"),),
            ),
            Panel("Webhooks", "short", (("max by (state) (armoire_webhook_deliveries)", "{{state}}"),)),
            Panel(
                "Prediction log",
                "reqps",
                (
                    ("sum(rate(armoire_predictions_logged_total[$__rate_interval]))", "written"),
                    ("sum(rate(armoire_predictions_dropped_total[$__rate_interval]))", "dropped"),
                ),
            ),
        ),
    ),
    "tenants": (
        "Armoire: tenants",
        (
            Panel("Items", "short", (("max by (tenant) (armoire_tenant_items)", "{{tenant}}"),), True),
            Panel(
                "Bytes of photos",
                "bytes",
                (("max by (tenant) (armoire_tenant_photo_bytes)", "{{tenant}}"),),
                True,
            ),
            Panel(
                "Calls over a limit",
                "reqps",
                (
                    (
                        rate(
                            "armoire_call_failures_total",
                            "reason",
                            'reason=~"RATE_LIMITED|PIXEL_RATE_LIMITED|QUOTA_EXCEEDED"',
                        ),
                        "{{reason}}",
                    ),
                ),
            ),
        ),
    ),
    "gpu": (
        "Armoire: GPUs",
        (
            Panel(
                "Busy",
                "percentunit",
                ((f"armoire_gpu_utilization_ratio{OF_INSTANCE}", "{{instance}} {{gpu}}"),),
            ),
            Panel(
                "Memory in use",
                "percentunit",
                (
                    (
                        f"{GPU_MEMORY}_used_bytes{OF_INSTANCE} / {GPU_MEMORY}_total_bytes{OF_INSTANCE}",
                        "{{instance}} {{gpu}}",
                    ),
                ),
            ),
            Panel("Power", "watt", ((f"armoire_gpu_power_watts{OF_INSTANCE}", "{{instance}} {{gpu}}"),)),
            Panel("Rows in a batch", "short", (("armoire:batch_rows:mean5m", "{{model}}"),)),
            Panel("Rows a second", "short", ((rate("armoire_inference_count_total", "model"), "{{model}}"),)),
            Panel("Mean wait for a batch", "s", (("armoire:queue_seconds:mean5m", "{{model}}"),)),
        ),
    ),
}


def dashboard(name: str) -> dict[str, Any]:
    title, panels = DASHBOARDS[name]
    return {
        "uid": f"armoire-{name}",
        "title": title,
        "tags": ["armoire"],
        "schemaVersion": 39,
        "editable": False,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "timezone": "browser",
        "links": [{"type": "dashboards", "title": "Armoire", "tags": ["armoire"], "asDropdown": True}],
        "templating": {"list": [INSTANCE]},
        "panels": [_panel(number, panel) for number, panel in enumerate(panels)],
    }


INSTANCE: dict[str, Any] = {
    "name": "instance",
    "type": "query",
    "datasource": DATASOURCE,
    "query": {"query": 'label_values(up{job="armoire"}, instance)', "refId": "instance"},
    "refresh": 2,
    "multi": True,
    "includeAll": True,
    "allValue": ".*",
    "current": {"text": "All", "value": "$__all"},
}


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    custom = {"fillOpacity": 10, "stacking": {"mode": "normal" if panel.stacked else "none"}}
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": panel.title,
        "datasource": DATASOURCE,
        "gridPos": {"x": number % PER_ROW * WIDTH, "y": number // PER_ROW * HEIGHT, "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0, "custom": custom}, "overrides": []},
        "options": {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}},
        "targets": [
            {"refId": chr(ord("A") + place), "datasource": DATASOURCE, "expr": expr, "legendFormat": legend}
            for place, (expr, legend) in enumerate(panel.queries)
        ],
    }


def queries() -> list[str]:
    """All queries, with a window in the place of Grafana's variable."""
    found = [expr for _, panels in DASHBOARDS.values() for panel in panels for expr, _ in panel.queries]
    return [expr.replace("$__rate_interval", "5m") for expr in found]


def main(arguments: list[str]) -> None:
    if arguments == ["rules"]:
        rules = [{"record": f"query{number}", "expr": expr} for number, expr in enumerate(queries())]
        sys.stdout.write(json.dumps({"groups": [{"name": "queries", "rules": rules}]}))  # JSON is YAML
        return
    for name in DASHBOARDS:
        (FOLDER / f"{name}.json").write_text(json.dumps(dashboard(name), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
