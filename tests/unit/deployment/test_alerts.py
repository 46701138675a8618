"""Alerts are tested, explained, and ask for metrics that there are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from services.drift.exposition import HELP
from services.host.metrics.definitions import METRICS

ROOT = Path(__file__).parents[3]
RULES = ROOT / "docker/prometheus/rules.yml"
METRIC = re.compile(r"\barmoire_\w+")


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def alerts() -> list[dict[str, Any]]:
    return [rule for rule in rules() if "alert" in rule]


def test_every_alert_has_a_test_in_which_it_fires() -> None:
    tests = yaml.safe_load(RULES.with_name("rules.test.yml").read_text())["tests"]
    fired = {each["alertname"] for test in tests for each in test["alert_rule_test"] if each["exp_alerts"]}
    assert fired == {alert["alert"] for alert in alerts()}


def test_every_alert_has_a_section_of_the_runbook_and_no_section_is_left_over() -> None:
    sections = re.findall(r"^### (\w+)$", (ROOT / "docs/runbook.md").read_text(), re.MULTILINE)
    assert sorted(sections) == sorted(alert["alert"] for alert in alerts())
    for alert in alerts():
        assert alert["annotations"]["runbook_url"] == f"docs/runbook.md#{alert['alert'].lower()}"
        assert alert["labels"]["severity"] in {"page", "ticket"}


def test_rules_ask_for_metrics_that_the_server_or_a_drift_report_has() -> None:
    shown = {metric.name for metric in METRICS} | set(HELP)
    shown |= {
        f"{metric.name}_{part}"
        for metric in METRICS
        if metric.kind == "histogram"
        for part in ("bucket", "count", "sum")
    }
    asked = {name for rule in rules() for name in METRIC.findall(rule["expr"])}
    assert asked <= shown
