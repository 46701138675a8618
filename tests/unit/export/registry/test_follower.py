"""What the follower does about an alias that moves, and about servers that refuse or do not answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from armoire.errors import ArmoireError, FailedPrecondition, PermissionDenied, Unavailable
from export.registry.artifact_facts import Facts
from export.registry.follower import LIVE_TAG, REFUSED_TAG, Follower, State
from export.registry.reference import RegistryReference
from export.registry.registry import ModelRegistry, RegisteredVersion

pytestmark = pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy")  # MLflow's tables
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Graph:
    version: str


@dataclass
class Server:
    """Stands for a server: loads whatever is in its folder, unless it is told to fail."""

    folder: Path
    fails_with: ArmoireError | None = None
    default: str = ""
    loaded: list[str] = field(default_factory=list)

    def load_model(self, reference: str) -> tuple[Graph, ...]:
        if self.fails_with is not None:
            raise self.fails_with
        assert (self.folder / reference).is_dir()
        self.loaded.append(reference)
        return (Graph(f"{reference}-abc"),)

    def set_model_alias(self, version: str) -> None:
        self.default = version


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


@pytest.fixture
def follower(registry: ModelRegistry, server: Server, tmp_path: Path) -> Follower:
    return Follower(registry, server, tmp_path, now=lambda: NOON)


def registered(registry: ModelRegistry, folder: Path, name: str, content: bytes) -> RegisteredVersion:
    path = folder / "weights.bin"
    path.write_bytes(content)
    version = registry.register(path, name, Facts())
    path.unlink()
    registry.set_alias(version, "production")
    return version


def test_a_server_follows_an_alias_there_and_back(
    registry: ModelRegistry, follower: Follower, server: Server, tmp_path: Path
) -> None:
    reference = RegistryReference("there-and-back", "production")
    first = registered(registry, tmp_path, reference.name, b"one")
    assert follower.look(reference).state is State.SWITCHED
    assert follower.look(reference).state is State.UNCHANGED
    second = registered(registry, tmp_path, reference.name, b"two")
    assert str(follower.look(reference).version) == str(second)
    assert server.default == "there-and-back-v2-abc"
    registry.set_alias(first, "production")
    assert follower.look(reference).state is State.SWITCHED
    assert server.default == "there-and-back-v1-abc"
    assert server.loaded == ["there-and-back-v1", "there-and-back-v2", "there-and-back-v1"]
    live = [version.tags.get(LIVE_TAG) for version in registry.list(reference.name)]
    assert live == ["2026-11-30T12:00:00+00:00"] * 2


def test_what_a_server_refuses_is_noted_and_tried_again_when_the_alias_moves(
    registry: ModelRegistry, follower: Follower, server: Server, tmp_path: Path
) -> None:
    reference = RegistryReference("refused", "production")
    registered(registry, tmp_path, reference.name, b"one")
    server.fails_with = FailedPrecondition("golden outputs differ")
    outcome = follower.look(reference)
    assert (outcome.state, outcome.why) == (State.REFUSED, "golden outputs differ")
    assert registry.resolve(reference).tags[REFUSED_TAG] == "golden outputs differ"
    server.fails_with = None
    assert follower.look(reference).state is State.UNCHANGED
    registered(registry, tmp_path, reference.name, b"two")
    assert follower.look(reference).state is State.SWITCHED


@pytest.mark.parametrize("error", [Unavailable("no server"), PermissionDenied("wrong key")])
def test_a_server_that_cannot_be_asked_is_asked_again(
    registry: ModelRegistry, follower: Follower, server: Server, tmp_path: Path, error: ArmoireError
) -> None:
    reference = RegistryReference("asked-again", "production")
    registered(registry, tmp_path, reference.name, b"one")
    server.fails_with = error
    outcome = follower.look(reference)
    assert (outcome.state, outcome.why) == (State.UNREACHABLE, error.message)
    server.fails_with = None
    assert follower.look(reference).state is State.SWITCHED


def test_an_alias_that_does_not_exist_yet_is_waited_for(
    registry: ModelRegistry, follower: Follower, tmp_path: Path
) -> None:
    reference = RegistryReference("later", "production")
    assert follower.look(reference).state is State.UNREACHABLE
    registered(registry, tmp_path, "later", b"one")
    assert follower.look(reference).state is State.SWITCHED
