"""Containers of images, confined as far as a server allows, and what they answer."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from demo.server import free_port

USER = "54321:0"
CONFINED = [
    *("--read-only", "--user", USER, "--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
    *("--tmpfs", "/tmp:size=64m", "--memory", "2g", "--cpus", "1", "--pids-limit", "512"),
]
STARTED_S = 300.0
CLIENT = ("armoire",)


def docker(*arguments: str, status: int = 0, stdin: str = "") -> str:
    """What a command of Docker prints, errors too. Raises AssertionError for another status."""
    done = subprocess.run(
        ["docker", *arguments],
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == status, f"docker {' '.join(arguments)}: {done.returncode}\n{done.stdout}"
    return done.stdout.strip()


def say(text: str) -> None:
    print(f"  {text}", flush=True)


@contextmanager
def container(image: str, *options: str, client: Sequence[str] = CLIENT) -> Iterator[tuple[str, str]]:
    """(id, address of gRPC) of a container that answers; it is removed afterwards.

    `client` is the project's command line in the image.
    """
    port = free_port()
    begun = time.monotonic()
    name = docker("run", "--detach", "--publish", f"127.0.0.1:{port}:50051", *options, image).splitlines()[-1]
    try:
        _wait_serving(name, begun, client)
        yield name, f"127.0.0.1:{port}"
    finally:
        docker("rm", "--force", name)


def _wait_serving(name: str, begun: float, client: Sequence[str]) -> None:
    while not answers(name, *client, "health"):
        assert docker("inspect", "--format", "{{.State.Running}}", name) == "true", docker("logs", name)
        assert time.monotonic() - begun < STARTED_S, docker("logs", name)
        time.sleep(0.2)
    say(f"serves after {time.monotonic() - begun:.1f} s, {memory(name)}")


def answers(name: str, *command: str) -> bool:
    """Whether a command in a container ends with status 0."""
    return not subprocess.run(["docker", "exec", name, *command], capture_output=True, check=False).returncode


def memory(name: str) -> str:
    return docker("stats", "--no-stream", "--format", "{{.MemUsage}}", name)


@contextmanager
def volume() -> Iterator[str]:
    name = docker("volume", "create")
    try:
        yield name
    finally:
        docker("volume", "rm", name)


def new_key(name: str, home: str = "/data/armoire", client: Sequence[str] = CLIENT) -> str:
    """A key that may do what a shop does, made with the first administrator's."""
    first = docker("exec", name, "cat", f"{home}/first-admin-key")
    create = [*client, "admin", "key", "create", "--name", "shop", "--json"]
    scopes = [word for scope in ("read", "write", "infer") for word in ("--scope", scope)]
    made = docker("exec", "--env", f"ARMOIRE_API_KEY={first}", name, *create, *scopes)
    line = next(
        line for line in made.splitlines() if line.startswith("{")
    )  # what it says on stderr may come first
    return str(json.loads(line)["key"])
