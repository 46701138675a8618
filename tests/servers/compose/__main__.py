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
            before = site.restarts(service)
            site.kill(service)
            until(lambda service=service, before=before: site.restarts(service) > before)
            say(f"{service} was killed: the next 3 answers after {load.wait_for_answers(3):.1f} s")
        load.wait_for_answers(SETTLE_ANSWERS)
    problems = load.problems()
    done = {op: count for op, count in sorted(load.ledger.calls.items()) if op.endswith("done")}
    say(f"answered {done}, cut off {dict(load.failures) or 'none'}")
    assert not problems, "\n".join(problems)
    say("nothing that was acknowledged is lost or doubled; the audit finds no difference")


def check_beside(site: Project) -> None:
    """Prometheus scrapes and evaluates the rules; MLflow keeps an experiment over a SIGKILL."""
    ask = "import sys, urllib.request; sys.stdout.write(urllib.request.urlopen(sys.argv[1]).read().decode())"

    def queried(query: str) -> list[str]:
        url = f"http://prometheus:9090/api/v1/query?query={query}"
        answer = json.loads(site.compose("exec", "-T", "armoire", "python", "-c", ask, url))
        return [each["value"][1] for each in answer["data"]["result"]]

    until(lambda: queried("up") and set(queried("up")) == {"1"})
    rules = json.loads(
        site.compose("exec", "-T", "armoire", "python", "-c", ask, "http://prometheus:9090/api/v1/rules")
    )
    healths = [rule["health"] for group in rules["data"]["groups"] for rule in group["rules"]]
    assert set(healths) <= {"ok", "unknown"}, healths
    say(f"Prometheus scrapes {len(queried('up'))} targets and evaluates {len(healths)} rules")
    ask_mlflow(site, "experiments/create", {"name": "kept"})
    for service in BESIDE:
        before = site.restarts(service)
        site.kill(service)
        until(lambda service=service, before=before: site.restarts(service) > before)
    until(lambda: mlflow_has(site, "kept"))
    until(lambda: set(queried("up")) == {"1"})
    say("Prometheus and MLflow were killed and are back; the experiment is kept")


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
            beside = BESIDE if name == "split" else ()
            say(f"up after {site.up([*SERVICES[name], *beside]):.1f} s")
            say(", ".join(f"{service} {use}" for service, use in sorted(site.memory().items())))
            run_demo(site)
            kill_each(site, SERVICES[name])
            if beside:
                check_beside(site)
        assert not docker("ps", "--quiet", "--all"), "a container is left"
        say("torn down")


if __name__ == "__main__":
    main(sys.argv[1:])
