"""Runs docker/compose beside a Docker engine: `make test-compose`, which builds the images and the stand-ins.

For each layout: everything starts, the demo runs through the proxy with TLS and a key, the first process of
each service gets SIGKILL under a steady load, and nothing that was acknowledged is lost.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from demo.server import ROOT
from tests.polling import until
from tests.servers.compose.project import Project, docker, project
from tests.servers.rehearsals.load import SteadyLoad

LAYOUTS = {"one": (), "split": ("compose.split.yaml",)}
SERVICES = {
    "one": ("armoire", "postgres", "milvus", "s3", "proxy"),
    "split": ("armoire", "inference", "worker", "postgres", "milvus", "s3", "proxy"),
}
BESIDE = ("prometheus", "mlflow")
"""Services of the profiles for which there are stand-ins."""
PHOTOS = sorted((ROOT / "samples").glob("*.jpg"))
SETTLE_ANSWERS = 8


def say(text: str) -> None:
    print(f"  {text}", flush=True)


def run_demo(site: Project) -> None:
    """The demo's own checks hold through the proxy."""
    done = subprocess.run(
        [sys.executable, "-m", "demo", "--address", site.address, "--ca-file", site.ca_file],
        cwd=ROOT,
        env={**os.environ, "ARMOIRE_API_KEY": site.key},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    summary = next(line for line in done.stdout.splitlines() if "garments found their photo" in line)
    say(f"the demo through TLS with a key: {' '.join(summary.split())}")


def kill_each(site: Project, services: tuple[str, ...]) -> None:
    """SIGKILL to each service under load; the callers get answers again, and the ledger holds."""
    with SteadyLoad(site.client, PHOTOS, callers=2) as load:
        for service in services:
            load.wait_for_answers(SETTLE_ANSWERS)
            kill(site, service)
            say(f"{service} was killed: the next 3 answers after {load.wait_for_answers(3):.1f} s")
        load.wait_for_answers(SETTLE_ANSWERS)
    problems = load.problems()
    done = {op: count for op, count in sorted(load.ledger.calls.items()) if op.endswith("done")}
    say(f"answered {done}, cut off {dict(load.failures) or 'none'}")
    assert not problems, "\n".join(problems)
    say("nothing that was acknowledged is lost or doubled; the audit finds no difference")


def check_prometheus(site: Project) -> None:
    """It scrapes all and evaluates the rules, after a SIGKILL, too."""
    ask = "import sys, urllib.request; sys.stdout.write(urllib.request.urlopen(sys.argv[1]).read().decode())"

    def asked(path: str) -> dict[str, Any]:
        url = f"http://prometheus:9090/api/v1/{path}"
        answer = json.loads(site.compose("exec", "-T", "armoire", "python", "-c", ask, url))
        return answer["data"]  # type: ignore[no-any-return]

    def all_up() -> bool:
        values = [each["value"][1] for each in asked("query?query=up")["result"]]
        return bool(values) and set(values) == {"1"}

    until(all_up)
    healths = [rule["health"] for group in asked("rules")["groups"] for rule in group["rules"]]
    assert set(healths) <= {"ok", "unknown"}, healths
    say(f"Prometheus scrapes {len(asked('query?query=up')['result'])} targets, {len(healths)} rules")
    kill(site, "prometheus")
    until(all_up)
    say("Prometheus was killed and scrapes again")


def check_mlflow(site: Project) -> None:
    """It keeps an experiment over a SIGKILL."""
    ask_mlflow(site, "experiments/create", {"name": "kept"})
    kill(site, "mlflow")
    until(lambda: mlflow_has(site, "kept"))
    say("MLflow was killed and has its experiment")


def kill(site: Project, service: str) -> None:
    """SIGKILL, and wait until Docker has started it again."""
    before = site.restarts(service)
    site.kill(service)
    until(lambda: site.restarts(service) > before)


def ask_mlflow(site: Project, path: str, body: dict[str, object]) -> bytes:
    url = f"http://127.0.0.1:{site.mlflow_port}/api/2.0/mlflow/{path}"
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
    return bytes(urllib.request.urlopen(request, timeout=10).read())


def mlflow_has(site: Project, name: str) -> bool:
    try:
        return name.encode() in ask_mlflow(site, "experiments/search", {"max_results": 10})
    except OSError:
        return False


def main(names: list[str]) -> None:
    """Those of the layouts that are named, or all."""
    for name in names or LAYOUTS:
        print(name, flush=True)
        with (
            tempfile.TemporaryDirectory(prefix="armoire-compose-") as folder,
            project(Path(folder), LAYOUTS[name]) as site,
        ):
            beside = [each for each in BESIDE if site.has_image(each)] if name == "split" else []
            say(f"up after {site.up([*SERVICES[name], *beside]):.1f} s")
            say(", ".join(f"{service} {use}" for service, use in sorted(site.memory().items())))
            run_demo(site)
            kill_each(site, SERVICES[name])
            if "prometheus" in beside:
                check_prometheus(site)
            if "mlflow" in beside:
                check_mlflow(site)
        assert not docker("ps", "--quiet", "--all"), "a container is left"
        say("torn down")


if __name__ == "__main__":
    main(sys.argv[1:])
