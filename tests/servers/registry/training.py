"""Recipes whose runs are kept by a server: one that ends, one that is interrupted, one that fails."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from demo.server import ROOT
from export.registry.registry import EXPERIMENT
from tests.servers.registry.site import RegistrySite

if TYPE_CHECKING:
    from mlflow.entities import Run

PARAMS = """
classifier:
  preset: cpu
  epochs: 1
  data: {path: PICTURES, validation_split: validation, test_split: test}
  network: {backbone: efficientnet_lite0, pretrained: artifacts/demo-embedder, input_px: 96}
"""
NAME = "drawn"
PATIENCE_S = 900.0


def check_training(site: RegistrySite) -> None:
    """Draw pictures, train on them, export what the registry has of it, and register the artifact."""
    pictures, params = site.folder / "pictures", site.folder / "params.yaml"
    run_command(site, f"training draw --out {pictures} --per-label 12 --side-px 96")
    params.write_text(PARAMS.replace("PICTURES", str(pictures)))
    finished = _finished(site, params)
    _killed(site, params)
    _failed(site, params, pictures)
    run_id = str(finished.info.run_id)
    model, artifact = site.folder / "runs/finished/model", site.folder / "artifact"
    run_command(site, f"export.registry register {model} --name {NAME} --run-id {run_id} --alias candidate")
    provenance = "--license Apache-2.0 --source drawn"
    run_command(
        site, f"export classifier mlflow:{NAME}@candidate --name {NAME} {provenance} --out {artifact}"
    )
    run_command(site, f"export verify {artifact}")
    run_command(site, f"export.registry register {artifact} --name {NAME}-artifact --run-id {run_id}")
    say(run_command(site, "export.registry list").strip())
    kept = site.kept_files()
    assert any(name.endswith("classifier.onnx") for name in kept), kept
    assert any(name.endswith("report.md") for name in kept), kept
    say(f"the bucket has {len(kept)} files of MLflow")


def run_command(site: RegistrySite, command: str) -> str:
    """What a command of this repository printed. Raises AssertionError if it failed."""
    started_s = time.monotonic()
    words = [sys.executable, "-m", *command.split()]
    done = subprocess.run(words, cwd=ROOT, env=site.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: status {done.returncode}\n{done.stderr[-3000:]}"
    say(f"{' '.join(command.split()[:3])}: {time.monotonic() - started_s:.0f} s")
    return done.stdout


def _finished(site: RegistrySite, params: Path) -> Run:
    run_command(site, f"training classifier --config {params} --out {site.folder}/runs/finished")
    run = _run(site, "finished")
    assert run is not None
    assert (run.info.status, run.data.params["epochs"]) == ("FINISHED", "1"), run
    assert "validation top-1" in run.data.metrics, run.data
    assert any(name.startswith("data.") and name.endswith("sha256") for name in run.data.tags), run.data.tags
    say(f"a run that ended is FINISHED, with {len(run.data.params)} params, {len(run.data.metrics)} figures")
    return run


def _killed(site: RegistrySite, params: Path) -> None:
    """SIGTERM once the server says that the run is running."""
    process = _start(site, params, "killed", "--set", "epochs=1000")
    deadline = time.monotonic() + PATIENCE_S
    while (run := _run(site, "killed")) is None:
        assert process.poll() is None, "the training ended by itself"
        assert time.monotonic() < deadline, "the run never appeared"
        time.sleep(0.5)
    assert run.info.status == "RUNNING", run
    process.terminate()
    assert (process.wait(PATIENCE_S), _status(site, "killed")) == (128 + signal.SIGTERM, "KILLED")
    say("a run that SIGTERM ended is KILLED")


def _failed(site: RegistrySite, params: Path, pictures: Path) -> None:
    """A picture that cannot be read ends a run."""
    next((pictures / "train").glob("*/*")).write_bytes(b"no picture")
    process = _start(site, params, "failed")
    assert (process.wait(PATIENCE_S) > 0, _status(site, "failed")) == (True, "FAILED")
    say("a run with a picture that cannot be read is FAILED")


def _start(site: RegistrySite, params: Path, name: str, *more: str) -> subprocess.Popen[bytes]:
    command = f"-m training classifier --config {params} --out {site.folder}/runs/{name}"
    with (site.folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, *command.split(), *more], cwd=ROOT, env=site.environment, stdout=log, stderr=log
        )


def _run(site: RegistrySite, name: str) -> Run | None:
    """The run of this name, which is that of its folder."""
    from mlflow import MlflowClient  # it reads its settings, such as how much it logs, when it is imported

    client = MlflowClient(site.uri, site.uri)
    experiment = client.get_experiment_by_name(EXPERIMENT)
    if experiment is None:
        return None
    wanted = f"attributes.run_name = '{name}'"
    found = client.search_runs([experiment.experiment_id], wanted)
    return found[0] if found else None


def _status(site: RegistrySite, name: str) -> str:
    run = _run(site, name)
    return "" if run is None else str(run.info.status)


def say(text: str) -> None:
    print(f"  {text}", flush=True)
