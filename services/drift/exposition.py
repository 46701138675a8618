"""A drift report as metrics in Prometheus' text format, for the textfile collector of node_exporter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from services.drift.comparison import Comparison
from services.drift.report import DriftReport

HELP = {
    "armoire_drift_alarm": "1 where the last drift report alarms, by tenant.",
    "armoire_drift_effect": "How far the windows of the last drift report differ, 0 to 1.",
    "armoire_drift_adjusted_p_value": "How probable chance makes the difference, for all tests.",
    "armoire_drift_units": "Calls that were compared, by window.",
    "armoire_drift_report_time_seconds": "When the last drift report was made, in seconds since 1970.",
    "armoire_review_agreement_ratio": "How often people agree with a model in the current window.",
}


def exposition(report: DriftReport) -> str:
    """The gauges, each with its help."""
    samples: dict[str, list[str]] = {}
    for name, labels, value in _gauges(report):
        samples.setdefault(name, []).append(f"{name}{_labels(labels)} {value!r}")
    lines = [
        line
        for name, rows in samples.items()
        for line in (f"# HELP {name} {HELP[name]}", f"# TYPE {name} gauge", *rows)
    ]
    return "\n".join(lines) + "\n"


def _gauges(report: DriftReport) -> Iterator[tuple[str, Mapping[str, str], float]]:
    tenant = {"tenant": report.tenant}
    yield "armoire_drift_alarm", tenant, float(report.alarm)
    yield "armoire_drift_report_time_seconds", tenant, report.create_time.timestamp()
    for comparison in report.outcome.comparisons:
        yield from _of_comparison(comparison, tenant)
    for each in report.agreements or ():
        labels = {**tenant, "attribute": each.attribute, "model_version": each.model_version}
        if each.current.share is not None:
            yield "armoire_review_agreement_ratio", labels, each.current.share


def _of_comparison(
    comparison: Comparison, tenant: Mapping[str, str]
) -> Iterator[tuple[str, Mapping[str, str], float]]:
    source = comparison.source
    labels = {**tenant, "method": source.method, "detector": source.detector, "embedder": source.embedder}
    for window, sample in {"reference": comparison.reference, "current": comparison.current}.items():
        yield "armoire_drift_units", {**labels, "window": window}, float(sample.units)
    for finding in comparison.findings:
        of_feature = {**labels, "feature": finding.feature.value}
        yield "armoire_drift_effect", of_feature, finding.effect
        yield "armoire_drift_adjusted_p_value", of_feature, finding.adjusted_p_value


def _labels(labels: Mapping[str, str]) -> str:
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
