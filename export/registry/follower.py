"""Lets a running server serve what an alias of the registry points to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from armoire.errors import ArmoireError as CallFailed
from armoire.errors import FailedPrecondition, InvalidInput, NotFound
from domain.errors import ArmoireError
from export.registry.reference import RegistryReference
from export.registry.registry import ModelRegistry, RegisteredVersion

LIVE_TAG, REFUSED_TAG = "armoire.live_since", "armoire.refused"
"""Tags of versions: when a server took it last, in ISO 8601; and why a server did not take it."""

_REFUSALS = (FailedPrecondition, InvalidInput, NotFound)
"""Of a server that has looked at the model; whatever else fails is tried again."""


class LoadedGraph(Protocol):
    """A graph of a model that a server has loaded; all graphs of a model have its version."""

    @property
    def version(self) -> str: ...


class ModelServer(Protocol):
    """What is asked of a server; `armoire.Client` is one."""

    def load_model(self, reference: str) -> Sequence[LoadedGraph]: ...

    def set_model_alias(self, version: str) -> object: ...


class State(StrEnum):
    """What became of a look at the registry."""

    UNCHANGED = "unchanged"
    SWITCHED = "switched"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a look at the registry, and why where the alias is not followed."""

    reference: RegistryReference
    state: State
    version: RegisteredVersion | None = None
    why: str = ""

    def __str__(self) -> str:
        what = str(self.reference) if self.version is None else f"{self.reference} is {self.version}"
        return f"{what}: {self.state}{f' ({self.why})' if self.why else ''}"


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True, eq=False)
class Follower:
    """Downloads the version that an alias points to into the server's model folder and switches to it.

    The server checks it as any other model before it answers a call: hashes, parity figures, golden outputs,
    memory. What it refuses is tried again only when the alias has moved; what cannot be reached, each time.

    Attributes:
        folder: the server's `ARMOIRE_MODELS__FOLDER`.
    """

    registry: ModelRegistry
    server: ModelServer
    folder: Path
    now: Callable[[], datetime] = _now
    _done: dict[RegistryReference, str] = field(default_factory=dict, init=False)

    def look(self, reference: RegistryReference) -> Outcome:
        """Compare the alias with what was done about it last, and follow it if it has moved."""
        version = None
        try:
            version = self.registry.resolve(reference)
            if self._done.get(reference) == version.version:
                return Outcome(reference, State.UNCHANGED, version)
            return self._follow(reference, version)
        except (ArmoireError, CallFailed) as error:
            return Outcome(reference, State.UNREACHABLE, version, error.message)

    def _follow(self, reference: RegistryReference, version: RegisteredVersion) -> Outcome:
        name = f"{version.name}-v{version.version}"
        self.registry.download(version, self.folder / name)
        try:
            model, *_ = self.server.load_model(name)
            self.server.set_model_alias(model.version)
        except _REFUSALS as error:
            outcome = Outcome(reference, State.REFUSED, version, error.message)
            self.registry.set_tag(version, REFUSED_TAG, error.message[:500])
        else:
            outcome = Outcome(reference, State.SWITCHED, version)
            self.registry.set_tag(version, LIVE_TAG, self.now().isoformat(timespec="seconds"))
        self._done[reference] = version.version
        return outcome
