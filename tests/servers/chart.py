"""Runs the pods of the chart with `podman kube play`: `make test-chart`, as root on a machine with podman.

No cluster is needed: `helm template` renders the chart for CPUs, its pods run as they are written (user, no
capabilities, read-only root, probes, volumes), and stand-ins are the stores. What podman does not know is
left out: services, budgets, policies, and how a StatefulSet makes volumes; the secret is a folder.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

import armoire
from demo.server import ROOT
from tests.polling import until
from tests.servers.compose.secret_files import make_secrets

HELM = ROOT / ".venv-deploy/helm/helm"
CHART = ROOT / "docker/helm/armoire"
NETWORK = "armoire-chart"
RELEASE = "armoire"
START_S = 400.0
PHOTO = ROOT / "samples/striped-tee.jpg"
VALUES = """
stores: { blobUrl: s3://armoire/photos, s3Endpoint: http://s3:8333 }
inference:
  image: { repository: localhost/armoire, tag: inference, pullPolicy: Never }
  provider: cpu
  gpus: 0
  resources: { requests: { cpu: 100m, memory: 256Mi }, limits: { memory: 2Gi } }
catalog:
  image: { repository: localhost/armoire, tag: cpu, pullPolicy: Never }
  replicas: 1
  resources: { requests: { cpu: 100m, memory: 256Mi }, limits: { memory: 2Gi } }
worker:
  resources: { requests: { cpu: 100m, memory: 256Mi }, limits: { memory: 2Gi } }
"""
SUBNET = "10.213.7"
NAMES = ("postgres", "milvus", "s3", "armoire-inference", "armoire-catalog", "armoire-worker")
"""Of the pods; podman 4.3 resolves names of containers alone, so each pod has an address that all know."""
ALIASES = [{"ip": f"{SUBNET}.{10 + number}", "hostnames": [name]} for number, name in enumerate(NAMES)]
IMAGES = {
    "armoire:inference": "localhost/armoire:inference",
    "armoire:cpu": "localhost/armoire:cpu",
    "docker.io/library/postgres:18.1-bookworm": "localhost/stand-in:postgres",
    "docker.io/milvusdb/milvus:v2.6.16": "localhost/stand-in:milvus",
    "docker.io/chrislusf/seaweedfs:4.48": "localhost/stand-in:s3",
}
STATE = ROOT / ".docker-engine/podman"
SAVED = ROOT / ".docker-engine/images.tar"
"""What `save` writes beside the Docker engine, and podman loads."""


CONFIGURATION = """
[containers]
default_ulimits = ["nofile={files}:{files}", "nproc=10000:10000"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
"""
"""For machines without systemd."""


def run_podman(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    command = ["podman", "--root", str(STATE / "storage"), "--runroot", str(STATE / "run"), *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=False)


def address_of(name: str) -> str:
    return f"{SUBNET}.{10 + NAMES.index(name)}"


def podman(*arguments: str, given: str | None = None) -> str:
    """What a command prints. Raises AssertionError where it fails."""
    done = run_podman(*arguments, given=given)
    assert done.returncode == 0, f"podman {' '.join(arguments)}: {done.stderr[-4000:]}"
    return done.stdout.strip()


def configure() -> None:
    """Let podman run as this machine can."""
    STATE.mkdir(parents=True, exist_ok=True)
    _, files = resource.getrlimit(resource.RLIMIT_NOFILE)
    path = STATE / "containers.conf"
    path.write_text(CONFIGURATION.format(files=files))
    os.environ["CONTAINERS_CONF"] = str(path)


def save() -> None:
    """Write the images of the Docker engine to a file; to be run beside that engine."""
    for source, target in IMAGES.items():
        subprocess.run(["docker", "tag", source, target], check=True)
    subprocess.run(["docker", "save", "--output", SAVED, *IMAGES.values()], check=True)


def clear() -> None:
    """Remove everything but the images from the storage of this test."""
    for what in ("pod", "volume", "secret"):
        run_podman(what, "rm", "--all", *(() if what == "secret" else ("--force",)))
    run_podman("network", "rm", "--force", NETWORK)


def load() -> None:
    """Give podman the images of the file."""
    podman("load", "--quiet", "--input", str(SAVED))


def rendered(values: Path) -> list[dict[str, Any]]:
    """The manifests of the chart."""
    command = [HELM, "template", RELEASE, CHART, "--values", values]
    made = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [document for document in yaml.safe_load_all(made) if document]


def pod_of(workload: dict[str, Any], secrets: Path) -> list[dict[str, Any]]:
    """The pod of a Deployment or StatefulSet under the name of its service, with claims for its volumes.

    The secret is a folder. Ports of probes are numbers, as podman wants them; it would publish those of
    containers on the machine.
    """
    name, template = workload["metadata"]["name"], workload["spec"]["template"]
    spec, claims = template["spec"], []
    for claim in workload["spec"].get("volumeClaimTemplates", ()):
        named = f"{name}-{claim['metadata']['name']}"
        claims.append(
            {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                "metadata": {"name": named},
                "spec": claim["spec"],
            }
        )
        claimed = {"persistentVolumeClaim": {"claimName": named}}
        spec["volumes"].append({"name": claim["metadata"]["name"], **claimed})
    for each in spec["volumes"]:  # podman 4.3 gives pods one folder for each name
        each["name"] = f"{name}-{each['name']}"
    for container in spec["containers"]:
        for mount in container["volumeMounts"]:
            mount["name"] = f"{name}-{mount['name']}"
    spec["hostAliases"] = ALIASES
    for volume in spec["volumes"]:
        if volume.pop("secret", None):  # podman 4.3 does not decode them
            volume["hostPath"] = {"path": str(secrets), "type": "Directory"}
    for container in spec["containers"]:
        numbers = {port["name"]: port["containerPort"] for port in container.pop("ports")}
        for kind in ("startupProbe", "readinessProbe", "livenessProbe"):
            if ask := container.get(kind, {}).get("httpGet"):
                ask["port"] = numbers[ask["port"]]
    return [
        *claims,
        {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, **_labels(template)}, "spec": spec},
    ]


def _labels(template: dict[str, Any]) -> dict[str, Any]:
    return {"labels": template["metadata"]["labels"]}


def store_pods(secrets: Path) -> list[dict[str, Any]]:
    """Pods of stand-ins, named as their stores."""

    def pod(name: str, image: str, args: list[str], env: dict[str, str]) -> dict[str, Any]:
        container = {
            "name": name,
            "image": f"localhost/stand-in:{image}",
            "imagePullPolicy": "Never",
            "args": args,
            "env": [{"name": key, "value": value} for key, value in env.items()],
            "volumeMounts": [{"name": "secrets", "mountPath": "/run/secrets"}],
        }
        volumes = [{"name": "secrets", "hostPath": {"path": str(secrets), "type": "Directory"}}]
        return {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": name},
            "spec": {"containers": [container], "volumes": volumes},
        }

    database = {"POSTGRES_USER": "armoire", "POSTGRES_DB": "armoire"}
    password = {"POSTGRES_PASSWORD_FILE": "/run/secrets/postgres-password"}
    s3 = [
        "server",
        "-dir=/data",
        "-ip=127.0.0.1",
        "-ip.bind=0.0.0.0",
        "-volume.max=0",
        "-master.volumeSizeLimitMB=64",
    ]
    return [
        pod("postgres", "postgres", ["postgres"], database | password),
        pod("milvus", "milvus", ["milvus", "run", "standalone"], {}),
        pod("s3", "s3", [*s3, "-s3", "-s3.config=/run/secrets/s3.json"], {}),
    ]


@contextmanager
def played(folder: Path, name: str, documents: list[dict[str, Any]]) -> Iterator[None]:
    """Manifests that run."""
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump_all(documents))
    pods = [document["metadata"]["name"] for document in documents if document["kind"] == "Pod"]
    addresses = [word for pod in pods for word in ("--ip", address_of(pod))]
    podman("kube", "play", "--network", NETWORK, *addresses, str(path))
    try:
        yield
    finally:
        run_podman("kube", "down", str(path))


def inside(pod: str, container: str, *command: str) -> str:
    return podman("exec", f"{pod}-{container}", *command)


def make_bucket() -> None:
    shell = ("exec", "--interactive", "s3-s3", "weed", "shell", "-master=127.0.0.1:9333")

    def made() -> bool:
        done = run_podman(*shell, given="s3.bucket.create -name armoire\ns3.bucket.list\n")
        return "armoire" in done.stdout

    until(made)


def check_confinement(part: str) -> None:
    """The pod runs as the chart says."""
    pod = f"{RELEASE}-{part}"
    status = inside(pod, part, "cat", "/proc/1/status")
    assert "CapEff:\t0000000000000000" in status, status
    assert "NoNewPrivs:\t1" in status
    assert "Uid:\t10001\t10001" in status
    assert "Seccomp:\t2" in status
    written = run_podman("exec", f"{pod}-{part}", "touch", "/app/x")
    assert written.returncode, "the root file system can be written"


def healthy(part: str) -> bool:
    return run_podman("exec", f"{RELEASE}-{part}-{part}", "python", "-c", READY).returncode == 0


def wait_until_healthy(part: str) -> None:
    """Raises AssertionError with the end of the pod's log where that takes too long."""
    deadline = time.monotonic() + START_S
    while not healthy(part):
        logs = run_podman("logs", "--tail", "12", f"{RELEASE}-{part}-{part}")
        assert time.monotonic() < deadline, f"{part}:\n{logs.stdout}{logs.stderr}"
        time.sleep(1.0)


READY = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:3000/readyz', timeout=5)"


def check(folder: Path) -> None:
    key = make_secrets(folder)
    secrets, values = folder / "secrets", folder / "values.yaml"
    values.write_text(VALUES)
    secrets.chmod(0o755)  # the pods run as another user
    (secrets / "milvus-uri").write_text("http://milvus:19530")
    workloads = [each for each in rendered(values) if each["kind"] in ("Deployment", "StatefulSet")]
    pods = [document for each in workloads for document in pod_of(each, secrets)]
    with played(folder, "stores", store_pods(secrets)):
        make_bucket()
        until(lambda: "19530" in inside("milvus", "milvus", "sh", "-c", LISTENING))
        begun_s = time.monotonic()
        with played(folder, "pods", pods):
            for part in ("inference", "catalog", "worker"):
                wait_until_healthy(part)
                check_confinement(part)
            print(f"  three pods of the chart are ready after {time.monotonic() - begun_s:.1f} s")
            index_and_find(key)


LISTENING = "curl --silent --fail http://localhost:9091/healthz && echo 19530"


def index_and_find(key: str) -> None:
    """A photo goes in and is found, by the address of the pod of the catalogue."""
    address = f"{address_of('armoire-catalog')}:50051"
    with armoire.Client(address, token=key, timeout_s=60.0) as client:
        job = client.wait_for_indexing_job(client.index(PHOTO).id)
        assert job.state is armoire.IndexingJobState.COMPLETE, job
        (best, *_) = client.search(PHOTO, top_k=3).queries[0].hits
        assert best.score > 0.99, best
    print("  a photo is indexed by the worker's pod and found")


def main() -> None:
    if sys.argv[1:] == ["save"]:
        save()
        return
    configure()
    load()
    clear()
    podman("network", "create", "--subnet", f"{SUBNET}.0/24", NETWORK)
    try:
        with tempfile.TemporaryDirectory(prefix="armoire-chart-") as folder:
            check(Path(folder))
    finally:
        clear()


if __name__ == "__main__":
    main()
