"""The models of the model store, which are loaded and unloaded by name."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.errors import InvalidInput, Unimplemented
from services.edge.model_changes import ModelChanges
from services.edge.oip.models import IndexEntry, IndexState
from services.inference.repository.hosted_model import ModelState
from services.inference.repository.listing import ListedGraph, UnusableModel, listed_graphs, stored_graphs
from services.inference.repository.model_repository import ModelRepository

CONFIG, FILE = "config", "file:"
"""Parameters of a load that replace files of the model. Source: Triton's model repository extension."""
UNLOADED = "unloaded"
"""The reason for which a model at rest is not available. Source: Triton Inference Server."""


@dataclass(frozen=True, slots=True, eq=False)
class StoredModels:
    """Loads and unloads as ModelService does."""

    changes: ModelChanges = ModelChanges()

    @property
    def repository(self) -> ModelRepository | None:
        return self.changes.repository

    async def load(self, reference: str, parameters: Iterable[str] = ()) -> None:
        """Load a model of the store beside the others; `parameters` are the names of those that were given.

        Raises as `ModelChanges.load`, and:
            InvalidInput: the reference is empty.
            Unimplemented: a parameter replaces the model's configuration or files.
        """
        for name in parameters:
            if name == CONFIG or name.startswith(FILE):
                text = "this server loads models as they are in its model store"
                raise Unimplemented(f"parameters[{name}]", text)
        await self.changes.load(_named(reference))

    async def unload(self, name: str) -> None:
        """Unload a model by its version, or by the reference from which it was loaded.

        Raises as `ModelChanges.unload`, and:
            InvalidInput: the name is empty.
        """
        await self.changes.unload(_named(name))

    def is_loaded(self, reference: str, version: str = "") -> bool:
        """Whether a model that was loaded from here, and is of this version if one is given, is ready."""
        return self.repository is not None and any(
            model.reference == reference
            and version in ("", model.version.model_version)
            and model.state is ModelState.READY
            for model in self.repository.hosted
        )

    async def entries(self) -> Sequence[IndexEntry]:
        """The models that are being loaded, and those at rest, by reference."""
        if self.repository is None:
            return ()
        loading = [graph for graph in listed_graphs(self.repository) if graph.state is ModelState.LOADING]
        stored = await asyncio.to_thread(list, stored_graphs(self.repository))
        return list(dict.fromkeys(map(_entry, [*loading, *stored])))


def _entry(listed: ListedGraph | UnusableModel) -> IndexEntry:
    if isinstance(listed, UnusableModel):
        return IndexEntry(listed.reference, "", IndexState.UNAVAILABLE, listed.failure)
    version = listed.version.model_version
    if listed.state is ModelState.LOADING:
        return IndexEntry(listed.reference, version, IndexState.LOADING)
    return IndexEntry(listed.reference, version, IndexState.UNAVAILABLE, UNLOADED)


def _named(name: str) -> str:
    if not name:
        raise InvalidInput("model_name", "must not be empty")
    return name
