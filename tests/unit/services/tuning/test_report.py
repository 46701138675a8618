"""The report shows every setting, the front, the choice and why."""

from __future__ import annotations

import json
from dataclasses import replace

from services.tuning.choice import Candidate
from services.tuning.machine import Machine
from services.tuning.race import Race
from services.tuning.report import Report, Subject, spread
from services.tuning.setting import Setting
from services.tuning.trial import TrialResult
from tests.unit.services.tuning.figures import PLAIN, figures

QUICK = replace(PLAIN, exclusive_threads=2)
BEATEN = replace(PLAIN, slots=1, exclusive_threads=1)
BROKEN = replace(PLAIN, slots=3)


async def unvisited(setting: Setting) -> TrialResult:
    raise AssertionError(f"{setting} is measured by no report")


def report(chosen: Setting = QUICK) -> Report:
    race = Race(PLAIN, unvisited, rounds=3)
    race.candidates = [
        Candidate(PLAIN, {0: figures(10), 1: figures(12), 2: figures(11)}),
        Candidate(QUICK, {each: figures(5, 90, 250) for each in range(3)}),
        Candidate(BEATEN, {0: figures(30)}, eliminated="behind after round 1"),
        Candidate(BROKEN, {}, eliminated="fails: no room"),
    ]
    machine = Machine("Quick 9000", 4, 16.0, ("GPU 1, 570.1",), "Linux", 0.4, {"onnxruntime": "1.31.1"})
    subject = Subject(
        machine,
        {"detector": "yolo-1", "embedder": "clip-1"},
        "analyze",
        8,
        "25 photos of samples",
        "balanced",
        "python -m services.tuning",
        "2026-11-21",
        181.0,
        ["ARMOIRE_MODELS__SLOTS=3"],
    )
    return Report(subject, race, chosen)


def rows(text: str, setting: Setting) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith(f"| {setting} |")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_setting_has_its_row() -> None:
    text = report().markdown()
    assert [len(rows(text, each)) for each in (PLAIN, QUICK, BEATEN, BROKEN)] == [2, 2, 1, 1]
    (plain, _) = rows(text, PLAIN)
    assert plain[1:4] == ["3", "11.0 (10.0–12.0)", "100.0 (100.0–100.0)"]
    (quick, _) = rows(text, QUICK)
    assert quick[7:] == ["2.20", "0.90", "0.80", "**chosen**, on the Pareto front"]
    assert rows(text, BEATEN)[0][-1] == "behind after round 1"
    assert rows(text, BROKEN)[0][-1] == "fails: no room"
    lengths = {line.count("|") for line in text.splitlines() if line.startswith("|")}
    assert len(lengths) == 1


def test_it_gives_the_reason_and_the_machine() -> None:
    text = report().markdown()
    for words in (
        "the p50 of 1 client is 5.0 ms (the best)",
        f"throughput under load 90.0 /s ({PLAIN} has 100.0)",
        "0.45 times the p50 of 1 client, 0.90 times the throughput, 1.25 times the p99",
        "ARMOIRE_MODELS__SLOTS=3",
        "Quick 9000, 4 cores, 16 GiB",
        "GPU 1, 570.1",
        "onnxruntime 1.31.1",
        "yolo-1",
        "within 3% of it count as equal",
        "rests on 297 calls",
    ):
        assert words in text


def test_the_present_setting_stays_if_no_other_is_better() -> None:
    assert "no other is clearly better" in report(PLAIN).markdown()


def test_the_json_holds_every_measurement() -> None:
    found = json.loads(report().json())
    assert found["chosen"] == {**found["present"], "exclusive_threads": 2}
    assert found["machine"]["cores"] == 4
    plain, quick, beaten, broken = found["settings"]
    assert [plain["rounds"][each]["single_p50_ms"] for each in ("0", "1", "2")] == [10, 12, 11]
    assert quick["against_present"]["rounds"] == 3
    assert beaten["slots"] == 1
    assert broken["against_present"] is None
    assert broken["outcome"] == "fails: no room"


def test_the_settings_come_with_their_machine() -> None:
    lines = report().environment().splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["ARMOIRE_MODELS__SLOTS=3"]
    assert "Quick 9000" in lines[0]


def test_a_spread_is_the_median_and_the_ends() -> None:
    candidate = Candidate(PLAIN, {0: figures(30), 1: figures(10), 2: figures(11)})
    assert spread(candidate, "single_p50_ms", 1) == "11.0 (10.0–30.0)"
