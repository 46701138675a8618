"""Changes of models leave one record each; nothing is changed while there can be none."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from armoire.v1 import inference_pb2, models_pb2
from domain.errors import NotFound, Unavailable
from domain.types import Principal
from services.access.sql.access_database import access_database
from services.audit.audit_filter import AuditFilter
from services.audit.record import AuditRecord, Change
from services.audit.trail import AuditTrail
from services.edge.model_changes import ModelChanges, Notes
from services.edge.model_servicer import MODELS, ModelServicer
from services.edge.oip.data_plane import DataPlane
from services.edge.oip.repository import StoredModels
from services.edge.oip.servicer import OPEN_INFERENCE, OpenInferenceServicer
from services.inference.repository.model_repository import ModelRepository
from services.oip.stubs import open_inference_pb2 as pb
from tests.audited import HEADERS, OPERATOR, call, recorded
from tests.unit.services.inference.repository.conftest import DETECTOR, FolderStore, version_of

OTHER = "other-detector"

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(eq=False)
class Server:
    """A server's models, and the records of their changes."""

    repository: ModelRepository
    trail: AuditTrail
    store: FolderStore
    servicers: dict[str, object] = field(init=False)

    def __post_init__(self) -> None:
        changes = ModelChanges(self.repository, self.notes)
        plane = DataPlane(None, lambda: True, stored=StoredModels(changes))  # type: ignore[arg-type]
        oip = OpenInferenceServicer(plane, None)  # type: ignore[arg-type]
        models = ModelServicer(changes)
        self.servicers = dict.fromkeys(recorded(MODELS), models) | dict.fromkeys(
            recorded(OPEN_INFERENCE), oip
        )

    async def notes(self) -> Notes:
        return self.trail

    @property
    def version(self) -> str:
        return version_of(self.store.folder(OTHER))

    async def records(self) -> list[AuditRecord]:
        return list(await self.trail.list(AuditFilter(), 100))


@pytest_asyncio.fixture(loop_scope="module")
async def server(repository: ModelRepository, store: FolderStore, tmp_path: Path) -> AsyncIterator[Server]:
    database = access_database(f"sqlite:///{tmp_path / 'access.db'}")
    await database.open()
    yield Server(repository, AuditTrail(database), store)
    await database.close()


async def load(server: Server) -> tuple[object, str]:
    return models_pb2.LoadModelRequest(reference=OTHER), f"models/{server.version}"


async def unload(server: Server) -> tuple[object, str]:
    await server.repository.load(OTHER)
    return models_pb2.UnloadModelRequest(version=OTHER), f"models/{server.version}"


async def set_alias(server: Server) -> tuple[object, str]:
    await server.repository.load(OTHER)
    return models_pb2.SetModelAliasRequest(alias="trial", version=server.version), "aliases/detect/trial"


async def delete_alias(server: Server) -> tuple[object, str]:
    await server.repository.set_alias("trial", version_of(DETECTOR))
    task = inference_pb2.MODEL_TASK_DETECT
    return models_pb2.DeleteModelAliasRequest(alias="trial", task=task), "aliases/detect/trial"


async def load_stored(server: Server) -> tuple[object, str]:
    return pb.RepositoryModelLoadRequest(model_name=OTHER), f"models/{server.version}"


async def unload_stored(server: Server) -> tuple[object, str]:
    await server.repository.load(OTHER)
    return pb.RepositoryModelUnloadRequest(model_name=OTHER), f"models/{server.version}"


SCENARIOS: Mapping[str, Callable[[Server], Awaitable[tuple[object, str]]]] = {
    "LoadModel": load,
    "UnloadModel": unload,
    "SetModelAlias": set_alias,
    "DeleteModelAlias": delete_alias,
    "RepositoryModelLoad": load_stored,
    "RepositoryModelUnload": unload_stored,
}
FACTS = {
    "LoadModel": ({}, {"reference": OTHER}),
    "RepositoryModelUnload": ({"reference": OTHER}, {}),
    "DeleteModelAlias": ({"version": version_of(DETECTOR)}, {}),
}


@pytest.mark.parametrize("method", [*recorded(MODELS), *recorded(OPEN_INFERENCE)])
async def test_each_change_leaves_one_record(server: Server, method: str) -> None:
    request, resource = await SCENARIOS[method](server)
    await call(OPERATOR, server.servicers[method], method, request)
    (record,) = await server.records()
    assert (record.action, record.resource) == (method, resource)
    assert (record.tenant_id, record.actor) == ("default", OPERATOR.subject)
    assert (record.end_user, record.request_id) == (HEADERS["armoire-end-user"], HEADERS["x-request-id"])
    if method in FACTS:
        assert (record.before, record.after) == FACTS[method]


async def test_what_changes_nothing_or_fails_leaves_no_record(server: Server) -> None:
    changes = ModelChanges(server.repository, server.notes)
    version = version_of(DETECTOR)
    await server.repository.load(OTHER)
    await changes.load(OTHER)
    await changes.set_alias("default", version)
    for refused in (changes.load("none"), changes.unload("none"), changes.set_alias("trial", "none")):
        with pytest.raises(NotFound):
            await refused
    assert await server.records() == []


async def test_nothing_is_changed_while_records_cannot_be_opened(server: Server) -> None:
    async def closed() -> Notes:
        raise Unavailable("the database cannot be reached", reason="DATABASE_UNAVAILABLE")

    before = server.repository.hosted
    with pytest.raises(Unavailable):
        await ModelChanges(server.repository, closed).load(OTHER)
    assert server.repository.hosted == before


async def test_a_change_without_a_record_is_in_the_log(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    class Full:
        async def note(self, principal: Principal, change: Change) -> None:
            raise Unavailable("the database has no room", reason="DATABASE_FULL")

    async def notes() -> Notes:
        return Full()

    caplog.set_level(logging.ERROR, "armoire.models")
    await ModelChanges(server.repository, notes).load(OTHER)
    (line,) = caplog.messages
    assert f"models/{server.version}" in line
    assert "no room" in line
