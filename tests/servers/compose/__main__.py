"""Runs docker/compose beside a Docker engine: `make test-compose`, which builds the images and the stand-ins.

For each layout: everything starts, the demo runs through the proxy with TLS and a key, the first process of
each service gets SIGKILL under a steady load, and nothing that was acknowledged is lost; then a backup is
made, all volumes are removed, and what was saved is restored.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

import armoire
from demo.server import ROOT
from tests.polling import until
from tests.servers.compose.project import Project, docker, project
from tests.servers.rehearsals.load import SteadyLoad, until_written

LAYOUTS = {"one": (), "split": ("compose.split.yaml",)}
SERVICES = {
    "one": ("armoire", "postgres", "milvus", "s3", "proxy"),
    "split": ("armoire", "inference", "worker", "postgres", "milvus", "s3", "proxy"),
}
BESIDE = {"one": ("mlflow",), "split": ("prometheus", "mlflow")}
"""Services of the profiles for which there are stand-ins."""
ARTIFACT = ROOT / "artifacts/demo-detector"
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
    """A registered model is there after a SIGKILL, with its files; containers find MLflow by its name."""
    registry(site, "register", str(ARTIFACT), "--name", "kept", "--alias", "production")
    kill(site, "mlflow")
    until(lambda: mlflow_answers(site))
    with tempfile.TemporaryDirectory(prefix="armoire-registry-") as folder:
        registry(site, "fetch", "mlflow:kept@production", "--out", f"{folder}/fetched")
        fetched = {path.name: path.read_bytes() for path in Path(folder, "fetched").iterdir()}
    assert fetched == {path.name: path.read_bytes() for path in ARTIFACT.iterdir() if path.name in fetched}
    say(f"MLflow was killed and has the model, {len(fetched)} files, {site.memory()['mlflow']}")
    if site.has_image("training"):
        told = site.compose("run", "--rm", "--no-deps", "training", "export.registry", "list")
        assert "mlflow:kept/1" in told, told
        say("a container of the image training lists it")


def check_backup(site: Project) -> None:
    """What was saved is found again after all volumes are gone; what came later is not there."""
    with tempfile.TemporaryDirectory(prefix="armoire-backup-") as folder, site.client() as client:
        kept = index_as(client, "kept")
        site.backup("save", f"{folder}/saved")
        client.delete_image(kept)
        index_as(client, "later")
        refused = site.backup("restore", f"{folder}/saved", status=1)
        assert "there is a catalogue already" in refused, refused
        site.compose("down", "--volumes", "--timeout", "60")
        begun_s = time.monotonic()
        site.backup("restore", f"{folder}/saved")
        site.fetch_certificate()
    with site.client() as client:
        until_written(client)
        (hit, *_) = client.search(PHOTOS[0], where="brand=kept").queries[0].hits
        assert (hit.item.image_id, hit.score > 0.99) == (kept, True), hit
        assert client.get_image_content(kept).content == PHOTOS[0].read_bytes()
        assert not any(image.name == "later" for image in client.iter_images())
        took_s = time.monotonic() - begun_s
    say(f"restored after {took_s:.1f} s: what was saved is found again, what came later is gone")


def index_as(client: armoire.Client, name: str) -> str:
    """The id of a photo that was indexed under a name, which is its product's brand, too."""
    product = armoire.Product(name, external_id=name, brand=name)
    job = client.index(PHOTOS[0], image_name=name, product=product, idempotency_key=name)
    client.wait_for_indexing_job(job.id)
    return job.image_id


def kill(site: Project, service: str) -> None:
    """SIGKILL, and wait until Docker has started it again."""
    before = site.restarts(service)
    site.kill(service)
    until(lambda: site.restarts(service) > before)


def registry(site: Project, *arguments: str) -> None:
    """A command of `python -m export.registry` with the MLflow of the site."""
    subprocess.run(
        [sys.executable, "-m", "export.registry", *arguments],
        cwd=ROOT,
        env={**os.environ, "MLFLOW_TRACKING_URI": f"http://127.0.0.1:{site.mlflow_port}"},
        stdout=subprocess.DEVNULL,
        check=True,
    )


def mlflow_answers(site: Project) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{site.mlflow_port}/health", timeout=10) as answer:
            return bool(answer.status == 200)
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
            say(f"up after {site.up([*SERVICES[name], *BESIDE[name]]):.1f} s")
            say(", ".join(f"{service} {use}" for service, use in sorted(site.memory().items())))
            run_demo(site)
            kill_each(site, SERVICES[name])
            if "prometheus" in BESIDE[name]:
                check_prometheus(site)
            if "mlflow" in BESIDE[name]:
                check_mlflow(site)
            check_backup(site)
        assert not docker("ps", "--quiet", "--all"), "a container is left"
        say("torn down")


if __name__ == "__main__":
    main(sys.argv[1:])
