"""How much work and answer a call with pictures may ask for, with the demo models and without a transport."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from google.rpc.status_pb2 import Status

from armoire.v1 import inference_pb2, types_pb2
from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy
from domain.types import Pixels
from imaging.decode import DecodeLimits, probe
from services.edge.inference_servicer import InferenceLimits, InferenceServicer
from services.edge.validation import RequestLimits
from services.inference.options import InferenceOptions
from services.inference.pipeline.options import CropLimits, PipelineOptions
from services.inference.service import InferenceService
from tests.unit.imaging.hostile_pictures import hostile_pictures

ROOT = Path(__file__).parents[2]
SIDE = 200
CALL_PIXELS, BOX_PIXELS, MESSAGE_BYTES = 5 * SIDE**2, 3 * SIDE**2, 2**17
CROPS = CropLimits(max_side_px=100, max_bytes=30_000)
WHOLE = types_pb2.Box(x2=SIDE, y2=SIDE)

pytestmark = pytest.mark.asyncio(loop_scope="module")

Encode = Callable[..., bytes]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[InferenceService]:
    pipeline = PipelineOptions(
        max_call_pixels=CALL_PIXELS, crops=CROPS, decode=DecodeLimits(max_box_pixels=BOX_PIXELS)
    )
    options = InferenceOptions(
        ROOT / "artifacts/demo-detector",
        ROOT / "artifacts/demo-embedder",
        cache_folder=tmp_path_factory.mktemp("cache"),
        verify_golden=False,
        pipeline=pipeline,
    )
    loaded = await InferenceService.load(
        options, Taxonomy.load(ROOT / "domain/taxonomy.toml"), lambda *_: None
    )
    yield loaded
    await loaded.close()


@pytest.fixture
def servicer(service: InferenceService) -> InferenceServicer:
    limits = InferenceLimits(RequestLimits(max_message_bytes=MESSAGE_BYTES))
    return InferenceServicer(service, limits)


@pytest.fixture(scope="module")
def noise() -> Pixels:
    return np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 3), np.uint8)


@pytest.fixture(scope="module")
def photo(encode: Encode, noise: Pixels) -> bytes:
    return encode(noise)


def details(status: Status) -> tuple[str, str]:
    """The reason, and the field."""
    info, bad = ErrorInfo(), BadRequest()
    assert any(detail.Unpack(info) for detail in status.details)
    assert any(detail.Unpack(bad) for detail in status.details)
    return info.reason, bad.field_violations[0].field


async def test_pictures_of_a_call_have_so_many_pixels_together_with_their_boxes(
    servicer: InferenceServicer, photo: bytes
) -> None:
    plain, boxed = types_pb2.ImageInput(content=photo), types_pb2.ImageInput(content=photo, boxes=[WHOLE])
    calls = (
        (servicer.Analyze, inference_pb2.AnalyzeRequest, [boxed, boxed, plain]),
        (servicer.EmbedImage, inference_pb2.EmbedImageRequest, [boxed, boxed, plain]),
        (servicer.Detect, inference_pb2.DetectRequest, [plain] * 5),
    )
    for call, request, images in calls:
        answer = await call(request(images=images), None)
        assert all(result.WhichOneof("outcome") != "error" for result in answer.results)
        with pytest.raises(InvalidInput) as refused:
            await call(request(images=[*images, plain]), None)
        (violation,) = refused.value.violations
        assert violation.field == "images"
        assert "have 240000 pixels together with their boxes; at most 200000" in violation.description


async def test_pictures_that_are_none_count_nothing(servicer: InferenceServicer, photo: bytes) -> None:
    good = types_pb2.ImageInput(content=photo, boxes=[WHOLE])
    bad = types_pb2.ImageInput(content=photo[:100], boxes=[WHOLE])
    answer = await servicer.Analyze(inference_pb2.AnalyzeRequest(images=[good, bad, bad, good]), None)
    outcomes = [result.WhichOneof("outcome") for result in answer.results]
    assert outcomes == ["analysis", "error", "error", "analysis"]


async def test_boxes_of_a_picture_have_so_many_pixels_together(
    servicer: InferenceServicer, photo: bytes
) -> None:
    image = types_pb2.ImageInput(content=photo, boxes=[WHOLE] * 4)
    for call, request in (
        (servicer.Analyze, inference_pb2.AnalyzeRequest),
        (servicer.EmbedImage, inference_pb2.EmbedImageRequest),
    ):
        (result,) = (await call(request(images=[image]), None)).results
        assert details(result.error) == ("INVALID_INPUT", "images[0].boxes")
        assert "have 160000 pixels together inside the picture; at most 120000" in result.error.message


@pytest.mark.parametrize("include_crops", [False, True])
async def test_hostile_pictures_are_analyzed_or_refused(
    servicer: InferenceServicer, include_crops: bool
) -> None:
    for picture in hostile_pictures():
        images = [types_pb2.ImageInput(content=picture.content)]
        request = inference_pb2.AnalyzeRequest(images=images, include_crops=include_crops)
        (result,) = (await servicer.Analyze(request, None)).results
        if picture.refusal:
            assert details(result.error) == ("INVALID_INPUT", "images[0].content"), picture.name
        else:
            assert result.WhichOneof("outcome") == "analysis", (picture.name, result.error)
            assert bool(result.analysis.items[0].crop) == include_crops, picture.name


async def test_crops_have_a_bounded_size(servicer: InferenceServicer, photo: bytes) -> None:
    image = types_pb2.ImageInput(content=photo, boxes=[WHOLE])
    request = inference_pb2.AnalyzeRequest(images=[image], include_crops=True)
    (result,) = (await servicer.Analyze(request, None)).results
    (item,) = result.analysis.items
    info = probe(item.crop, DecodeLimits())
    assert (info.width, info.height) == (CROPS.max_side_px, CROPS.max_side_px)
    assert 0 < len(item.crop) <= CROPS.max_bytes


async def test_a_picture_whose_crops_do_not_fit_into_the_answer_says_so_and_the_others_are_answered(
    servicer: InferenceServicer, photo: bytes
) -> None:
    box = types_pb2.Box(x1=1, x2=100, y2=100)
    image = types_pb2.ImageInput(content=photo, boxes=[box] * 12)
    request = inference_pb2.AnalyzeRequest(images=[image, types_pb2.ImageInput(content=photo)])
    answer = await servicer.Analyze(request, None)
    assert [result.WhichOneof("outcome") for result in answer.results] == ["analysis", "analysis"]
    request.include_crops = True
    answer = await servicer.Analyze(request, None)
    large, other = answer.results
    assert details(large.error) == ("ANSWER_TOO_LARGE", "images[0].include_crops")
    assert f"at most {MESSAGE_BYTES} are sent" in large.error.message
    assert other.WhichOneof("outcome") == "analysis"
    assert answer.ByteSize() <= MESSAGE_BYTES


async def test_all_limits_are_told(servicer: InferenceServicer) -> None:
    limits = await servicer.GetInferenceLimits(inference_pb2.GetInferenceLimitsRequest(), None)
    assert len(limits.ListFields()) == len(limits.DESCRIPTOR.fields)
    assert (limits.max_image_side_px, limits.max_image_scans) == (65_500, 100)
    assert limits.max_call_pixels == 800_000_000
