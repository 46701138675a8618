"""A server that follows an alias of the registry while callers call it."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from armoire import Client
from armoire.errors import ArmoireError
from demo.server import ROOT, ServerProcess
from export.registry.artifact_facts import facts_of
from export.registry.follower import LIVE_TAG, REFUSED_TAG
from export.registry.registry import ModelRegistry, RegisteredVersion
from tests.servers.registry.site import RegistrySite
from tests.servers.registry.training import say
from tests.unit.services.inference.repository.conftest import DETECTOR, second_version

PHOTO = sorted((ROOT / "samples").glob("*.jpg"))[0]
NAME, ALIAS = "garments", "production"
CALLERS = 2
PATIENCE_S = 600.0


@dataclass(eq=False)
class AnalyzeLoad:
    """Callers who send a photo again and again; as a context manager they do so inside."""

    address: str
    versions: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._call) for _ in range(CALLERS)]

    def __enter__(self) -> AnalyzeLoad:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, version: str) -> float:
        """Wait for one more answer of this version of the detector; returns the seconds."""
        started_s, before = time.monotonic(), self.versions[version]
        while self.versions[version] == before:
            assert time.monotonic() - started_s < PATIENCE_S, f"{version} never answered; {self.failures}"
            time.sleep(0.05)
        return time.monotonic() - started_s

    def _call(self) -> None:
        with Client(self.address, timeout_s=120.0) as client:
            while not self._ending.is_set():
                try:
                    self.versions[client.analyze(PHOTO).detector_version] += 1
                except ArmoireError as error:
                    self.failures.append(repr(error))


def check_following(site: RegistrySite) -> None:
    """Move an alias between two versions, to one that is damaged, and back, under load."""
    models = site.folder / "models"
    models.mkdir()
    registry = ModelRegistry.at(site.uri, site.folder)
    first, second, damaged = _versions(registry, site.folder)
    registry.set_alias(first, ALIAS)
    settings = {"ARMOIRE_MODELS__FOLDER": str(models)}
    server = ServerProcess(site.folder / "server", "services.app:Inference", settings)
    with server, AnalyzeLoad(server.address) as load, _follower(site, server, models):
        for version in (second, first, second, first):
            registry.set_alias(version, ALIAS)
            took_s = load.wait_for(version.tags["model_version"])
            say(f"{version}: answers {took_s:.1f} s after the alias moved")
        graph = registry.download(damaged, models / f"{NAME}-v{damaged.version}") / "detector.onnx"
        graph.write_bytes(graph.read_bytes()[:-1])
        registry.set_alias(damaged, ALIAS)
        _wait_until_refused(registry, damaged)
        load.wait_for(first.tags["model_version"])
        say(f"{damaged}: refused, the one before goes on answering")
        _check_history(server, registry, first, second, damaged)
    assert not load.failures, load.failures[:5]
    assert damaged.tags["model_version"] not in load.versions, load.versions
    say(f"{sum(load.versions.values())} calls answered, by {len(load.versions)} versions; none failed")


def _versions(registry: ModelRegistry, folder: Path) -> list[RegisteredVersion]:
    names = ("one", "two", "three")
    artifacts = [second_version(DETECTOR, folder / name) for name in names]
    return [registry.register(artifact, NAME, facts_of(artifact)) for artifact in artifacts]


@contextmanager
def _follower(site: RegistrySite, server: ServerProcess, models: Path) -> Iterator[None]:
    """`python -m export.registry follow` in a process of its own."""
    options = f"--server {server.address} --folder {models} --every 1"
    command = f"-m export.registry follow mlflow:{NAME}@{ALIAS} {options}"
    with (site.folder / "follow.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command.split()], cwd=ROOT, env=site.environment, stdout=log, stderr=log
        )
    try:
        yield
        assert process.poll() is None, (site.folder / "follow.log").read_text()
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(60)
        process.kill()


def _wait_until_refused(registry: ModelRegistry, version: RegisteredVersion) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while REFUSED_TAG not in _now(registry, version).tags:
        assert time.monotonic() < deadline, f"{version} was not refused"
        time.sleep(0.5)


def _check_history(
    server: ServerProcess, registry: ModelRegistry, first: RegisteredVersion, *others: RegisteredVersion
) -> None:
    """The server's events and the registry's tags say what was live."""
    with Client(server.address) as client:
        served = [event.version for event in client.list_model_events().items]
    for version in (first, others[0]):
        assert served.count(version.tags["model_version"]) >= 2, served
        assert LIVE_TAG in _now(registry, version).tags, version
    assert LIVE_TAG not in _now(registry, others[1]).tags
    say(f"the history has {len(served)} events; tags say since when each version was live")


def _now(registry: ModelRegistry, version: RegisteredVersion) -> RegisteredVersion:
    return next(each for each in registry.list(version.name) if each.version == version.version)
