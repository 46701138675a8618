"""The metrics of a running server, as Prometheus reads them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

import armoire
from demo.server import ServerProcess
from services.host.metrics.definitions import METRICS
from tests.conftest import ROOT
from tests.polling import until

TYPE = re.compile(r"^# TYPE (armoire_\w+) (\w+)$", re.MULTILINE)
DOCUMENTED = re.compile(r"`(armoire_[a-z_]+)`")
LISTENING = re.compile(r'msg="Listening on" address=(\S+)')
ROW = re.compile(r"^\| `(armoire_\w+)` \| (\w+) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def page(server: ServerProcess, samples: list[Path]) -> str:
    """The metrics after each kind of work, and a failed call."""
    with armoire.Client(server.address) as client:
        client.wait_for_indexing_job(client.index(samples[0]).id)
        client.search(samples[0])
    refused = httpx.post(f"{server.http_url}/armoire.v1.InferenceService/EmbedText", json={})
    assert refused.status_code == 400
    return httpx.get(f"{server.http_url}/metrics").text


def test_the_page_has_what_is_documented_and_nothing_else(page: str) -> None:
    documented = dict(ROW.findall((ROOT / "docs/metrics.table.md").read_text()))
    shown = dict(TYPE.findall(page))
    assert shown.items() <= documented.items()
    missing = {name for name in documented.keys() - shown if "_gpu_" not in name}
    # No request to a model and no job has to fail, and the first audit and purge may be hours away.
    assert missing <= {
        "armoire_inference_request_failure_total",
        "armoire_catalog_differences",
        "armoire_dead_letters",
        "armoire_purged_total",
        "armoire_shadow_photos_total",  # no embedder has the alias
    }
    assert set(documented) == {metric.name for metric in METRICS}
    named = set(DOCUMENTED.findall((ROOT / "docs/observability.md").read_text()))
    assert named <= set(documented)


def test_each_kind_of_work_is_counted(page: str) -> None:
    for sample in (
        'armoire_call_failures_total{method="/armoire.v1.InferenceService/EmbedText",reason="INVALID_INPUT"',
        'armoire_inference_request_success_total{model="image",version="demo-embedder',
        'armoire_inference_pending_rows{model="detector",version="demo-detector',
        "armoire_decode_seconds_count ",
        'armoire_search_seconds_count{part="rerank"} ',
        'armoire_jobs{state="queued"} ',
        "armoire_outbox_oldest_age_seconds ",
        'armoire_blob_operation_seconds_count{operation="put"} ',
        'armoire_process_resident_memory_bytes{pid="',
    ):
        assert f"\n{sample}" in page, sample


def test_promtool_finds_no_fault(page: str) -> None:
    check = [found_or_skip("promtool"), "check", "metrics"]
    done = subprocess.run(check, input=page, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_prometheus_scrapes_a_server(server: ServerProcess, page: str, tmp_path: Path) -> None:
    config = tmp_path / "prometheus.yml"
    target = server.http_url.removeprefix("http://")
    config.write_text(
        "scrape_configs: [{job_name: armoire, scrape_interval: 1s, "
        f"static_configs: [{{targets: ['{target}']}}]}}]"
    )
    log = tmp_path / "prometheus.log"
    command = [
        found_or_skip("prometheus"),
        f"--config.file={config}",
        f"--storage.tsdb.path={tmp_path}",
        "--web.listen-address=127.0.0.1:0",
    ]
    with log.open("w") as written:
        process = subprocess.Popen(command, stderr=written)
    try:
        address = until(lambda: LISTENING.search(log.read_text()))[1]
        query = {"query": "armoire_batch_rows_count"}
        until(lambda: httpx.get(f"http://{address}/api/v1/query", params=query).json()["data"]["result"])
    finally:
        process.terminate()
        process.wait()


def found_or_skip(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"needs {program} (Debian: apt install prometheus)")
    return path
