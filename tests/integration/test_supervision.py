"""A server that cannot start says why and ends; a worker does not outlive its supervisor."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

import armoire
from demo.server import ROOT, ServerProcess
from tests import milvus


def failed_start(home: Path, **environment: str) -> tuple[int, str]:
    """(exit status, log) of a server that is to fail."""
    server = ServerProcess(home, environment=environment)
    server.launch()
    assert server.process is not None
    return server.process.wait(server.start_timeout_s), server.log_path.read_text()


@pytest.mark.parametrize(
    ("variable", "value", "hint"),
    [
        ("ARMOIRE_BOGUS", "1", "unknown setting ARMOIRE_BOGUS"),
        ("ARMOIRE_MODELS__EMBEDDER", "artifacts/demo-detector", "one for 'embed' is needed"),
        ("ARMOIRE_CATALOG__DATABASE_URL", "nonsense", "ARMOIRE_CATALOG__DATABASE_URL"),
    ],
)
def test_a_failed_start_says_why_and_ends_with_a_bad_status(
    tmp_path: Path, variable: str, value: str, hint: str
) -> None:
    status, log = failed_start(tmp_path, **{variable: value})
    assert status != 0
    critical = [line for line in log.splitlines() if "cannot start" in line]
    assert len(critical) == 1
    assert hint in critical[0]
    assert "Traceback" not in log


def test_a_broken_library_of_the_http_port_ends_the_server(tmp_path: Path) -> None:
    """It is imported when the rest has started."""
    (broken := tmp_path / "broken" / "connectrpc").mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('connectrpc is broken')\n")
    path = os.pathsep.join([str(broken.parent), os.environ.get("PYTHONPATH", "")])
    status, log = failed_start(tmp_path, PYTHONPATH=path)
    assert status != 0
    assert "connectrpc is broken" in next(line for line in log.splitlines() if "cannot start" in line)
    assert "Traceback" not in log


def test_a_store_that_answers_nothing_does_not_hold_the_shutdown(tmp_path: Path, samples: list[Path]) -> None:
    """The photo that it was to get is not lost: the next start of the server writes it."""
    with milvus.serving(tmp_path / "milvus.db") as (uri, silence):
        settings = {"ARMOIRE_CATALOG__MILVUS_URI": uri, "ARMOIRE_GRPC__DRAIN_S": "0"}
        server = ServerProcess(tmp_path / "home", environment=settings)
        with server, armoire.Client(server.address) as client:
            client.wait_for_indexing_job(client.index(samples[0]).id)
            silence.speaks.clear()
            job = client.index(samples[1])
            assert server.stop() == 0
        silence.speaks.set()
        with server, armoire.Client(server.address) as client:
            done = client.wait_for_indexing_job(job.id, timeout_s=server.start_timeout_s)
            assert done.state is armoire.IndexingJobState.COMPLETE


def test_a_refused_start_shows_no_secret(tmp_path: Path) -> None:
    """Of a URL in a file, even where all is logged."""
    (file := tmp_path / "url").write_text("postgresql://armoire:S3/cret@127.0.0.1:9/armoire\n")
    settings = {"ARMOIRE_CATALOG__DATABASE_URL_FILE": str(file), "ARMOIRE_LOG_LEVEL": "DEBUG"}
    status, log = failed_start(tmp_path, **settings)
    assert status != 0
    assert "127.0.0.1:9 (ARMOIRE_CATALOG__DATABASE_URL)" in next(
        line for line in log.splitlines() if "cannot start" in line
    )
    assert "cret" not in log.replace("secret", "")


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, log = failed_start(tmp_path, ARMOIRE_GRPC__PORT=str(port))
    assert status != 0
    assert f"127.0.0.1:{port}" in next(line for line in log.splitlines() if "cannot start" in line)


def test_a_model_whose_file_was_changed_is_named(tmp_path: Path) -> None:
    artifact = tmp_path / "detector"
    shutil.copytree(ROOT / "artifacts/demo-detector", artifact)
    graph = artifact / "detector.onnx"
    graph.write_bytes(graph.read_bytes()[:-1])
    status, log = failed_start(tmp_path, ARMOIRE_MODELS__DETECTOR=str(artifact))
    assert status != 0
    assert "detector.onnx" in next(line for line in log.splitlines() if "cannot start" in line)
    assert "Traceback" not in log


def test_a_worker_that_is_killed_is_replaced_and_ends_with_its_supervisor(
    tmp_path: Path, samples: list[Path]
) -> None:
    server = ServerProcess(tmp_path)
    server.start()
    assert server.process is not None
    supervisor = psutil.Process(server.process.pid)
    with armoire.Client(server.address) as client:
        job = client.index(samples[0])
        killed = supervisor.children(recursive=True)
        for worker in killed:
            worker.kill()
        psutil.wait_procs(killed, timeout=120)
        server.wait_serving()
        done = client.wait_for_indexing_job(job.id, timeout_s=server.start_timeout_s)
        assert done.state is armoire.IndexingJobState.COMPLETE
    workers = supervisor.children(recursive=True)
    assert workers
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    _, alive = psutil.wait_procs(workers, timeout=120)
    assert not alive
    with ServerProcess(tmp_path):
        pass


def test_a_failed_start_ends_the_first_process_of_a_container(tmp_path: Path) -> None:
    """It gets no signals from inside but those that it handles."""
    container = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child"]
    if subprocess.run([*container, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this user may not make a PID namespace")
    server = ServerProcess(tmp_path, environment={"ARMOIRE_BOGUS": "1"})
    command = [*container, *server._command()]
    done = subprocess.run(
        command, cwd=ROOT, env=server._environment(), capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 1
    log = done.stdout + done.stderr
    assert log.count("cannot start") == 1
    assert "Traceback" not in log


def test_a_failure_without_a_supervisor_ends_nobody_else() -> None:
    code = "from services.app import Armoire; Armoire.inner()"
    command = f'ARMOIRE_BOGUS=1 "{sys.executable}" -c "{code}"; echo survived'
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "survived" in done.stdout
    assert "unknown setting ARMOIRE_BOGUS" in done.stderr
