"""Images that answer calls: confined, a photo through each, and how they end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import armoire
from demo.server import ROOT
from tests.polling import until
from tests.servers.images.container import (
    CONFINED,
    USER,
    answers,
    container,
    docker,
    memory,
    new_key,
    say,
    volume,
)

PHOTO = ROOT / "samples/striped-tee.jpg"
IN_FLIGHT = 4
POSTGRES = "docker.io/library/postgres:18.1-bookworm"
POSTGRES_OPTIONS = [
    *("--env", "POSTGRES_USER=armoire", "--env", "POSTGRES_DB=armoire"),
    *("--env", "POSTGRES_PASSWORD_FILE=/etc/hostname"),  # a file with something in it
]
MILVUS = "docker.io/milvusdb/milvus:v2.6.16"
MILVUS_OPTIONS = [
    *("--env", "DEPLOY_MODE=STANDALONE", "--env", "ETCD_USE_EMBED=true"),
    *("--env", "ETCD_DATA_DIR=/var/lib/milvus/etcd", "--env", "COMMON_STORAGETYPE=local"),
]
FACTS = """
from services.inference.cores import cpu_count
from services.inference.repository.memory import free_bytes
print(cpu_count(), free_bytes() < 2**31)
"""


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
    say("another user, no capabilities, read-only root, no installer and no compiler, 1 core of --cpus 1")


def find_photo(address: str, key: str) -> None:
    with armoire.Client(address, token=key) as client:
        client.wait_for_indexing_job(client.index(PHOTO, idempotency_key="photo").id)
        (best, *_) = client.search(PHOTO, top_k=3).queries[0].hits
        assert best.score > 0.99, best
    say("a photo is indexed and found")


def stop_while_it_works(name: str, address: str, key: str) -> None:
    """Calls that are in flight at SIGTERM are answered, and the container ends with status 0."""
    with armoire.Client(address, token=key) as client, ThreadPoolExecutor(IN_FLIGHT) as pool:
        client.analyze(PHOTO)
        calls = [pool.submit(client.analyze, PHOTO) for _ in range(IN_FLIGHT)]
        used, begun = memory(name), time.monotonic()
        docker("stop", "--time", "60", name)
        took = time.monotonic() - begun
        assert all(call.result().items for call in calls)
    assert docker("inspect", "--format", "{{.State.ExitCode}}", name) == "0", docker("logs", name)
    say(f"stops after {took:.1f} s with status 0, {used}; {IN_FLIGHT} calls that it had begun are answered")


def check_inference() -> None:
    with container("armoire:inference", *CONFINED) as (name, address):
        check_confinement(name)
        key = new_key(name)
        with armoire.Client(address, token=key) as client:
            assert client.analyze(PHOTO).items
        say("a photo is analyzed")
        stop_while_it_works(name, address, key)


def check_cpu() -> None:
    """With PostgreSQL and a Milvus server in containers of their own."""
    logged = docker("run", "--rm", "armoire:cpu", status=1)
    assert "ARMOIRE_CATALOG__MILVUS_URI names no server" in logged, logged
    say("without stores on servers it ends with status 1 and says so")
    with stores() as options:
        check_life("armoire:cpu", *options)


def check_all_in_one() -> None:
    for entry in ((), ("--entrypoint", "bentoml"), ("--init", "--entrypoint", "bentoml")):
        command = () if not entry else ("serve", "services.app:Armoire")
        logged = docker(
            "run", "--rm", "--env", "ARMOIRE_BOGUS=1", *entry, "armoire:all-in-one", *command, status=1
        )
        assert logged.count("cannot start: unknown setting ARMOIRE_BOGUS") == 1, logged
        assert "Traceback" not in logged
    say("a wrong setting ends the container with status 1 and one line, whatever the first process is")
    check_life("armoire:all-in-one")


def check_bento() -> None:
    """What `bentoml containerize` makes: it has no health check, and is a user of its own."""
    image, client = "armoire:bento", ("python", "-m", "armoire")
    with container(image, "--memory", "2g", "--cpus", "1", client=client) as (name, address):
        assert docker("exec", name, "id", "--user") != "0"
        key = new_key(name, "/home/bentoml/armoire", client)
        find_photo(address, key)
        stop_while_it_works(name, address, key)


def check_life(image: str, *options: str) -> None:
    """Confined; a photo is indexed and found, also by the next container on the same volume."""
    with volume() as data:
        options = (*CONFINED, *options, "--volume", f"{data}:/data")
        with container(image, *options) as (name, address):
            check_confinement(name)
            key = new_key(name)
            find_photo(address, key)
            stop_while_it_works(name, address, key)
        with container(image, *options) as (name, address):
            with armoire.Client(address, token=key) as client:
                assert client.search(PHOTO, top_k=1).queries[0].hits
            say("after a restart the photo is still found")


@contextmanager
def stores() -> Iterator[tuple[str, ...]]:
    """Options of a container that uses a PostgreSQL and a Milvus, as docker/compose starts them."""
    network, started = docker("network", "create", "armoire-test"), list[str]()
    try:
        for name, options, image, *command in (
            ("postgres", POSTGRES_OPTIONS, POSTGRES),
            ("milvus", MILVUS_OPTIONS, MILVUS, "milvus", "run", "standalone"),
        ):
            run = ("run", "--detach", "--network", network, "--network-alias", name, *options)
            started.append(docker(*run, image, *command).splitlines()[-1])
        postgres, milvus = started
        password = docker("exec", postgres, "cat", "/etc/hostname")
        until(lambda: answers(postgres, "pg_isready", "--quiet", "--username=armoire", "--dbname=armoire"))
        until(lambda: answers(milvus, "curl", "--fail", "--silent", "http://localhost:9091/healthz"))
        yield (
            *("--network", network),
            *("--env", f"ARMOIRE_CATALOG__DATABASE_URL=postgresql://armoire:{password}@postgres/armoire"),
            *("--env", "ARMOIRE_CATALOG__MILVUS_URI=http://milvus:19530"),
        )
    finally:
        for each in started:
            docker("rm", "--force", "--volumes", each)
        docker("network", "rm", network)
