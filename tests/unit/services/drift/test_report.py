"""A report as JSON, as a page, as gauges and as text."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from prometheus_client.parser import text_string_to_metric_families

from services.drift.agreement import Agreed, AgreementChange
from services.drift.comparison import Limits, compare
from services.drift.exposition import exposition
from services.drift.page import page
from services.drift.report import DriftReport
from services.drift.sample import Source
from services.drift.summary import summary
from services.drift.window import Window
from tests.unit.services.drift.windows import SOURCE, made_sample

MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
OTHER = Source("Detect", "detector-1")
LABEL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def report() -> DriftReport:
    """Of windows whose labels differ, one of which wants to be a script."""
    reference = {SOURCE: made_sample(1, 200), OTHER: made_sample(3, 7)}
    current = {SOURCE: made_sample(2, 200, shares={LABEL: 0.7, "hat": 0.3})}
    limits = Limits(exchanges=199)
    agreement = AgreementChange("category", "embedder-1", Agreed(100, 90), Agreed(100, 60))
    windows = Window(None, MOMENT), Window(MOMENT, None)
    return DriftReport("shop", MOMENT, *windows, compare(reference, current, limits), limits, [agreement])


def test_the_document_is_json_and_has_the_figures(report: DriftReport) -> None:
    document = json.loads(json.dumps(report.document()))
    (comparison,) = document["comparisons"]
    assert (document["alarm"], comparison["method"], comparison["reference"]["units"]) == (
        True,
        "Analyze",
        200,
    )
    labels = {each["value"]: each for each in comparison["labels"]}
    assert labels["dress"]["current"] == 0.0
    assert labels[LABEL]["reference"] == 0.0
    assert document["not_compared"][0]["reference_units"] == 7
    assert document["agreements"][0]["worse"] is True
    assert document["reference"] == {"since": None, "until": MOMENT.isoformat()}


def test_the_page_stands_alone_and_runs_nothing(report: DriftReport) -> None:
    text = page(report)
    tags: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append(tag)
            assert not {name for name, _ in attrs} & {"src", "href", "onload"}

    Tags().feed(text)
    assert "script" not in tags
    assert tags.count("svg") == 5
    assert "&lt;script&gt;" in text
    for chart in re.findall(r"<svg.*?</svg>", text):
        ElementTree.fromstring(chart)


def test_the_gauges_are_of_prometheus_format(report: DriftReport) -> None:
    families = {family.name: family for family in text_string_to_metric_families(exposition(report))}
    assert [(each.labels, each.value) for each in families["armoire_drift_alarm"].samples] == [
        ({"tenant": "shop"}, 1.0)
    ]
    effects = {each.labels["feature"]: each.value for each in families["armoire_drift_effect"].samples}
    assert effects["labels"] > 0.5
    assert families["armoire_drift_report_time_seconds"].samples[0].value == MOMENT.timestamp()
    assert families["armoire_review_agreement_ratio"].samples[0].value == 0.6


def test_the_text_tells_what_alarms(report: DriftReport) -> None:
    text = summary(report)
    assert text.startswith("DRIFT\n")
    assert re.search(r"labels +effect 0\.\d+, p 0\.\d+  ALARM", text)
    assert "Detect by detector-1: not compared, 7 calls in the reference window and 0" in text
    assert "0.900 of 100 before, 0.600 of 100 now  WORSE" in text
