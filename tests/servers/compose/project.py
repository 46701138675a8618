"""A compose project of its own: secrets, ports and volumes that are removed with it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from armoire import Client
from armoire.channel import tls_credentials
from demo.server import ROOT, free_port
from tests.servers.compose.secret_files import make_secrets

PROGRAM = ROOT / ".venv-deploy/bin/docker-compose"
NAME = "armoire-test"
START_S = 600


@dataclass(eq=False)
class Project:
    """The services of compose.yaml with the files of `layout`, from a copy of docker/ below `folder`."""

    folder: Path
    layout: Sequence[str]
    key: str
    port: int = field(default_factory=free_port)
    mlflow_port: int = field(default_factory=free_port)

    @property
    def ca_file(self) -> Path:
        return self.folder / "ca.pem"

    @property
    def address(self) -> str:
        return f"localhost:{self.port}"

    def client(self) -> Client:
        """A client that goes through the proxy, by TLS and with a key."""
        credentials = tls_credentials(self.ca_file.read_bytes())
        return Client(self.address, credentials=credentials, token=self.key, timeout_s=60.0)

    @property
    def command(self) -> list[str]:
        """Compose with the files, to be run in the folder of compose.yaml."""
        files = [word for name in ("compose.yaml", *self.layout) for word in ("--file", name)]
        return [str(PROGRAM), "--project-name", NAME, *files]

    def compose(self, *arguments: str) -> str:
        """What a command of Compose prints. Raises AssertionError where it fails."""
        profiles = [word for name in ("monitoring", "training", "commands") for word in ("--profile", name)]
        done = self._run([*self.command, *profiles, *arguments], {})
        assert done.returncode == 0, f"compose {' '.join(arguments)}: {done.stderr[-4000:]}"
        return done.stdout

    def backup(self, *arguments: str, status: int = 0) -> str:
        """What `backup` says. Raises AssertionError for another status."""
        done = self._run(["./backup", *arguments], {"COMPOSE": " ".join(self.command)})
        assert done.returncode == status, f"backup {' '.join(arguments)}: {done.stderr[-4000:]}"
        return done.stderr

    def _run(self, command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        ports = {"PORT": str(self.port), "MLFLOW_PORT": str(self.mlflow_port)}
        return subprocess.run(
            command,
            cwd=self.folder / "docker/compose",
            env={**os.environ, **ports, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def up(self, services: Sequence[str]) -> float:
        """Start the services and wait until they are healthy; returns the seconds."""
        begun_s = time.monotonic()
        options = ("--detach", "--wait", "--wait-timeout", str(START_S), "--no-build", "--pull", "never")
        try:
            self.compose("up", *options, *services)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.compose('logs', '--tail', '30', 'armoire')}") from None
        self.fetch_certificate()
        return time.monotonic() - begun_s

    def fetch_certificate(self) -> None:
        """Have the certificate that Caddy signs those of localhost with."""
        root = "/data/caddy/pki/authorities/local/root.crt"
        self.compose("cp", f"proxy:{root}", str(self.ca_file))

    def container(self, service: str) -> str:
        return self.compose("ps", "--quiet", service).strip()

    def has_image(self, service: str) -> bool:
        """Whether the engine has the image of a service, which is a stand-in here."""
        names = self.compose("config", "--images", service).split()
        return all(
            subprocess.run(["docker", "image", "inspect", name], capture_output=True, check=False).returncode
            == 0
            for name in names
        )

    def kill(self, service: str) -> None:
        """SIGKILL to the first process of a service, and so to all of it, which Docker takes for a crash."""
        state = json.loads(docker("inspect", "--format", "{{json .State}}", self.container(service)))
        os.kill(state["Pid"], signal.SIGKILL)

    def restarts(self, service: str) -> int:
        return int(docker("inspect", "--format", "{{.RestartCount}}", self.container(service)))

    def memory(self) -> dict[str, str]:
        """The memory of each container, by service."""
        said = docker("stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}").splitlines()
        lines = [line.split(" ", 1) for line in said if line.startswith(f"{NAME}-")]
        return {name.removeprefix(f"{NAME}-").rpartition("-")[0]: use.split(" /")[0] for name, use in lines}


def docker(*arguments: str) -> str:
    """What a command of Docker prints. Raises CalledProcessError."""
    done = subprocess.run(["docker", *arguments], check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


@contextmanager
def project(folder: Path, layout: Sequence[str]) -> Iterator[Project]:
    """A project that is down and without volumes afterwards."""
    shutil.copytree(ROOT / "docker", folder / "docker", ignore=shutil.ignore_patterns("secrets", ".env"))
    made = Project(folder, layout, make_secrets(folder / "docker"))
    try:
        yield made
    finally:
        made.compose("down", "--volumes", "--remove-orphans", "--timeout", "60")
