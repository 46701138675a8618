"""The table of metrics, in the code and in the documentation."""

from __future__ import annotations

from pathlib import Path

from services.host.metrics.definitions import METRICS, metrics_table

DOCS = Path(__file__).parents[5] / "docs"


def test_the_documented_table_is_that_of_the_code() -> None:
    assert (DOCS / "metrics.table.md").read_text() == metrics_table()


def test_every_metric_has_a_name_and_a_meaning_of_its_own() -> None:
    assert (
        len({metric.name for metric in METRICS}) == len({metric.help for metric in METRICS}) == len(METRICS)
    )


def test_names_tell_the_kind() -> None:
    assert {metric for metric in METRICS if metric.name.endswith("_total")} == {
        metric for metric in METRICS if metric.kind == "counter"
    }
    assert all(bool(metric.buckets) is (metric.kind == "histogram") for metric in METRICS)
