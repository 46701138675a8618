"""The history of the models, and the aliases, both of which outlive the process."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from domain.atomic_file import atomic_file
from domain.clock import now_us
from domain.errors import InvalidInput
from models.manifest import Task

EVENTS_NAME, ALIASES_NAME = "events.jsonl", "aliases.json"


class EventKind(Enum):
    """What happened to a model."""

    LOADED = "LOADED"
    UNLOADED = "UNLOADED"
    ALIAS_SET = "ALIAS_SET"
    ALIAS_DELETED = "ALIAS_DELETED"
    LOAD_FAILED = "LOAD_FAILED"


@dataclass(frozen=True, slots=True)
class ModelEvent:
    """One line of the history; `time_us` is microseconds since 1970, UTC."""

    kind: EventKind
    version: str = ""
    alias: str = ""
    previous_version: str = ""
    reference: str = ""
    message: str = ""
    time_us: int = field(default_factory=now_us)


@dataclass(frozen=True, slots=True)
class Alias:
    """What an alias points to, and from where that model was loaded."""

    task: Task
    name: str
    version: str
    reference: str


@dataclass(frozen=True, slots=True)
class SavedAliases:
    """The aliases of the last run, and the models that its settings named, by task.

    `held` has the models without an alias that the catalogue needs, whatever the settings name.
    """

    configured: Mapping[str, str]
    aliases: tuple[Alias, ...]
    held: tuple[Alias, ...] = ()

    def in_force(self, configured: Mapping[str, str]) -> tuple[Alias, ...]:
        """The aliases of the tasks whose model in the settings is still the same."""
        return tuple(
            alias for alias in self.aliases if self.configured.get(alias.task) == configured.get(alias.task)
        )


_EVENT, _SAVED = TypeAdapter(ModelEvent), TypeAdapter(SavedAliases)


class Journal:
    """The history and the aliases in a folder; without a folder they end with the process."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._events: list[ModelEvent] = []
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._events = _read_events(folder / EVENTS_NAME)
            _end_last_line(folder / EVENTS_NAME)

    def record(self, event: ModelEvent) -> None:
        """Add an event; it is on the disk when this returns."""
        self._events.append(event)
        if self._folder is not None:
            with (self._folder / EVENTS_NAME).open("ab") as file:
                file.write(_EVENT.dump_json(event) + b"\n")
                file.flush()
                os.fsync(file.fileno())

    def events(self, size: int, token: str) -> tuple[Sequence[ModelEvent], str]:
        """A page of events, newest first, and the token of the next page, "" on the last one.

        Raises:
            InvalidInput: the token is none of this journal's.
        """
        end = len(self._events) if not token else _position(token, len(self._events))
        start = max(0, end - size)
        return self._events[start:end][::-1], str(start) if start else ""

    def save(self, saved: SavedAliases) -> None:
        """Keep the aliases for the next start."""
        if self._folder is not None:
            with atomic_file(self._folder / ALIASES_NAME) as file:
                file.write(_SAVED.dump_json(saved, indent=1))
                file.flush()
                os.fsync(file.fileno())

    def saved(self) -> SavedAliases:
        """The aliases of the last run; none where it left none that can be read."""
        try:
            if self._folder is not None:
                return _SAVED.validate_json((self._folder / ALIASES_NAME).read_bytes())
        except (OSError, ValidationError):
            pass
        return SavedAliases({}, ())


def _position(token: str, count: int) -> int:
    if not token.isdecimal() or not 1 <= int(token) <= count:
        raise InvalidInput("page_token", "is not the next_page_token of an earlier page")
    return int(token)


def _end_last_line(path: Path) -> None:
    """Let the next event begin a line, although a crash may have cut off the last one."""
    if path.is_file() and not path.read_bytes().endswith(b"\n"):
        with path.open("ab") as file:
            file.write(b"\n")


def _read_events(path: Path) -> list[ModelEvent]:
    """The events of a file, without lines that a crash has cut off."""
    events: list[ModelEvent] = []
    if path.is_file():
        for line in path.read_bytes().splitlines():
            try:
                events.append(_EVENT.validate_json(line))
            except ValidationError:
                continue
    return events
