"""The end of a worker that is still starting, and what is said of one that cannot start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from demo.server import ROOT
from domain.errors import InvalidInput
from services.host.bentoml_supervisor import report_start_failure
from services.host.composition import build_application
from services.host.metrics.prometheus import NoMetrics
from settings import load_settings

WORKER = """
import asyncio, os, signal, sys
import uvicorn
from services.host.bentoml_supervisor import cancel_on_signal

server = uvicorn.Server(uvicorn.Config(app=None))
signal.signal(signal.SIGTERM, server.handle_exit)

async def start():
    open(sys.argv[1], "w").close()

if sys.argv[2] == "told to exit":
    os.kill(os.getpid(), signal.SIGTERM)
asyncio.run(cancel_on_signal(start()))
"""


@pytest.mark.parametrize(("case", "starts"), [("told to exit", False), ("not told", True)])
def test_a_signal_during_imports_keeps_a_worker_from_starting(
    case: str, starts: bool, tmp_path: Path
) -> None:
    started = tmp_path / "started"
    worker = subprocess.run([sys.executable, "-c", WORKER, started, case], cwd=ROOT, timeout=300, check=False)
    assert worker.returncode == 0
    assert started.exists() is starts


@pytest.mark.filterwarnings("ignore:GitWildMatchPattern:DeprecationWarning")  # BentoML's model store
@pytest.mark.parametrize(
    ("variable", "value", "hint"),
    [
        ("ARMOIRE_MODELS__DETECTOR", "nowhere", "no model 'nowhere'"),
        ("ARMOIRE_TAXONOMY", "/nowhere.toml", "/nowhere.toml"),
    ],
)
async def test_what_a_start_lacks_is_told_in_one_line(
    variable: str,
    value: str,
    hint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv("ARMOIRE_HOME", str(tmp_path))
    monkeypatch.setenv("ARMOIRE_GRPC__PORT", "0")
    monkeypatch.setenv(variable, value)
    settings = load_settings()
    with pytest.raises((SystemExit, InvalidInput)), report_start_failure():
        await build_application(settings, NoMetrics(), models=True, catalog=False).start()
    (line,) = [record for record in caplog.records if record.levelname == "CRITICAL"]
    assert line.getMessage().startswith("cannot start: ")
    assert hint in line.getMessage()
    assert not line.exc_info
