"""The calls on loaded models and their aliases."""

from __future__ import annotations

from collections.abc import AsyncIterator

from armoire.async_caller import AsyncCaller
from armoire.calls import models
from armoire.deadlines import WAIT_TIMEOUT_S
from armoire.values.inference import Model, ModelTask
from armoire.values.models import AliasChange, ModelEvent, ShadowReport, ShadowRequirement
from armoire.values.types import Page


class AsyncModelMethods:
    """The calls on loaded models and their aliases."""

    _caller: AsyncCaller

    async def models(
        self, *, include_stored: bool = False, timeout_s: float | None = None
    ) -> tuple[Model, ...]:
        """The loaded models with their provenance and parity figures; and those that can be loaded, where
        asked for."""
        return await self._caller.run(models.list_models(include_stored), timeout_s)

    async def load_model(
        self, reference: str, *, timeout_s: float | None = WAIT_TIMEOUT_S
    ) -> tuple[Model, ...]:
        """Loads a model beside the others, which go on answering; returns its graphs. `reference` is a tag of
        the server's model store, or a name in its model folder."""
        return await self._caller.run(models.load_model(reference), timeout_s)

    async def unload_model(self, version: str, *, timeout_s: float | None = WAIT_TIMEOUT_S) -> None:
        """Unloads a model, named by its version or its reference, after its last call.

        No alias may point to it."""
        await self._caller.run(models.unload_model(version), timeout_s)

    async def set_model_alias(
        self,
        version: str,
        *,
        alias: str = "default",
        required_shadow: ShadowRequirement | None = None,
        timeout_s: float | None = None,
    ) -> AliasChange:
        """Lets an alias point to a loaded model, named by its version or its reference.

        With `required_shadow` only if `get_shadow_report` says as much of it; raises `FailedPrecondition`
        otherwise.
        """
        return await self._caller.run(models.set_model_alias(alias, version, required_shadow), timeout_s)

    async def get_shadow_report(self, *, timeout_s: float | None = None) -> ShadowReport:
        """How far the embedder with the alias "shadow" agrees with the default one, in the process that
        answers.
        """
        return await self._caller.run(models.get_shadow_report(), timeout_s)

    async def delete_model_alias(
        self, alias: str, task: ModelTask, *, timeout_s: float | None = None
    ) -> None:
        """Removes an alias of the models for a task."""
        await self._caller.run(models.delete_model_alias(alias, task), timeout_s)

    async def list_model_events(
        self, *, page_size: int = 0, page_token: str = "", timeout_s: float | None = None
    ) -> Page[ModelEvent]:
        """A page of what was loaded, unloaded and pointed to, newest first."""
        return await self._caller.run(models.list_model_events(page_size, page_token), timeout_s)

    def iter_model_events(
        self, *, page_size: int = 0, timeout_s: float | None = None
    ) -> AsyncIterator[ModelEvent]:
        """Like `list_model_events`, page after page; `timeout_s` is for each."""
        return self._caller.each(lambda token: models.list_model_events(page_size, token), timeout_s)
