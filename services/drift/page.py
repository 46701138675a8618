"""A drift report as one HTML page without scripts, styles or pictures from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from services.drift.agreement import Agreed, AgreementChange
from services.drift.charts import CURRENT, REFERENCE, histogram, scatter, share_bars
from services.drift.comparison import Comparison, Feature, Finding, NotCompared
from services.drift.report import DriftReport, share_changes
from services.drift.window import Window

STYLE = f"""
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 1000px; margin: 2em auto; padding: 0 1em }}
h1 {{ font-size: 1.5em }} h2 {{ font-size: 1.15em; margin-top: 2em }} h3 {{ font-size: 1em; margin: .4em 0 }}
table {{ border-collapse: collapse; font-variant-numeric: tabular-nums }}
th, td {{ text-align: left; padding: .25em .9em .25em 0; border-bottom: 1px solid #ddd }}
.alarm {{ color: #b3001b; font-weight: 600 }} .told {{ color: #8a5a00 }} .quiet {{ color: #4b5563 }}
.charts {{ display: flex; flex-wrap: wrap; gap: 2em; margin-top: 1em }} svg text {{ font-size: 12px }}
svg text.small {{ font-size: 11px; fill: #4b5563 }} .key b {{ padding: 0 .6em }}
.reference {{ background: {REFERENCE} }} .current {{ background: {CURRENT} }}
"""
TITLES = {
    Feature.LABELS: "Labels",
    Feature.COLORS: "Main colours",
    Feature.SCORES: "Scores of the detector",
    Feature.LABEL_SCORES: "Scores of the category",
    Feature.GARMENTS: "Garments per photo",
    Feature.EMBEDDINGS: "Embeddings",
}


def page(report: DriftReport) -> str:
    """The whole document."""
    said = "the windows differ" if report.alarm else "no drift that matters"
    body = [
        f"<h1>Drift report: {escape(said)}</h1>",
        f"<p>{escape(_of_tenant(report))}, made {report.create_time.isoformat(timespec='seconds')}. "
        f"Of reports without drift, at most {report.limits.level:.0%} alarm.</p>",
        f'<p class="key"><b class="reference"></b> reference, {_window(report.reference)} &nbsp; '
        f'<b class="current"></b> current, {_window(report.current)}</p>',
        *map(_section, report.outcome.comparisons),
        _not_compared(report.outcome.not_compared),
        _agreements(report.agreements),
    ]
    head = f'<meta charset="utf-8"><title>Drift report</title><style>{STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{"".join(body)}</body></html>\n'


def _of_tenant(report: DriftReport) -> str:
    return f"Tenant {report.tenant}" if report.tenant else "The caller's tenant"


def _window(window: Window) -> str:
    since = "the beginning" if window.since is None else window.since.isoformat(timespec="minutes")
    until = "now" if window.until is None else window.until.isoformat(timespec="minutes")
    return escape(f"{since} to {until}")


def _section(comparison: Comparison) -> str:
    reference, current = comparison.reference, comparison.current
    counts = (
        f"{reference.units} and {current.units} calls, {reference.photos} and {current.photos} photos or "
        f"texts, {len(reference.garment_units)} and {len(current.garment_units)} garments"
    )
    headers = ("", "effect", "alarms from", "p, of all tests", "")
    rows = [_finding_cells(finding) for finding in comparison.findings]
    return (
        f"<h2>{escape(str(comparison.source))}</h2><p>{counts}</p>{_table(headers, rows)}"
        f'<div class="charts">{"".join(_charts(comparison))}</div>'
    )


def _finding_cells(finding: Finding) -> tuple[str, ...]:
    said, kind = "as before", "quiet"
    if finding.alarm:
        said, kind = "has changed", "alarm"
    elif finding.significant:
        said, kind = "has changed a little: told, no alarm", "told"
    return (
        TITLES[finding.feature],
        f"{finding.effect:.3f}",
        f"{finding.min_effect:.3f}",
        f"{finding.adjusted_p_value:.3f}",
        f'<span class="{kind}">{said}</span>',
    )


def _charts(comparison: Comparison) -> Iterable[str]:
    before, now = comparison.reference, comparison.current
    charts = {
        Feature.LABELS: share_bars(share_changes(before.labels, now.labels)),
        Feature.COLORS: share_bars(share_changes(before.colors, now.colors)),
        Feature.SCORES: histogram(before.scores, now.scores),
        Feature.LABEL_SCORES: histogram(before.label_scores, now.label_scores),
        Feature.EMBEDDINGS: scatter(before.embeddings, now.embeddings),
    }
    compared = {finding.feature for finding in comparison.findings}
    for feature, chart in charts.items():
        if chart and feature in compared:
            yield f"<div><h3>{TITLES[feature]}</h3>{chart}</div>"


def _not_compared(few: Sequence[NotCompared]) -> str:
    if not few:
        return ""
    rows = [(escape(str(each.source)), str(each.reference_units), str(each.current_units)) for each in few]
    return "<h2>Not compared: too few calls in a window</h2>" + _table(("", "reference", "current"), rows)


def _agreements(agreements: Sequence[AgreementChange] | None) -> str:
    if agreements is None:
        return ""
    if not agreements:
        return "<h2>People and models</h2><p>Nobody has reviewed items in these windows.</p>"
    headers = ("attribute", "model", "reference", "current", "difference, 95 % interval")
    return "<h2>How often people agree with the models</h2>" + _table(
        headers, map(_agreement_cells, agreements)
    )


def _agreement_cells(each: AgreementChange) -> tuple[str, ...]:
    said = ""
    if each.difference is not None:
        kind = "alarm" if each.worse else "quiet"
        change, low, high = each.difference
        said = f'<span class="{kind}">{change:+.3f}, {low:+.3f} to {high:+.3f}</span>'
    names = escape(each.attribute), escape(each.model_version)
    return (*names, _agreed(each.reference), _agreed(each.current), said)


def _agreed(agreed: Agreed) -> str:
    if agreed.share is None:
        return "none reviewed"
    return f"{agreed.share:.3f} ({agreed.agreed} of {agreed.reviewed})"


def _table(headers: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{header}</th>" for header in headers)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"
