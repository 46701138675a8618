"""Models of the store by name: loaded, unloaded, listed."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable

import httpx
import pytest

from domain.errors import ArmoireError, FailedPrecondition, InvalidInput, NotFound, Unimplemented
from services.edge.http.app import build_http_app
from services.edge.http.options import HttpOptions
from services.edge.model_changes import ModelChanges
from services.edge.oip.data_plane import DataPlane, FixedModels
from services.edge.oip.models import IndexState
from services.edge.oip.repository import StoredModels
from services.inference.repository.model_repository import ModelRepository
from tests.turns import until
from tests.unit.services.edge.oip.doubling import Backend
from tests.unit.services.inference.repository.conftest import (
    DETECTOR,
    FolderStore,
    version_of,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def stored(repository: ModelRepository) -> StoredModels:
    return StoredModels(ModelChanges(repository))


async def index(stored: StoredModels) -> list[tuple[str, str, str]]:
    return [(entry.name, entry.state.value, entry.reason) for entry in await stored.entries()]


async def test_a_model_is_loaded_and_unloaded_by_its_reference(
    stored: StoredModels, repository: ModelRepository
) -> None:
    at_rest = [("other-detector", "UNAVAILABLE", "unloaded"), ("other-embedder", "UNAVAILABLE", "unloaded")]
    assert await index(stored) == at_rest
    await stored.load("other-detector")
    assert await index(stored) == at_rest[1:]
    assert stored.is_loaded("other-detector")
    assert not stored.is_loaded("other-detector", "another")
    await stored.unload("other-detector")
    assert not stored.is_loaded("other-detector")
    assert await index(stored) == at_rest
    kinds = [event.kind.name for event in repository.events(2, "")[0]]
    assert kinds == ["UNLOADED", "LOADED"]


async def test_a_model_is_unloaded_by_its_version(stored: StoredModels, store: FolderStore) -> None:
    await stored.load("other-detector")
    await stored.unload(version_of(store.folder("other-detector")))
    assert not stored.is_loaded("other-detector")


async def test_a_load_over_http_may_take_any_time(stored: StoredModels) -> None:
    """The calls of its warm-up would have no time left otherwise."""
    plane = DataPlane(FixedModels({}), lambda: True, stored=stored)
    app = build_http_app(lambda: Backend(plane), HttpOptions(deadline_s=0.0))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://server") as http:
        reply = await http.post("/v2/repository/models/other-detector/load")
    assert (reply.status_code, reply.json()) == (200, {})
    assert stored.is_loaded("other-detector")


async def test_a_model_that_is_being_loaded_is_listed_as_such(
    stored: StoredModels, repository: ModelRepository
) -> None:
    loading = asyncio.create_task(stored.load("other-embedder"))
    await until(lambda: repository.loading)
    (entry,) = [entry for entry in await stored.entries() if entry.name == "other-embedder"]
    assert entry.state is IndexState.LOADING
    await loading


async def test_what_cannot_be_loaded_is_listed_with_the_reason(
    stored: StoredModels, store: FolderStore
) -> None:
    (store.root / "empty").mkdir()
    (store.root / "empty/manifest.json").write_text("{}")
    name, state, reason = (await index(stored))[0]
    assert (name, state) == ("empty", "UNAVAILABLE")
    assert "manifest" in reason
    shutil.rmtree(store.root / "empty")


@pytest.mark.parametrize(
    ("change", "kind", "told"),
    [
        (lambda stored: stored.load("no-such-model"), NotFound, "model 'no-such-model' does not exist"),
        (lambda stored: stored.load(""), InvalidInput, "model_name: must not be empty"),
        (lambda stored: stored.load("other-detector", ["config"]), Unimplemented, r"parameters\[config\]"),
        (lambda stored: stored.load("x", ["file:1/a.onnx"]), Unimplemented, r"parameters\[file:1/a\.onnx\]"),
        (lambda stored: stored.unload(""), InvalidInput, "model_name: must not be empty"),
        (lambda stored: stored.unload("other-detector"), NotFound, "loaded model 'other-detector' does not"),
        (lambda stored: stored.unload(str(DETECTOR)), FailedPrecondition, "is 'default': point the alias"),
    ],
)
async def test_a_change_that_cannot_be_made_is_refused(
    stored: StoredModels,
    change: Callable[[StoredModels], Awaitable[None]],
    kind: type[ArmoireError],
    told: str,
) -> None:
    with pytest.raises(kind, match=told):
        await change(stored)


async def test_models_of_an_edge_never_change() -> None:
    stored = StoredModels()
    for change in (stored.load, stored.unload):
        with pytest.raises(FailedPrecondition) as refused:
            await change("other-detector")
        assert refused.value.reason == "MODELS_ARE_FIXED"
    assert await stored.entries() == ()
    assert not stored.is_loaded("other-detector")
