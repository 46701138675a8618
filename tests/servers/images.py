"""Runs the images in containers: `make test-images`, which builds them and starts a Docker engine of its own.

Each check prints what it has found; the first that does not hold ends the run with its reason.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import armoire
from demo.server import ROOT, free_port

PHOTO = ROOT / "samples/striped-tee.jpg"
USER = "54321:0"
HARDENED = [
    *("--read-only", "--user", USER, "--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
    *("--tmpfs", "/tmp:size=64m", "--memory", "2g", "--cpus", "1", "--pids-limit", "512"),
]
STARTED_S = 300.0
IN_FLIGHT = 4
FACTS = """
from services.inference.cores import cpu_count
from services.inference.repository.memory import free_bytes
print(cpu_count(), free_bytes() < 2**31)
"""


def docker(*arguments: str, status: int = 0) -> str:
    """What a command of Docker prints, errors too. Raises AssertionError for another status."""
    done = subprocess.run(
        ["docker", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert done.returncode == status, f"docker {' '.join(arguments)}: {done.returncode}\n{done.stdout}"
    return done.stdout.strip()


@contextmanager
def container(image: str, *options: str) -> Iterator[tuple[str, str]]:
    """(id, address of gRPC) of a container that answers; it is removed afterwards."""
    port = free_port()
    begun = time.monotonic()
    name = docker("run", "--detach", "--publish", f"127.0.0.1:{port}:50051", *options, image).splitlines()[-1]
    try:
        _wait_serving(name, begun)
        yield name, f"127.0.0.1:{port}"
    finally:
        docker("rm", "--force", name)


def _wait_serving(name: str, begun: float) -> None:
    while subprocess.run(
        ["docker", "exec", name, "armoire", "health"], capture_output=True, check=False
    ).returncode:
        state = docker("inspect", "--format", "{{.State.Running}}", name)
        assert state == "true", docker("logs", name)
        assert time.monotonic() - begun < STARTED_S, docker("logs", name)
        time.sleep(0.2)
    print(f"  serves after {time.monotonic() - begun:.1f} s, {_memory(name)}")


def _memory(name: str) -> str:
    return docker("stats", "--no-stream", "--format", "{{.MemUsage}}", name)


def new_key(name: str) -> str:
    """A key that may do what a shop does, made with the first administrator's."""
    first = docker("exec", name, "cat", "/data/armoire/first-admin-key")
    create = ["admin", "key", "create", "--name", "shop", "--json"]
    scopes = [word for scope in ("read", "write", "infer") for word in ("--scope", scope)]
    made = docker("exec", "--env", f"ARMOIRE_API_KEY={first}", name, "armoire", *create, *scopes)
    return str(json.loads(made.splitlines()[0])["key"])


def check_confinement(name: str) -> None:
    status = docker("exec", name, "cat", "/proc/self/status")
    assert "CapEff:\t0000000000000000" in status
    assert "NoNewPrivs:\t1" in status
    assert docker("exec", name, "id", "--user") == USER.partition(":")[0]
    assert "Read-only file system" in docker("exec", name, "touch", "/app/x", status=1)
    assert docker("exec", name, "cat", "/proc/1/comm") == "tini"
    for tool in ("pip", "gcc", "git", "curl"):
        docker("exec", name, "sh", "-c", f"! command -v {tool}")
    assert docker("exec", name, "python", "-c", FACTS) == "1 True", "the limits of the container"
    print("  another user, no capabilities, read-only root, no installer and no compiler, 1 core of --cpus 1")


def find_photo(address: str, key: str) -> None:
    with armoire.Client(address, token=key) as client:
        client.wait_for_indexing_job(client.index(PHOTO, idempotency_key="photo").id)
        (best, *_) = client.search(PHOTO, top_k=3).queries[0].hits
        assert best.score > 0.99, best
    print("  a photo is indexed and found")


def stop_while_it_works(name: str, address: str, key: str) -> None:
    """Calls that are in flight at SIGTERM are answered, and the container ends with status 0."""
    with armoire.Client(address, token=key) as client, ThreadPoolExecutor(IN_FLIGHT) as pool:
        client.analyze(PHOTO)
        calls = [pool.submit(client.analyze, PHOTO) for _ in range(IN_FLIGHT)]
        begun = time.monotonic()
        docker("stop", "--time", "60", name)
        took = time.monotonic() - begun
        assert all(call.result().items for call in calls)
    assert docker("inspect", "--format", "{{.State.ExitCode}}", name) == "0", docker("logs", name)
    print(f"  stops after {took:.1f} s with status 0; {IN_FLIGHT} calls that it had begun are answered")


def check_all_in_one() -> None:
    volume = docker("volume", "create")
    try:
        with container("armoire:all-in-one", *HARDENED, "--volume", f"{volume}:/data") as (name, address):
            check_confinement(name)
            key = new_key(name)
            find_photo(address, key)
            stop_while_it_works(name, address, key)
        with container("armoire:all-in-one", *HARDENED, "--volume", f"{volume}:/data") as (name, address):
            with armoire.Client(address, token=key) as client:
                assert client.search(PHOTO, top_k=1).queries[0].hits
            print("  after a restart the photo is still found")
    finally:
        docker("volume", "rm", volume)


def check_inference() -> None:
    with container("armoire:inference", *HARDENED) as (name, address):
        with armoire.Client(address, token=new_key(name)) as client:
            assert client.analyze(PHOTO).items
        print("  a photo is analyzed")


def check_failures() -> None:
    for entry in ((), ("--entrypoint", "bentoml"), ("--init", "--entrypoint", "bentoml")):
        command = () if not entry else ("serve", "services.app:Armoire")
        logged = docker(
            "run", "--rm", "--env", "ARMOIRE_BOGUS=1", *entry, "armoire:all-in-one", *command, status=1
        )
        assert logged.count("cannot start: unknown setting ARMOIRE_BOGUS") == 1, logged
        assert "Traceback" not in logged
    logged = docker("run", "--rm", "armoire:cpu", status=1)
    assert "ARMOIRE_CATALOG__MILVUS_URI names no server" in logged, logged
    print("  a wrong setting ends the container with status 1 and one line, whatever the first process is")


def show_sizes() -> None:
    for image in ("inference", "cpu", "all-in-one"):
        layers = docker("history", "--format", "{{.Size}} {{.CreatedBy}}", f"armoire:{image}").splitlines()
        own = [line[:60] for line in layers if not line.startswith("0B")]
        print(f"  armoire:{image}", *own, sep="\n    ")


CHECKS = (show_sizes, check_failures, check_inference, check_all_in_one)


def main(names: list[str]) -> None:
    """Those of the checks that are named, or all."""
    for check in CHECKS:
        if not names or check.__name__ in names:
            print(check.__name__)
            check()


if __name__ == "__main__":
    assert Path.cwd() == ROOT, f"run it in {ROOT}"
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    main(sys.argv[1:])
