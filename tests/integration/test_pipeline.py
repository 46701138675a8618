"""The path of a photo through the demo models, without a transport."""

from __future__ import annotations

import math
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from domain.calls import CURRENT_CALL, Call
from domain.errors import DeadlineExceeded, InvalidInput, NotFound
from domain.taxonomy import Taxonomy
from domain.types import Box, ModelVersion, QualityIssue
from imaging.crop import expand
from imaging.decode import DecodeLimits, probe
from services.inference.options import InferenceOptions
from services.inference.pipeline.options import PipelineOptions, cropped_version
from services.inference.pipeline.pipeline import Pipeline
from services.inference.repository.source_analyzer import SourceAnalyzer
from services.inference.service import InferenceService

ROOT = Path(__file__).parents[2]
Encode = Callable[..., bytes]


@pytest.fixture
def batches() -> list[tuple[str, int]]:
    """The batches that ran: (graph, rows)."""
    return []


@pytest.fixture
async def loaded(tmp_path: Path, batches: list[tuple[str, int]]) -> AsyncIterator[InferenceService]:
    options = InferenceOptions(
        detector=ROOT / "artifacts/demo-detector",
        embedder=ROOT / "artifacts/demo-embedder",
        cache_folder=tmp_path,
    )
    loaded = await InferenceService.load(
        options,
        Taxonomy.load(ROOT / "domain/taxonomy.toml"),
        lambda run: batches.append((run.model, run.rows)),
    )
    yield loaded
    assert batches
    await loaded.close()


@pytest.fixture
def pipeline(loaded: InferenceService) -> Pipeline:
    return loaded.pipeline


async def test_a_photo_without_a_garment_yields_itself(pipeline: Pipeline, encode: Encode) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (300, 200, 3), np.uint8)
    analysis = await pipeline.analyze(encode(noise), min_score=1.0)
    (item,) = analysis.items
    assert item.whole_image
    assert item.accepted
    assert (item.box.x2, item.box.y2) == (200, 300) == (analysis.width, analysis.height)
    assert item.label == item.attributes["category"].value
    assert item.embedding is not None
    assert np.linalg.norm(item.embedding) == pytest.approx(1, abs=1e-5)


async def test_a_photo_of_few_pixels_is_described_with_a_warning(pipeline: Pipeline, encode: Encode) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (300, 223, 3), np.uint8)
    assert (await pipeline.analyze(encode(noise))).warnings == (QualityIssue.LOW_RESOLUTION,)
    assert (await pipeline.analyze(encode(noise[:, :-1]))).warnings == (QualityIssue.LOW_RESOLUTION,)
    assert (await pipeline.analyze(encode(np.pad(noise, ((0, 0), (0, 1), (0, 0)))))).warnings == ()


def test_the_version_of_an_embedding_says_how_boxes_grow() -> None:
    model = ModelVersion("clip-1", "square-1")
    half, tenth = (cropped_version(model, PipelineOptions(expand_ratio=r)) for r in (0.5, 0.1))
    assert half == ModelVersion("clip-1", "square-1-grow0.5")
    assert tenth == ModelVersion("clip-1", "square-1-grow0.1")


async def test_answers_carry_the_version_that_the_models_are_listed_with(
    loaded: InferenceService, samples: list[Path]
) -> None:
    analysis = await loaded.pipeline.analyze(samples[0].read_bytes())
    listed = {graph.graph: graph.version for graph in loaded.graphs()}
    assert listed == {"detector": analysis.detector, "image": analysis.embedder, "text": analysis.embedder}
    assert (await loaded.pipeline.embedder()).version == analysis.embedder


async def test_given_boxes_are_used_as_they_are(pipeline: Pipeline, samples: list[Path]) -> None:
    box = Box(20.0, 30.0, 150.0, 200.0)
    analysis = await pipeline.analyze(samples[0].read_bytes(), [box], include_crops=True)
    (item,) = analysis.items
    assert item.box == box
    assert item.score == 1.0
    assert item.crop is not None
    inside = await pipeline.detect(item.crop)
    assert (inside.width, inside.height) == (130, 170)


async def test_found_boxes_are_widened_before_they_are_cut(pipeline: Pipeline, samples: list[Path]) -> None:
    analysis = await pipeline.analyze(samples[0].read_bytes(), include_crops=True)
    (item,) = (each for each in analysis.items if each.accepted)
    box = expand(item.box, PipelineOptions().expand_ratio, analysis.width, analysis.height)
    assert box != item.box
    assert item.crop is not None
    cut = probe(item.crop, DecodeLimits())
    assert cut.width == math.ceil(box.x2) - math.floor(box.x1)
    assert cut.height == math.ceil(box.y2) - math.floor(box.y1)


async def test_the_caller_is_told_between_finding_and_embedding(
    pipeline: Pipeline, batches: list[tuple[str, int]], samples: list[Path]
) -> None:
    content = samples[0].read_bytes()
    told: list[list[str]] = []

    async def note() -> None:
        told.append([name for name, _ in batches])

    batches.clear()
    await pipeline.analyze(content, on_detected=note)
    assert [name for name, _ in batches] == ["detector", "image"]
    batches.clear()
    await pipeline.analyze(content, [Box(20, 30, 150, 200)], on_detected=note)
    assert [name for name, _ in batches] == ["image"]
    assert told == [["detector"], []]


async def test_what_the_caller_raises_ends_the_analysis(
    pipeline: Pipeline, batches: list[tuple[str, int]], samples: list[Path]
) -> None:
    async def refuse() -> None:
        raise NotFound("job", "1")

    batches.clear()
    with pytest.raises(NotFound):
        await pipeline.analyze(samples[0].read_bytes(), on_detected=refuse)
    assert [name for name, _ in batches] == ["detector"]


async def test_a_flat_box_is_rejected_with_its_reason_and_no_embedding(
    pipeline: Pipeline, encode: Encode
) -> None:
    grey = np.full((200, 200, 3), 128, np.uint8)
    (item,) = (await pipeline.analyze(encode(grey), [Box(0, 0, 100, 100)])).items
    assert item.reason is QualityIssue.FLAT_COLOR
    assert item.embedding is None
    assert not item.attributes


async def test_the_same_photo_embeds_alike_alone_and_among_others(
    pipeline: Pipeline, samples: list[Path]
) -> None:
    content = samples[0].read_bytes()
    alone, _ = await pipeline.embed_image(content)
    boxes = [Box(0, 0, 90, 90), Box(10, 10, 120, 120)]
    several, _ = await pipeline.embed_image(content, boxes)
    assert several.shape == (2, alone.shape[1])
    again, _ = await pipeline.embed_image(content, boxes[1:])
    np.testing.assert_allclose(several[1], again[0], atol=1e-5)


@pytest.fixture
def large(samples: list[Path], encode: Encode) -> list[bytes]:
    """Photos as a phone takes them, four times as large as the samples, not divisible by two."""
    pictures = [cv2.imread(str(path), cv2.IMREAD_COLOR_RGB) for path in samples[:6]]
    sides = [(4 * picture.shape[1] + 1, 4 * picture.shape[0] + 1) for picture in pictures]
    enlarged = (
        cv2.resize(picture, side, interpolation=cv2.INTER_CUBIC)
        for picture, side in zip(pictures, sides, strict=True)
    )
    return [encode(np.asarray(each, np.uint8), quality=90) for each in enlarged]


async def test_a_large_photo_is_found_in_as_if_every_pixel_were_decoded(
    pipeline: Pipeline, large: list[bytes]
) -> None:
    for content in large:
        found, whole = await pipeline.detect(content), await pipeline.analyze(content)
        assert (found.width, found.height) == (whole.width, whole.height)
        items = [item for item in whole.items if not item.whole_image]
        assert [each.label for each in found.detections] == [item.label for item in items]
        for one, other in zip(found.detections, items, strict=True):
            assert np.abs(np.subtract(corners(one.box), corners(other.box))).max() < 0.02 * whole.width


async def test_a_large_photo_embeds_as_if_every_pixel_were_decoded(
    pipeline: Pipeline, large: list[bytes]
) -> None:
    for content in large:
        reduced, _ = await pipeline.embed_image(content)
        photo = await pipeline.detect(content)
        whole, _ = await pipeline.embed_image(content, [Box(0, 0, photo.width, photo.height)])
        assert reduced[0] @ whole[0] > 0.96


def corners(box: Box) -> tuple[float, float, float, float]:
    return box.x1, box.y1, box.x2, box.y2


async def test_texts_embed_in_their_order(pipeline: Pipeline) -> None:
    both = await pipeline.embed_texts(["a red dress", "blue jeans"])
    np.testing.assert_allclose(both[1], await pipeline.embed_text("blue jeans"), atol=1e-5)
    assert float(both[0] @ both[1]) < 0.99


async def test_timings_name_the_stages(pipeline: Pipeline, samples: list[Path]) -> None:
    timings = (await pipeline.analyze(samples[0].read_bytes())).timings
    assert min(timings.decode_ns, timings.detect_ns, timings.crop_ns, timings.embed_ns) > 0
    assert timings.total_ns >= timings.decode_ns + timings.detect_ns


async def test_work_past_its_deadline_is_not_begun(pipeline: Pipeline, samples: list[Path]) -> None:
    token = CURRENT_CALL.set(Call("late", deadline=time.monotonic() - 1))
    try:
        with pytest.raises(DeadlineExceeded):
            await pipeline.analyze(samples[0].read_bytes())
    finally:
        CURRENT_CALL.reset(token)


async def test_a_box_outside_the_picture_is_named(pipeline: Pipeline, samples: list[Path]) -> None:
    with pytest.raises(InvalidInput) as error:
        await pipeline.analyze(samples[0].read_bytes(), [Box(0, 0, 50, 50), Box(9000, 0, 9050, 50)])
    assert error.value.violations[0].field == "boxes[1]"


async def test_the_catalogue_gets_crops_with_the_margin_of_its_collection(
    loaded: InferenceService, samples: list[Path]
) -> None:
    analyzer, content = SourceAnalyzer(loaded.source), samples[0].read_bytes()
    own = (await analyzer.versions()).embedder
    wider = replace(own, preprocess_version=own.preprocess_version.replace("grow0.1", "grow0.6"))
    narrow, wide = [await analyzer.analyze(content, embedder=version) for version in (None, wider)]
    assert (narrow.embedder, wide.embedder) == (own, wider)
    assert [item.box for item in narrow.items] == [item.box for item in wide.items]
    assert narrow.versions == await analyzer.versions()
    assert any(
        not np.allclose(one.embedding, other.embedding)
        for one, other in zip(narrow.items, wide.items, strict=True)
        if one.embedding is not None and other.embedding is not None
    )
    assert all(0.0 < (item.garment_score or 0.0) < 1.0 for item in narrow.items if item.accepted)
