"""`python -m services.drift` against a server that logs: windows alike, a change, and too few calls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from prometheus_client.parser import text_string_to_metric_families

import armoire
from demo.server import ServerProcess
from services.drift.__main__ import main
from tests.polling import until

CALLS = 30
ENOUGH = ("--min-units", "20")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    home = tmp_path_factory.mktemp("drift")
    with ServerProcess(home, environment={"ARMOIRE_PREDICTIONS__SAMPLE_RATIO": "1"}) as server:
        yield server


@pytest.fixture(scope="module")
def moments(server: ServerProcess) -> tuple[str, str]:
    """The log has noise until the first moment, noise until the second, and then plain pictures."""
    random = np.random.default_rng(0)
    with armoire.Client(server.address) as client:
        first = embedded(client, [random.integers(0, 256, (96, 96, 3)) for _ in range(CALLS)])
        second = embedded(client, [random.integers(0, 256, (96, 96, 3)) for _ in range(CALLS)])
        embedded(client, [np.full((96, 96, 3), random.integers(0, 256, 3)) for _ in range(CALLS)])
    return first, second


def embedded(client: armoire.Client, pictures: list[np.ndarray[Any, Any]]) -> str:
    """Embeds each picture in a call of its own; returns a moment after all of them are in the log."""
    before = len(list(client.iter_predictions()))
    for pixels in pictures:
        client.embed_image(cv2.imencode(".png", pixels.astype(np.uint8))[1].tobytes())
    logged = until(lambda: whole(list(client.iter_predictions()), before + len(pictures)))
    newest = max(each.create_time for each in logged if each.create_time is not None)
    return (newest + timedelta(microseconds=1)).isoformat()


def whole(logged: list[armoire.LoggedPrediction], count: int) -> list[armoire.LoggedPrediction] | None:
    return logged if len(logged) == count else None


def test_windows_alike_do_not_alarm(
    server: ServerProcess, moments: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    times = ("--since", moments[0], "--until", moments[1], "--reference-since", "1d")
    assert main(["report", "--address", server.address, *times, *ENOUGH]) == 0
    assert capsys.readouterr().out.startswith("no drift that matters")


def test_a_change_alarms_against_a_reference_that_was_kept(
    server: ServerProcess, moments: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reference, page, metrics = (tmp_path / name for name in ("reference.npz", "drift.html", "drift.prom"))
    saved = ["save", "--address", server.address, "--since", "1d", "--until", moments[1], str(reference)]
    assert main(saved) == 0
    assert "60 calls, 60 photos or texts" in capsys.readouterr().out
    outputs = ("--html", str(page), "--metrics", str(metrics), "--agreement", "--json")
    windows = ("--since", moments[1], "--reference", str(reference))
    assert main(["report", "--address", server.address, *windows, *outputs, *ENOUGH]) == 3
    document = json.loads(capsys.readouterr().out)
    (comparison,) = document["comparisons"]
    alarms = {finding["feature"] for finding in comparison["findings"] if finding["alarm"]}
    assert (comparison["method"], alarms) == ("EmbedImage", {"embeddings"})
    assert document["agreements"] == []
    assert "has changed" in page.read_text()
    assert "Nobody has reviewed items in these windows." in page.read_text()
    gauges = {family.name: family for family in text_string_to_metric_families(metrics.read_text())}
    assert gauges["armoire_drift_alarm"].samples[0].value == 1.0


def test_what_cannot_be_compared_is_refused(
    server: ServerProcess, moments: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = ("--address", server.address)
    assert main(["report", *address, "--since", moments[1], "--reference-since", "1d"]) == 1
    error = capsys.readouterr().err
    assert "at least 100 calls are needed" in error
    assert "60 in the reference window, 30 in the current one" in error
    catalog = ("--source", "catalog", "--since", moments[1], "--reference-since", "1d")
    assert main(["report", *address, *catalog]) == 1
    assert "none in either" in capsys.readouterr().err
    late = datetime.now(UTC).isoformat()
    assert main(["report", *address, "--since", late, "--until", "1d", "--reference-since", "2d"]) == 1
    assert "--since: must begin before it ends" in capsys.readouterr().err
    assert main(["report", *address, "--since", "1d", "--reference", str(tmp_path / "none.npz")]) == 1
    assert "none.npz" in capsys.readouterr().err
    both = ("--since", "1d", "--reference", "a.npz", "--reference-since", "2d")
    with pytest.raises(SystemExit, match="2"):
        main(["report", *address, *both])
