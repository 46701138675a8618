"""Runs that are kept while they train, in a file of MLflow's own."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mlflow", reason="the registry needs mlflow-skinny")
pytest.importorskip("matplotlib", reason="curves need matplotlib")

from domain.errors import InvalidInput, Unavailable
from export.registry.registry import ModelRegistry
from export.registry.run_tracking import tracked
from export.registry.training_runs import TRACKED
from training.recipes.metrics_log import MetricsLog

pytestmark = pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy")  # MLflow's tables

FACTS = {"params": {"seed": "0"}, "data": {"train sha256": "ab" * 32}, "made with": {"commit": "c0ffee"}}


@pytest.fixture
def client(registry: ModelRegistry, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", registry._uri)
    return registry._client


def run_of(folder: Path) -> str:
    return str(json.loads((folder / TRACKED).read_text())["run_id"])


def add_epoch(folder: Path, epoch: int) -> None:
    row = {"minutes": 0.1 * epoch, "epoch": float(epoch), "validation top-1": epoch / 10}
    MetricsLog(folder).add(row, FACTS)


def break_off(folder: Path, how: Callable[[], None]) -> None:
    with tracked(folder):
        MetricsLog(folder).begin(FACTS)
        how()


def test_a_run_is_seen_while_it_trains_and_ends_with_its_report(client: Any, tmp_path: Path) -> None:
    with tracked(tmp_path):
        add_epoch(tmp_path, 1)
        run_id = run_of(tmp_path)
        assert client.get_run(run_id).info.status == "RUNNING"
        add_epoch(tmp_path, 2)
        (tmp_path / "report.md").write_text("# Report")
    assert run_of(tmp_path) == run_id
    found = client.get_run(run_id)
    assert found.info.status == "FINISHED"
    assert found.data.tags["data.train sha256"] == "ab" * 32
    history = client.get_metric_history(run_id, "validation top-1")
    assert [(each.step, each.value) for each in history] == [(1, 0.1), (2, 0.2)]
    assert {"report.md", "curves.svg"} <= {each.path for each in client.list_artifacts(run_id)}


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError, "FAILED"), (KeyboardInterrupt, "KILLED"), (SystemExit, "KILLED")]
)
def test_a_run_that_breaks_off_is_marked_until_it_goes_on(
    client: Any, tmp_path: Path, error: type[BaseException], status: str
) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(error):
        break_off(tmp_path, fail)
    run_id = run_of(tmp_path)
    found = client.get_run(run_id)
    assert (found.info.status, found.info.end_time is None) == (status, False)
    with tracked(tmp_path):
        add_epoch(tmp_path, 1)
        assert client.get_run(run_id).info.status == "RUNNING"
    assert client.get_run(run_id).info.status == "FINISHED"


def test_sigterm_ends_a_run_as_killed(client: Any, tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as ended:
        break_off(tmp_path, lambda: signal.raise_signal(signal.SIGTERM))
    assert ended.value.code == 128 + signal.SIGTERM
    assert client.get_run(run_of(tmp_path)).info.status == "KILLED"
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_run_that_has_ended_is_not_marked_by_a_start_that_is_refused(client: Any, tmp_path: Path) -> None:
    with tracked(tmp_path):
        add_epoch(tmp_path, 1)
    with pytest.raises(InvalidInput), tracked(tmp_path):
        raise InvalidInput("config", "differs")
    assert client.get_run(run_of(tmp_path)).info.status == "FINISHED"


def test_a_registry_that_is_away_does_not_hide_why_a_run_broke_off(
    client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    def away(*_: Any, **__: Any) -> None:
        raise MlflowException("connection refused")

    def lose_the_registry() -> None:
        monkeypatch.setattr(MlflowClient, "get_run", away)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off(tmp_path, lose_the_registry)
    assert "not marked as FAILED" in capsys.readouterr().err


def test_figures_that_could_not_be_sent_are_sent_with_the_next(
    client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from mlflow import MlflowClient
    from mlflow.exceptions import MlflowException

    def away(*_: Any, **__: Any) -> None:
        raise MlflowException("connection refused")

    with tracked(tmp_path):
        with monkeypatch.context() as patch:
            patch.setattr(MlflowClient, "create_run", away)
            add_epoch(tmp_path, 1)
        assert "connection refused" in capsys.readouterr().err
        add_epoch(tmp_path, 2)
    history = client.get_metric_history(run_of(tmp_path), "validation top-1")
    assert [each.step for each in history] == [1, 2]


def test_nothing_is_kept_without_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    with tracked(tmp_path):
        add_epoch(tmp_path, 1)
    assert not (tmp_path / TRACKED).exists()


def test_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///nowhere.db")
    monkeypatch.setitem(sys.modules, "mlflow", None)
    with pytest.raises(Unavailable, match="pip install --group registry"), tracked(tmp_path):
        pytest.fail("the training must not begin")
