"""The changes of the models that callers make, with their audit records."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from domain.errors import Unavailable
from domain.types import Principal
from models.manifest import Task
from services.audit.record import Change
from services.edge.calls import current_principal
from services.inference.repository.hosted_model import HostedModel
from services.inference.repository.model_repository import ModelRepository, changeable
from services.inference.repository.pipeline_source import DEFAULT
from services.shadow.requirement import ShadowRequirement
from services.shadow.shadow import Shadow

_LOG = logging.getLogger("armoire.models")


class Notes(Protocol):
    """Keeps audit records."""

    async def note(self, principal: Principal, change: Change) -> None:
        """Record a change that was made. Raises Unavailable if that cannot be done now."""
        ...


class NoNotes:
    """Keeps none."""

    async def note(self, principal: Principal, change: Change) -> None:
        """See `Notes`."""


async def no_notes() -> Notes:
    return NoNotes()


@dataclass(frozen=True, slots=True, eq=False)
class ModelChanges:
    """Changes the models of this process.

    Each change raises FailedPrecondition where there is no repository, and Unavailable while `notes` cannot
    open what keeps the audit records.
    """

    repository: ModelRepository | None = None
    notes: Callable[[], Awaitable[Notes]] = no_notes
    shadow: Shadow | None = None

    async def load(self, reference: str) -> HostedModel:
        """As `ModelRepository.load`. Raises as that, and what the class says."""
        repository, notes = changeable(self.repository), await self.notes()
        before = set(repository.hosted)
        hosted = await repository.load(reference)
        if hosted not in before:
            name = f"models/{hosted.version.model_version}"
            await _note(notes, Change(name, {}, {"reference": hosted.reference}))
        return hosted

    async def unload(self, name: str) -> None:
        """As `ModelRepository.unload`. Raises as that, and what the class says."""
        repository, notes = changeable(self.repository), await self.notes()
        event = await repository.unload(name)
        await _note(notes, Change(f"models/{event.version}", {"reference": event.reference}, {}))

    async def set_alias(
        self, alias: str, model: str, required: ShadowRequirement | None = None
    ) -> tuple[HostedModel, str]:
        """As `ModelRepository.set_alias`, for a model that meets what is required.

        Raises as that, as `ShadowRequirement.check`, and what the class says.
        """
        repository, notes = changeable(self.repository), await self.notes()
        if required is not None:
            self._require(repository, model, required)
        hosted, previous = await repository.set_alias(alias, model)
        if (version := hosted.version.model_version) != previous:
            before = {"version": previous} if previous else {}
            name = _alias_name(hosted.manifest.task, alias)
            await _note(notes, Change(name, before, {"version": version}))
        return hosted, previous

    def _require(self, repository: ModelRepository, model: str, required: ShadowRequirement) -> None:
        live = repository.aliased("embed", DEFAULT)
        figures = None if self.shadow is None else self.shadow.figures
        version = repository.loaded(model).version.model_version
        required.check(version, "" if live is None else live.version.model_version, figures)

    async def delete_alias(self, alias: str, task: Task) -> None:
        """As `ModelRepository.delete_alias`. Raises as that, and what the class says."""
        repository, notes = changeable(self.repository), await self.notes()
        event = await repository.delete_alias(alias, task)
        await _note(notes, Change(_alias_name(task, alias), {"version": event.version}, {}))


def _alias_name(task: Task, alias: str) -> str:
    return f"aliases/{task}/{alias}"


async def _note(notes: Notes, change: Change) -> None:
    """Record a change of models, which cannot be undone where its record cannot be written."""
    facts: Any = {"before": change.before, "after": change.after}
    try:
        await notes.note(current_principal(), change)
    except Unavailable as error:
        _LOG.error("the change of %s, %s, has no audit record: %s", change.resource, facts, error)
