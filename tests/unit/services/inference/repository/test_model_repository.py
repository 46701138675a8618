"""Loading, switching and unloading models while calls go on, with the demo models."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import json
import weakref
from pathlib import Path

import pytest

from bench.model_pair import ROOT
from domain.errors import ArtifactError, FailedPrecondition, InvalidInput, NotFound
from models.artifact import Artifact
from services.inference import model_factory
from services.inference.options import InferenceOptions
from services.inference.repository.hosted_model import ModelState
from services.inference.repository.listing import UnusableModel
from services.inference.repository.memory import needed_bytes
from services.inference.repository.model_repository import ModelRepository
from services.inference.repository.pipeline_source import ModelChoice
from services.inference.service import InferenceService
from tests.unit.services.inference.repository.conftest import (
    DETECTOR,
    EMBEDDER,
    TAXONOMY,
    FolderStore,
    second_version,
    version_of,
)

PHOTO = sorted((ROOT / "samples").glob("*.jpg"))[0].read_bytes()
FIRST_DETECTOR, FIRST_EMBEDDER = version_of(DETECTOR), version_of(EMBEDDER)


@pytest.fixture
def repository(inference: InferenceService) -> ModelRepository:
    assert inference.repository is not None
    return inference.repository


async def answer(inference: InferenceService, **choices: ModelChoice) -> tuple[str, str]:
    """The versions of detector and embedder that an analysis carries."""
    with inference.source.use(**choices) as pipeline:
        analysis = await pipeline.analyze(PHOTO)
    return analysis.detector.model_version, analysis.embedder.model_version


async def test_a_loaded_model_answers_those_that_name_it(
    inference: InferenceService, repository: ModelRepository
) -> None:
    other = (await repository.load("other-detector")).version.model_version
    assert await answer(inference) == (FIRST_DETECTOR, FIRST_EMBEDDER)
    named = ModelChoice("detector_version", other)
    assert await answer(inference, detector=named) == (other, FIRST_EMBEDDER)


async def test_the_default_is_switched_and_switched_back(
    inference: InferenceService, repository: ModelRepository
) -> None:
    other = (await repository.load("other-embedder")).version.model_version
    assert (await repository.set_alias("default", other))[1] == FIRST_EMBEDDER
    assert await answer(inference) == (FIRST_DETECTOR, other)
    assert (await repository.set_alias("default", FIRST_EMBEDDER))[1] == other
    assert await answer(inference) == (FIRST_DETECTOR, FIRST_EMBEDDER)
    assert [event.kind.name for event in repository.events(2, "")[0]] == ["ALIAS_SET", "ALIAS_SET"]


async def test_a_call_ends_with_the_models_it_began_with(
    inference: InferenceService, repository: ModelRepository
) -> None:
    other = (await repository.load("other-detector")).version.model_version
    with inference.source.use() as pipeline:
        await repository.set_alias("default", other)
        assert (await pipeline.analyze(PHOTO)).detector.model_version == FIRST_DETECTOR
    assert (await answer(inference))[0] == other


async def test_no_answer_fails_or_mixes_versions_while_the_defaults_are_switched(
    inference: InferenceService, repository: ModelRepository
) -> None:
    detectors = [FIRST_DETECTOR, (await repository.load("other-detector")).version.model_version]
    embedders = [FIRST_EMBEDDER, (await repository.load("other-embedder")).version.model_version]

    async def check() -> None:
        with inference.source.use() as pipeline:
            analysis = await pipeline.analyze(PHOTO)
            assert analysis.detector == pipeline.detector_version
            assert analysis.embedder == pipeline.embedder_version

    async with asyncio.TaskGroup() as calls:
        for number in range(12):
            calls.create_task(check())
            await repository.set_alias("default", detectors[number % 2])
            await repository.set_alias("default", embedders[number // 2 % 2])
            await asyncio.sleep(0)


async def test_a_model_is_unloaded_after_its_last_call(
    inference: InferenceService, repository: ModelRepository
) -> None:
    hosted = await repository.load("other-detector")
    version, model = hosted.version.model_version, weakref.ref(hosted.models["detector"])
    del hosted
    with inference.source.use(detector=ModelChoice(name=version)) as pipeline:
        unloading = asyncio.create_task(repository.unload(version))
        await asyncio.sleep(0)
        with pytest.raises(FailedPrecondition, match="this server serves"):
            await answer(inference, detector=ModelChoice(name=version))
        assert {graph.state for graph in inference.graphs() if graph.version.model_version == version} == {
            ModelState.UNLOADING
        }
        assert (await pipeline.analyze(PHOTO)).detector.model_version == version
        assert not unloading.done()
    await unloading
    del pipeline
    gc.collect()
    assert model() is None
    with pytest.raises(NotFound):
        await repository.unload(version)


async def test_a_model_stays_where_its_unloading_is_given_up(
    inference: InferenceService, repository: ModelRepository
) -> None:
    version = (await repository.load("other-detector")).version.model_version
    named = ModelChoice("detector_version", version)
    with inference.source.use(detector=named):
        unloading = asyncio.create_task(repository.unload(version))
        await asyncio.sleep(0)
        unloading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await unloading
    assert (await answer(inference, detector=named))[0] == version
    await repository.unload(version)


async def test_a_model_that_answers_is_not_unloaded(repository: ModelRepository) -> None:
    with pytest.raises(FailedPrecondition, match="is 'default'") as refused:
        await repository.unload(FIRST_DETECTOR)
    assert refused.value.reason == "MODEL_IN_USE"


async def test_an_alias_names_a_model(inference: InferenceService, repository: ModelRepository) -> None:
    other = (await repository.load("other-detector")).version.model_version
    hosted, previous = await repository.set_alias("canary", "other-detector")  # the reference says it, too
    assert (hosted.version.model_version, previous) == (other, "")
    assert (await answer(inference, detector=ModelChoice(name="canary")))[0] == other
    await repository.delete_alias("canary", "detect")
    with pytest.raises(FailedPrecondition, match="asks for 'canary'") as refused:
        await answer(inference, detector=ModelChoice("detector_version", "canary"))
    assert refused.value.metadata["field"] == "detector_version"
    with pytest.raises(NotFound, match="canary"):
        await repository.delete_alias("canary", "detect")
    with pytest.raises(FailedPrecondition, match="calls need a default"):
        await repository.delete_alias("default", "detect")


async def test_a_version_is_no_alias(repository: ModelRepository) -> None:
    other = (await repository.load("other-detector")).version.model_version
    with pytest.raises(InvalidInput, match="version of a loaded model"):
        await repository.set_alias(FIRST_DETECTOR, other)


@pytest.mark.parametrize("name", ["", "Canary", "1st", "-", "a" * 64, "ä"])
async def test_a_bad_alias_is_refused(repository: ModelRepository, name: str) -> None:
    with pytest.raises(InvalidInput, match="1 to 63"):
        await repository.set_alias(name, FIRST_DETECTOR)


async def test_an_embedder_does_not_detect(inference: InferenceService) -> None:
    with pytest.raises(FailedPrecondition, match=FIRST_DETECTOR):
        await answer(inference, detector=ModelChoice(name=FIRST_EMBEDDER))


async def test_a_damaged_model_is_refused_and_the_others_answer(
    inference: InferenceService, repository: ModelRepository, store: FolderStore
) -> None:
    graph = store.folder("other-detector") / "detector.onnx"
    graph.write_bytes(graph.read_bytes()[:-1] + b"x")
    with pytest.raises(ArtifactError, match=r"^other-detector/detector\.onnx has changed"):
        await repository.load("other-detector")
    assert repository.events(1, "")[0][0].message.startswith("other-detector/detector.onnx has changed")
    with pytest.raises(NotFound):
        await repository.load("no such model")
    assert await answer(inference) == (FIRST_DETECTOR, FIRST_EMBEDDER)


async def test_a_model_that_fails_in_the_first_call_is_an_event(
    repository: ModelRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: object) -> None:
        raise FailedPrecondition("it does not go with the others")

    monkeypatch.setattr(model_factory, "warm_up_pipeline", fail)
    with pytest.raises(FailedPrecondition):
        await repository.load("other-detector")
    (event,), _ = repository.events(1, "")
    assert (event.kind.name, event.reference) == ("LOAD_FAILED", "other-detector")
    assert event.version.startswith("other-detector-")
    assert not repository.loading
    monkeypatch.undo()
    await repository.load("other-detector")


async def test_a_model_is_unloaded_by_its_reference(repository: ModelRepository) -> None:
    version = (await repository.load("other-detector")).version.model_version
    await repository.unload("other-detector")
    assert version not in [hosted.version.model_version for hosted in repository.hosted]
    with pytest.raises(NotFound, match=f"'other-detector' .* loaded versions are .*{FIRST_DETECTOR}"):
        await repository.unload("other-detector")


async def test_a_reference_of_several_versions_names_none_of_them(
    repository: ModelRepository, store: FolderStore
) -> None:
    first = (await repository.load("other-detector")).version.model_version
    manifest = store.folder("other-detector") / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"name": "newer-detector"}))
    second = (await repository.load("other-detector")).version.model_version
    for change in (repository.unload("other-detector"), repository.set_alias("canary", "other-detector")):
        with pytest.raises(FailedPrecondition, match=f"2 models are loaded .* version: {first}, {second}"):
            await change
    await repository.unload(first)
    await repository.unload("other-detector")
    assert [hosted.version.model_version for hosted in repository.hosted] == [FIRST_DETECTOR, FIRST_EMBEDDER]


async def test_a_model_that_does_not_fit_is_refused(options: InferenceOptions, store: FolderStore) -> None:
    demo = sum(needed_bytes(Artifact.load(folder)) for folder in (DETECTOR, EMBEDDER))
    tight = dataclasses.replace(options, max_model_bytes=demo + 1_000_000)
    inference = await InferenceService.load(tight, TAXONOMY, lambda *_: None, store)
    assert inference.repository is not None
    with pytest.raises(FailedPrecondition, match=r"only 1 MB of the \d+ MB that models may take are free"):
        await inference.repository.load("other-embedder")
    await inference.close()


async def test_a_start_counts_the_first_models(options: InferenceOptions, store: FolderStore) -> None:
    small = dataclasses.replace(options, max_model_bytes=1_000_000)
    with pytest.raises(FailedPrecondition, match=r"up to \d+ MB, more than the 1 MB of ARMOIRE_MODELS__MAX"):
        await InferenceService.load(small, TAXONOMY, lambda *_: None, store)


async def test_switched_models_come_back_after_a_restart(
    options: InferenceOptions, store: FolderStore
) -> None:
    inference = await InferenceService.load(options, TAXONOMY, lambda *_: None, store)
    assert inference.repository is not None
    detector = (await inference.repository.load("other-detector")).version.model_version
    embedder = (await inference.repository.load("other-embedder")).version.model_version
    await inference.repository.set_alias("default", detector)
    await inference.repository.set_alias("canary", embedder)
    await inference.close()
    again = await InferenceService.load(options, TAXONOMY, lambda *_: None, store)
    assert await answer(again) == (detector, FIRST_EMBEDDER)
    assert await answer(again, embedder=ModelChoice(name="canary")) == (detector, embedder)
    await again.close()


async def test_a_held_embedder_stays_and_comes_back_whatever_the_settings_name(
    options: InferenceOptions, store: FolderStore
) -> None:
    inference = await InferenceService.load(options, TAXONOMY, lambda *_: None, store)
    assert inference.repository is not None
    embedder = (await inference.repository.load("other-embedder")).version.model_version
    await inference.repository.hold([embedder, FIRST_EMBEDDER, "a-version-that-is-not-loaded"])
    with pytest.raises(FailedPrecondition, match="the catalogue needs") as refused:
        await inference.repository.unload(embedder)
    assert refused.value.reason == "MODEL_IN_USE"
    await inference.close()
    changed = dataclasses.replace(options, configured=dict(options.configured) | {"embed": "changed"})
    again = await InferenceService.load(changed, TAXONOMY, lambda *_: None, store)
    assert again.repository is not None
    assert await answer(again, embedder=ModelChoice(name=embedder)) == (FIRST_DETECTOR, embedder)
    with pytest.raises(FailedPrecondition, match="the catalogue needs"):
        await again.repository.unload(embedder)
    await again.repository.hold([FIRST_EMBEDDER])
    await again.repository.unload(embedder)
    await again.close()


async def test_a_held_embedder_that_is_gone_keeps_no_server_from_starting(
    options: InferenceOptions, store: FolderStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    inference = await InferenceService.load(options, TAXONOMY, lambda *_: None, store)
    assert inference.repository is not None
    embedder = (await inference.repository.load("other-embedder")).version.model_version
    await inference.repository.hold([embedder])
    await inference.close()
    store.folder("other-embedder").rename(tmp_path / "elsewhere")
    again = await InferenceService.load(options, TAXONOMY, lambda *_: None, store)
    assert f"{embedder}, which the catalogue needs, cannot be loaded" in caplog.text
    await again.close()


async def test_changed_settings_count_more_than_the_switches_of_the_last_run(
    options: InferenceOptions, store: FolderStore
) -> None:
    inference = await InferenceService.load(options, TAXONOMY, lambda *_: None, store)
    assert inference.repository is not None
    detector = (await inference.repository.load("other-detector")).version.model_version
    embedder = (await inference.repository.load("other-embedder")).version.model_version
    await inference.repository.set_alias("default", detector)
    await inference.repository.set_alias("default", embedder)
    await inference.close()
    changed = dataclasses.replace(options, configured=dict(options.configured) | {"detect": "changed"})
    again = await InferenceService.load(changed, TAXONOMY, lambda *_: None, store)
    assert await answer(again) == (FIRST_DETECTOR, embedder)
    await again.close()


async def test_a_switched_model_that_is_gone_keeps_the_server_from_starting(
    options: InferenceOptions, store: FolderStore, tmp_path: Path
) -> None:
    inference = await InferenceService.load(options, TAXONOMY, lambda *_: None, store)
    assert inference.repository is not None
    detector = (await inference.repository.load("other-detector")).version.model_version
    await inference.repository.set_alias("default", detector)
    await inference.close()
    store.folder("other-detector").rename(tmp_path / "elsewhere")
    with pytest.raises(ArtifactError, match="there is no 'other-detector'"):
        await InferenceService.load(options, TAXONOMY, lambda *_: None, store)


async def test_another_model_below_the_reference_of_a_switched_one_is_not_served(
    options: InferenceOptions, store: FolderStore, tmp_path: Path
) -> None:
    inference = await InferenceService.load(options, TAXONOMY, lambda *_: None, store)
    assert inference.repository is not None
    detector = (await inference.repository.load("other-detector")).version.model_version
    await inference.repository.set_alias("default", detector)
    await inference.close()
    manifest = store.folder("other-detector") / "manifest.json"
    manifest.write_text(manifest.read_text().replace("other-detector", "third-detector"))
    with pytest.raises(ArtifactError, match="'other-detector' holds third-detector-"):
        await InferenceService.load(options, TAXONOMY, lambda *_: None, store)


async def test_models_are_listed_with_those_at_rest(
    inference: InferenceService, repository: ModelRepository, store: FolderStore
) -> None:
    await repository.load("other-detector")
    second_version(DETECTOR, store.root / "torn")
    (store.root / "torn" / "manifest.json").write_text("{")
    loaded = {(graph.reference, graph.graph): graph for graph in inference.graphs()}
    other = loaded["other-detector", "detector"]
    assert (other.state, other.aliases, other.provider) == (ModelState.READY, [], "cpu")
    assert other.max_batch >= 1
    assert other.memory_bytes > 0
    first = loaded[str(DETECTOR), "detector"]
    assert first.aliases == ["default"]
    stored = inference.stored_graphs()
    at_rest = [graph.reference for graph in stored if not isinstance(graph, UnusableModel)]
    assert at_rest == ["other-embedder", "other-embedder"]
    (torn,) = (graph for graph in stored if isinstance(graph, UnusableModel))
    assert torn.reference == "torn"
    assert str(store.root) not in torn.failure
