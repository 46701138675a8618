"""Versions of the real models by the names of the protocol: which one answers, and what is counted for it."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from bench.model_pair import ROOT
from domain.errors import NotFound
from services.edge.oip.data_plane import DataPlane
from services.edge.oip.inference import InferRequest, InferResponse
from services.edge.oip.models import IndexState
from services.edge.oip.served_models import ServedModels
from services.edge.oip.tensors import Tensor, stacked_bytes
from services.edge.validation import RequestLimits
from services.inference.repository.model_repository import ModelRepository
from services.inference.service import InferenceService
from tests.classifier_artifact import write_classifier
from tests.unit.services.inference.repository.conftest import DETECTOR, EMBEDDER, FolderStore, version_of

PHOTO = sorted((ROOT / "samples").glob("*.jpg"))[0].read_bytes()
FIRST_DETECTOR, FIRST_EMBEDDER = version_of(DETECTOR), version_of(EMBEDDER)
pytestmark = pytest.mark.asyncio(loop_scope="module")
NAMES = ["detector", "image_encoder", "text_encoder", "detect", "embed", "embed_text", "analyze"]


@pytest.fixture
def served(inference: InferenceService) -> ServedModels:
    return ServedModels(inference, RequestLimits(), 20)


async def load(repository: ModelRepository, reference: str) -> str:
    return (await repository.load(reference)).version.model_version


def versions(served: ServedModels, name: str, version: str = "") -> set[str]:
    """The full versions that an answer of this model would carry."""
    with served.use(name, version) as model:
        told = model.description.versions
    return {value for key, value in told.items() if not key.endswith("preprocess_version")}


def listed(served: ServedModels, name: str) -> list[tuple[str, IndexState]]:
    return [(entry.version, entry.state) for entry in served.entries() if entry.name == name]


async def infer(served: ServedModels, version: str) -> InferResponse:
    photo = Tensor("image", stacked_bytes([[PHOTO]], (1, 1)))
    plane = DataPlane(served, lambda: True)
    return await plane.infer(InferRequest("analyze", version, "", {}, (photo,)), lambda response: response)


async def test_every_name_has_the_default_alone_at_the_start(served: ServedModels) -> None:
    assert [(entry.name, entry.version) for entry in served.entries()] == [(name, "1") for name in NAMES]
    with pytest.raises(NotFound, match="model 'classifier' does not exist"), served.use("classifier"):
        pass


async def test_a_loaded_version_is_asked_for_by_its_version_or_alias(
    served: ServedModels, repository: ModelRepository
) -> None:
    detector, embedder = await load(repository, "other-detector"), await load(repository, "other-embedder")
    await repository.set_alias("canary", detector)
    await repository.set_alias("canary", embedder)
    for name in ("detector", "detect"):
        assert versions(served, name) == versions(served, name, "1") == {FIRST_DETECTOR}
        assert versions(served, name, detector) == versions(served, name, "canary") == {detector}
    for name in ("image_encoder", "text_encoder", "embed", "embed_text"):
        assert versions(served, name, "default") == versions(served, name, FIRST_EMBEDDER) == {FIRST_EMBEDDER}
        assert versions(served, name, embedder) == versions(served, name, "canary") == {embedder}
        with pytest.raises(NotFound, match=f"model version '{name}/{detector}' does not exist"):
            versions(served, name, detector)
    assert versions(served, "analyze", detector) == {detector, FIRST_EMBEDDER}
    assert versions(served, "analyze", embedder) == {FIRST_DETECTOR, embedder}
    assert versions(served, "analyze", "canary") == {detector, embedder}
    answer = await infer(served, "canary")
    assert answer.version == "canary"
    assert answer.parameters.items() >= {("detector_version", detector), ("embedder_version", embedder)}


async def test_the_default_is_1_and_the_others_have_their_full_version(
    served: ServedModels, repository: ModelRepository
) -> None:
    other = await load(repository, "other-detector")
    ready = IndexState.READY
    assert listed(served, "detector") == listed(served, "analyze") == [("1", ready), (other, ready)]
    assert listed(served, "embed") == [("1", ready)]
    await repository.set_alias("default", other)
    assert listed(served, "detect") == [("1", ready), (FIRST_DETECTOR, ready)]
    metadata = DataPlane(served, lambda: True).metadata("detector")
    assert metadata["versions"] == ["1", FIRST_DETECTOR]


async def test_a_request_ends_with_the_models_it_began_with(
    served: ServedModels, repository: ModelRepository
) -> None:
    other = await load(repository, "other-detector")
    with served.use("detect") as model:
        await repository.set_alias("default", other)
        assert versions(served, "detect") == {other}
        assert model.description.versions["model_version"] == FIRST_DETECTOR


async def test_each_version_has_its_own_statistics(served: ServedModels, repository: ModelRepository) -> None:
    other = await load(repository, "other-detector")
    plane = DataPlane(served, lambda: True)

    def counted(name: str, version: str) -> tuple[int, int]:
        """Requests, and rows of batches."""
        (found,) = plane.statistics(name, version)["model_stats"]
        assert found["version"] == (version or "1")
        rows = [each["batch_size"] * each["compute_infer"]["count"] for each in found["batch_stats"]]
        return found["inference_count"], sum(rows)

    before = counted("detector", "")
    assert counted("detector", other) == (0, 0)
    await infer(served, other)
    assert counted("detector", other) == counted("analyze", other) == (1, 1)
    assert counted("detector", "") == before
    assert counted("analyze", "1") == (0, 0)
    everything = [(each["name"], each["version"]) for each in plane.statistics()["model_stats"]]
    assert ("detector", other) in everything
    assert len(everything) == len(NAMES) + 3


async def test_a_classifier_is_served_once_one_is_loaded(
    served: ServedModels, repository: ModelRepository, store: FolderStore
) -> None:
    write_classifier(store.root / "labels")
    version = await load(repository, "labels")
    assert listed(served, "classifier") == [(version, IndexState.READY)]
    with served.use("classifier", version) as model:
        spec = model.description.input
        rows = np.zeros((1, *spec.dims), spec.datatype.dtype)
    plane = DataPlane(served, lambda: True)
    request = InferRequest("classifier", version, "", {}, (Tensor(spec.name, rows),))
    response = await plane.infer(request, lambda each: each)
    assert response.parameters["model_version"] == version
    assert response.outputs[0].array.sum() == pytest.approx(1.0, abs=1e-4)
    assert versions(served, "analyze", version) == {FIRST_DETECTOR, FIRST_EMBEDDER, version}


async def test_an_unloaded_model_is_freed(served: ServedModels, repository: ModelRepository) -> None:
    hosted = await repository.load("other-detector")
    version, model = hosted.version.model_version, weakref.ref(hosted.models["detector"])
    del hosted
    await repository.set_alias("default", version)
    assert versions(served, "detect") == {version}
    await repository.set_alias("default", FIRST_DETECTOR)
    assert versions(served, "detect", version) == {version}
    await repository.unload(version)
    gc.collect()
    assert model() is None
