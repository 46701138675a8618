"""One inference service with the demo models for the tests of a module, and second versions in its store."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from services.inference.options import InferenceOptions
from services.inference.repository.model_repository import ModelRepository
from services.inference.service import InferenceService
from tests.unit.services.inference.repository.conftest import (
    DETECTOR,
    EMBEDDER,
    TAXONOMY,
    FolderStore,
    second_version,
    version_of,
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> FolderStore:
    root = tmp_path_factory.mktemp("store")
    second_version(DETECTOR, root / "other-detector")
    second_version(EMBEDDER, root / "other-embedder")
    return FolderStore(root)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def inference(
    store: FolderStore, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[InferenceService]:
    options = InferenceOptions(DETECTOR, EMBEDDER, cache_folder=tmp_path_factory.mktemp("cache"))
    service = await InferenceService.load(options, TAXONOMY, lambda *_: None, store)
    yield service
    await service.close()


@pytest_asyncio.fixture(loop_scope="module")
async def repository(inference: InferenceService) -> AsyncIterator[ModelRepository]:
    """The service's, with the demo models alone before and after each test."""
    repository = inference.repository
    assert repository is not None
    yield repository
    first = {version_of(DETECTOR), version_of(EMBEDDER)}
    for version in first:
        await repository.set_alias("default", version)
    for hosted in repository.hosted:
        if hosted.version.model_version not in first:
            for alias in repository.aliases_of(hosted):
                await repository.delete_alias(alias, hosted.manifest.task)
            await repository.unload(hosted.version.model_version)
