"""A classifier served beside the demo models: without a transport, over gRPC, and into a catalogue apart."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

import armoire
from demo.server import ServerProcess
from domain.errors import ArtifactError, FailedPrecondition
from domain.taxonomy import Taxonomy
from domain.types import DEFAULT_PRINCIPAL, Box
from imaging.crop import crop
from models.artifact import Artifact
from models.classifier import Classifier
from models.session import OnnxSession
from services.catalog.catalog import Catalog
from services.catalog.indexing.intake import IndexRequest
from services.catalog.options import CatalogOptions
from services.catalog.records.jobs import JobState
from services.host.device_process import DeviceProcess, socket_path
from services.inference.device_process.link import DeviceLink
from services.inference.options import InferenceOptions
from services.inference.pipeline.options import PipelineOptions
from services.inference.pipeline.pipeline import Pipeline
from services.inference.service import InferenceService
from services.remote.analyzer import RemoteAnalyzer
from tests.classifier_artifact import LABELS, write_classifier

ROOT = Path(__file__).parents[2]
TAXONOMY = Taxonomy.load(ROOT / "domain/taxonomy.toml")
BOXES = (Box(0, 0, 120, 260), Box(60, 40, 200, 140))
Encode = Callable[..., bytes]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_classifier(tmp_path_factory.mktemp("artifact") / "classifier")


@pytest.fixture
def options(folder: Path) -> InferenceOptions:
    return InferenceOptions(
        detector=ROOT / "artifacts/demo-detector",
        embedder=ROOT / "artifacts/demo-embedder",
        classifier=folder,
        pipeline=PipelineOptions(categories_top_k=3, categories_min_score=0.0),
    )


def with_pipeline(options: InferenceOptions, **changes: object) -> InferenceOptions:
    return dataclasses.replace(options, pipeline=dataclasses.replace(options.pipeline, **changes))


async def load(options: InferenceOptions) -> InferenceService:
    return await InferenceService.load(options, TAXONOMY, lambda *_: None)


@pytest.fixture
async def pipeline(options: InferenceOptions) -> AsyncIterator[Pipeline]:
    loaded = await load(options)
    yield loaded.pipeline
    await loaded.close()


def draw(seed: int = 0) -> np.ndarray:
    """A photo of coloured stripes with noise, which the quality filter accepts."""
    random = np.random.default_rng(seed)
    stripes = np.repeat(random.integers(30, 226, (13, 1, 3)), 20, axis=0)
    return (stripes + random.integers(-30, 30, (260, 200, 3))).astype(np.uint8)


async def test_each_item_has_the_models_labels_of_its_own_crop(
    pipeline: Pipeline, folder: Path, encode: Encode
) -> None:
    photo = draw()
    analysis = await pipeline.analyze(encode(photo, "PNG"), BOXES)
    classifier = Classifier.load(Artifact.load(folder), OnnxSession)
    for item, box in zip(analysis.items, BOXES, strict=True):
        row = classifier.preprocess(crop(photo, box))
        expected = classifier.postprocess(classifier.run(row[None])[0], 3)
        assert [entry.value for entry in item.categories] == [entry.value for entry in expected]
        assert [e.score for e in item.categories] == pytest.approx([e.score for e in expected], abs=1e-5)
    first, second = analysis.items
    assert first.categories != second.categories
    assert analysis.classifier is not None
    assert analysis.classifier.model_version == classifier.version.model_version
    assert analysis.classifier.preprocess_version == f"{classifier.version.preprocess_version}-grow0.1"
    assert analysis.timings.classify_ns > 0


async def test_labels_below_the_least_probability_are_left_out(
    options: InferenceOptions, encode: Encode
) -> None:
    content = encode(draw(), "PNG")
    found = []
    for min_score in (0.0, 0.2, 1.0):
        loaded = await load(with_pipeline(options, categories_top_k=9, categories_min_score=min_score))
        found.append((await loaded.pipeline.analyze(content, BOXES[:1])).items[0].categories)
        await loaded.close()
    every, some, none = found
    assert (len(every), none) == (len(LABELS), ())
    assert sum(entry.score for entry in every) == pytest.approx(1, abs=1e-5)
    assert some == tuple(entry for entry in every if entry.score >= 0.2)
    assert 0 < len(some) < len(every)


async def test_the_category_is_the_embedders_unless_it_is_to_be_the_classifiers(
    options: InferenceOptions, encode: Encode
) -> None:
    contents = [encode(draw(seed), "PNG") for seed in range(12)]
    answers = {}
    for source in ("embedder", "classifier"):
        loaded = await load(with_pipeline(options, categories_top_k=5, category_source=source))
        items = [(await loaded.pipeline.analyze(each, BOXES[:1])).items[0] for each in contents]
        answers[source] = items
        await loaded.close()
    kinds = {"Tee, undershirt": "t-shirt", "gowns": "dress", "sneaker": "shoes"}
    seen = set()
    for plain, item in zip(answers["embedder"], answers["classifier"], strict=True):
        named = {entry.value: entry.score for entry in item.categories}
        best = max(kinds, key=lambda label: named[label])
        unnamed = named["umbrella"] + named["lampshade"]
        category = item.attributes["category"]
        if named[best] > unnamed:
            assert (category.value, category.score) == (kinds[best], pytest.approx(named[best], abs=1e-5))
            assert item.label == kinds[best]
        else:
            assert category == plain.attributes["category"]
        assert {**item.attributes, "category": None} == {**plain.attributes, "category": None}
        seen.add(named[best] > unnamed)
    assert seen == {True, False}


async def test_what_cannot_answer_does_not_start(options: InferenceOptions, tmp_path: Path) -> None:
    from_classifier = with_pipeline(options, category_source="classifier")
    with pytest.raises(FailedPrecondition, match="set ARMOIRE_MODELS__CLASSIFIER"):
        await load(dataclasses.replace(from_classifier, classifier=None))
    other = write_classifier(tmp_path / "fish", ("tench", "goldfish"))
    with pytest.raises(FailedPrecondition, match="none of the 2 labels of tiny-classifier names a category"):
        await load(dataclasses.replace(from_classifier, classifier=other))
    with pytest.raises(ArtifactError, match="holds a model for 'detect'; one for 'classify' is needed"):
        await load(dataclasses.replace(options, classifier=options.detector))


async def test_without_a_classifier_there_are_no_categories(
    options: InferenceOptions, encode: Encode
) -> None:
    loaded = await load(dataclasses.replace(options, classifier=None))
    analysis = await loaded.pipeline.analyze(encode(draw(), "PNG"), BOXES)
    await loaded.close()
    assert analysis.classifier is None
    assert [item.categories for item in analysis.items] == [(), ()]
    assert (analysis.timings.classify_ns, analysis.timings.classify_queue_ns) == (0, 0)
    assert [graph.graph for graph in loaded.graphs()] == ["detector", "image", "text"]


@pytest.fixture
async def device_link(options: InferenceOptions, tmp_path: Path) -> AsyncIterator[DeviceLink]:
    """A connection to a device process that runs the classifier, too; both are in this process."""
    device = DeviceProcess(tmp_path, ROOT / "domain/taxonomy.toml", options, lambda *_: None, drain_s=0)
    await device.start()
    link = DeviceLink(socket_path(tmp_path), options.batching)
    await link.open()
    yield link
    await link.close()
    await device.stop()


async def test_a_device_process_runs_the_classifier_of_its_edges(
    options: InferenceOptions, device_link: DeviceLink, pipeline: Pipeline, encode: Encode
) -> None:
    edge = await InferenceService.connect(options, TAXONOMY, device_link)
    content = encode(draw(), "PNG")
    theirs, ours = await edge.pipeline.analyze(content, BOXES), await pipeline.analyze(content, BOXES)
    assert theirs.classifier == ours.classifier
    for item, expected in zip(theirs.items, ours.items, strict=True):
        assert [(entry.value, pytest.approx(entry.score, abs=1e-5)) for entry in expected.categories] == [
            (entry.value, entry.score) for entry in item.categories
        ]
    edge.threads.shutdown()
    with pytest.raises(FailedPrecondition, match="the device process runs classifier, detector, image, text"):
        await InferenceService.connect(dataclasses.replace(options, classifier=None), TAXONOMY, device_link)


async def indexed(catalog: Catalog, request: IndexRequest) -> str:
    """The id of the image."""
    job = await catalog.images.index(DEFAULT_PRINCIPAL, request)
    async for seen in catalog.jobs.watch(DEFAULT_PRINCIPAL, job.id):
        job = seen
    assert job.state is JobState.COMPLETE
    return job.image_id


@pytest.fixture(scope="module")
def classifying_server(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    environment = {
        "ARMOIRE_MODELS__CLASSIFIER": str(folder),
        "ARMOIRE_PIPELINE__CATEGORIES_TOP_K": "2",
        "ARMOIRE_PIPELINE__CATEGORIES_MIN_SCORE": "0",
    }
    home = tmp_path_factory.mktemp("home")
    with ServerProcess(home, environment=environment) as server:
        yield server


@pytest.fixture
def classified(classifying_server: ServerProcess) -> Iterator[armoire.Client]:
    with armoire.Client(classifying_server.address) as connected:
        yield connected


def test_the_server_lists_the_classifier_and_reports_its_labels(
    classified: armoire.Client, folder: Path, samples: list[Path]
) -> None:
    model = next(each for each in classified.models() if each.task is armoire.ModelTask.CLASSIFY)
    assert (model.name, model.labels, model.embedding_width) == ("tiny-classifier", LABELS, 0)
    assert (model.input_width, model.input_height) == (32, 32)
    analysis = classified.analyze(samples[0])
    assert (analysis.classifier_version, analysis.classifier_preprocess_version) == (
        model.version,
        model.preprocess_version,
    )
    assert analysis.timings.classify_ns > 0
    for item in analysis.items:
        assert len(item.categories) == (2 if item.accepted else 0)
        assert {entry.value for entry in item.categories} <= set(LABELS)


def test_a_classifier_may_be_named(classified: armoire.Client, samples: list[Path]) -> None:
    version = classified.analyze(samples[0]).classifier_version
    for name in (version, "default"):
        named = classified.analyze(samples[0], classifier_version=name)
        assert named.classifier_version == version
    with pytest.raises(armoire.FailedPrecondition, match="classifier_version asks for 'other'") as refused:
        classified.analyze(samples[0], classifier_version="other")
    assert refused.value.reason == "MODEL_VERSION_MISMATCH"
    ((_, outcome),) = classified.analyze_many(samples[:1], classifier_version="other")
    assert isinstance(outcome, armoire.FailedPrecondition)


def test_items_of_the_catalogue_keep_what_the_classifier_said(
    classified: armoire.Client, samples: list[Path]
) -> None:
    analysis = classified.analyze(samples[0])
    job = classified.wait_for_indexing_job(classified.index(samples[0]).id)
    items = [classified.get_item(entry.item_id) for entry in job.items]
    said = [item.categories for item in analysis.items if item.accepted]
    assert items
    assert {each.categories for each in items} == set(said)
    assert {each.classifier_version for each in items} == {analysis.classifier_version}
    hit = classified.search(samples[0]).queries[0].hits[0]
    assert hit.item.categories in said


async def test_a_catalogue_apart_keeps_what_the_server_said(
    classifying_server: ServerProcess, tmp_path: Path, samples: list[Path]
) -> None:
    analyzer = RemoteAnalyzer(classifying_server.address, vocabulary_version=TAXONOMY.version)
    options = CatalogOptions(
        f"sqlite:///{tmp_path / 'catalog.db'}", str(tmp_path / "blobs"), str(tmp_path / "vectors.db")
    )
    catalog = Catalog(options, analyzer, TAXONOMY)
    await catalog.start()
    try:
        image_id = await indexed(catalog, IndexRequest(samples[0].read_bytes()))
        page = await catalog.items.list(DEFAULT_PRINCIPAL, image_id=image_id)
        analysis = await analyzer.analyze(samples[0].read_bytes())
    finally:
        await catalog.stop()
        await analyzer.close()
    assert analysis.classifier is not None
    assert {item.classifier for item in page.entries} == {analysis.classifier}
    assert {item.categories for item in page.entries} == {i.categories for i in analysis.items if i.accepted}
