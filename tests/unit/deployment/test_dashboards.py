"""The dashboards are those that the script writes, and ask for what there is."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import yaml

from services.host.metrics.definitions import METRICS

ROOT = Path(__file__).parents[3]
GRAFANA = ROOT / "docker/grafana"
SCRIPT = runpy.run_path(str(GRAFANA / "dashboards.py"))


def test_the_files_are_what_the_script_writes() -> None:
    written = {path.stem: json.loads(path.read_text()) for path in (GRAFANA / "dashboards").glob("*.json")}
    assert written == {name: SCRIPT["dashboard"](name) for name in SCRIPT["DASHBOARDS"]}


def test_queries_ask_for_metrics_and_rules_that_there_are() -> None:
    shown = {metric.name for metric in METRICS}
    shown |= {
        f"{each.name}_{part}" for each in METRICS if each.kind == "histogram" for part in ("bucket", "count")
    }
    rules = yaml.safe_load((ROOT / "docker/prometheus/rules.yml").read_text())["groups"]
    shown |= {rule["record"] for group in rules for rule in group["rules"] if "record" in rule}
    asked = {name for query in SCRIPT["queries"]() for name in re.findall(r"\barmoire[_:][\w:]+", query)}
    assert asked <= shown


def test_every_metric_is_on_a_dashboard_or_in_a_rule() -> None:
    text = (ROOT / "docker/prometheus/rules.yml").read_text() + "\n".join(SCRIPT["queries"]())
    assert [metric.name for metric in METRICS if metric.name not in text] == []
