"""A drift report in a few lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from services.drift.agreement import AgreementChange
from services.drift.comparison import Comparison, Finding
from services.drift.report import DriftReport, share_changes


def summary(report: DriftReport) -> str:
    """The lines that a command prints."""
    return "\n".join([*_lines(report), ""])


def _lines(report: DriftReport) -> Iterator[str]:
    yield "DRIFT" if report.alarm else "no drift that matters"
    for comparison in report.outcome.comparisons:
        yield from _of_comparison(comparison)
    for few in report.outcome.not_compared:
        yield (
            f"{few.source}: not compared, {few.reference_units} calls in the reference window and "
            f"{few.current_units} in the current one are too few"
        )
    yield from map(_agreement, report.agreements or ())


def _of_comparison(comparison: Comparison) -> Iterator[str]:
    yield f"{comparison.source}: {comparison.reference.units} calls before, {comparison.current.units} now"
    yield from map(_finding, comparison.findings)
    changes = share_changes(comparison.reference.labels, comparison.current.labels)
    if comparison.alarm and changes:
        most = max(changes, key=lambda each: abs(each.change))
        yield f"  most of labels: {most.value} {most.reference:.1%} before, {most.current:.1%} now"


def _finding(finding: Finding) -> str:
    said = "ALARM" if finding.alarm else "small" if finding.significant else "as before"
    return f"  {finding.feature:<20} effect {finding.effect:.3f}, p {finding.adjusted_p_value:.3f}  {said}"


def _agreement(each: AgreementChange) -> str:
    shares = [
        "none" if agreed.share is None else f"{agreed.share:.3f} of {agreed.reviewed}"
        for agreed in (each.reference, each.current)
    ]
    worse = "  WORSE" if each.worse else ""
    what = f"people agree on {each.attribute} with {each.model_version}"
    return f"{what}: {shares[0]} before, {shares[1]} now{worse}"
