"""The end of a worker that is still starting."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from demo.server import ROOT

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
