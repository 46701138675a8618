from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from domain.errors import InvalidInput
from domain.types import Box, Detection, QualityIssue
from imaging.crop import crop
from imaging.decode import DecodeLimits, EncodedImage, open_image
from imaging.quality import QualityLimits
from models.artifact import Artifact
from models.image_encoder import ImageEncoder
from services.inference.pipeline.options import PipelineOptions
from services.inference.pipeline.regions import Cropper

ROOT = Path(__file__).parents[5]
WIDTH, HEIGHT = 200, 100


def go_on() -> None:
    """A check of work whose result is waited for."""


class NoSession:
    """Cropping runs no graph."""

    provider = "none"

    def run(self, inputs: npt.NDArray[np.uint8], *, exclusive: bool = False) -> tuple[()]:
        raise AssertionError("a graph was run")

    def shrink_arena(self, inputs: npt.NDArray[np.uint8]) -> None: ...


@pytest.fixture(scope="module")
def encoder() -> ImageEncoder:
    return ImageEncoder(Artifact.load(ROOT / "artifacts/demo-embedder"), NoSession())


@pytest.fixture(scope="module")
def cropper(encoder: ImageEncoder) -> Cropper:
    options = PipelineOptions(expand_ratio=0.2, quality=QualityLimits(min_side_px=16))
    return Cropper(encoder, options)


@pytest.fixture(scope="module")
def pixels() -> npt.NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)


@pytest.fixture(scope="module")
def image(pixels: npt.NDArray[np.uint8], encode: Callable[..., bytes]) -> EncodedImage:
    return open_image(encode(pixels, format="PNG"), DecodeLimits())


def test_detections_are_widened_and_rejected_ones_are_told(
    cropper: Cropper, encoder: ImageEncoder, pixels: npt.NDArray[np.uint8]
) -> None:
    large, small = Box(50, 20, 100, 60), Box(0, 0, 8, 8)
    found = [Detection(large, 0.9, "dress"), Detection(small, 0.4, "hat")]
    kept, rejected = cropper.crop_detections(pixels, found, go_on)
    assert kept.crop_box == Box(45, 16, 105, 64)
    assert (kept.item.box, kept.item.score, kept.item.label) == (large, 0.9, "dress")
    assert kept.encoder_row is not None
    assert np.array_equal(kept.encoder_row, encoder.preprocess(crop(pixels, kept.crop_box)))
    assert (rejected.item.reason, rejected.encoder_row) == (QualityIssue.TOO_SMALL, None)


@pytest.mark.parametrize("found", [[], [Detection(Box(0, 0, 8, 8), 0.4, "hat")]])
def test_where_no_detection_is_accepted_the_whole_photo_stands_in(
    cropper: Cropper, pixels: npt.NDArray[np.uint8], found: list[Detection]
) -> None:
    *rejected, whole = cropper.crop_detections(pixels, found, go_on)
    assert [region.item.accepted for region in rejected] == [False] * len(found)
    assert whole.item.whole_image
    assert whole.item.box == whole.crop_box == Box(0, 0, WIDTH, HEIGHT)
    assert whole.encoder_row is not None


def test_a_flat_photo_is_accepted_with_a_warning(cropper: Cropper) -> None:
    (whole,) = cropper.crop_detections(np.full((HEIGHT, WIDTH, 3), 128, np.uint8), [], go_on)
    assert whole.item.accepted
    assert QualityIssue.FLAT_COLOR in whole.item.warnings


def test_regions_are_used_as_they_are_within_the_photo(
    cropper: Cropper, pixels: npt.NDArray[np.uint8], image: EncodedImage
) -> None:
    boxes = [Box(50, 20, 100, 60), Box(-10, 50, 60, 1000), Box(0, 0, 8, 8)]
    inside, clipped, small = cropper.make_box_cropper(boxes, image, go_on)(pixels)
    assert inside.crop_box == inside.item.box == boxes[0]
    assert clipped.crop_box == clipped.item.box == Box(0, 50, 60, HEIGHT)
    assert (inside.item.score, inside.item.label) == (1.0, "")
    assert small.item.reason is QualityIssue.TOO_SMALL


@pytest.mark.parametrize("box", [Box(300, 0, 400, 50), Box(0, 0, 50, 1), Box(199, 0, 260, 50)])
def test_a_region_with_too_little_of_the_photo_is_refused_before_decoding(
    cropper: Cropper, image: EncodedImage, box: Box
) -> None:
    for make in (cropper.make_box_cropper, cropper.make_row_preprocess):
        with pytest.raises(
            InvalidInput, match=r"overlap the picture \(200 x 100\) by at least 2 x 2 pixels"
        ) as error:
            make([Box(0, 0, 50, 50), box], image, go_on)
        assert error.value.violations[0].field == "boxes[1]"


def test_boxes_with_too_many_pixels_are_refused_before_decoding(
    encoder: ImageEncoder, image: EncodedImage
) -> None:
    cropper = Cropper(encoder, PipelineOptions(decode=DecodeLimits(max_box_pixels=2 * WIDTH * HEIGHT)))
    whole = Box(0, 0, WIDTH, HEIGHT)
    for make in (cropper.make_box_cropper, cropper.make_row_preprocess):
        make([whole] * 2, image, go_on)
        with pytest.raises(InvalidInput, match=r"boxes: have 60000 pixels together .* at most 40000"):
            make([whole] * 3, image, go_on)


def test_of_detections_with_too_many_pixels_the_best_are_kept(
    encoder: ImageEncoder, pixels: npt.NDArray[np.uint8]
) -> None:
    detections = [Detection(Box(0, 0, WIDTH, HEIGHT), score, "dress") for score in (0.9, 0.8, 0.7)]
    for most, kept in ((3, 3), (2.5, 2), (1, 1)):
        limits = DecodeLimits(max_box_pixels=int(most * WIDTH * HEIGHT))
        regions = Cropper(encoder, PipelineOptions(decode=limits)).crop_detections(pixels, detections, go_on)
        assert [region.item.score for region in regions] == [0.9, 0.8, 0.7][:kept]


class NotWaitedFor(Exception):
    """Nobody waits for the result."""


class EndsAfter:
    """A check that lets a number of steps go on."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def __call__(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise NotWaitedFor


def test_cropping_ends_between_boxes_once_nobody_waits(
    cropper: Cropper, pixels: npt.NDArray[np.uint8], image: EncodedImage
) -> None:
    boxes = [Box(0, 0, 50, 50)] * 4
    detections = [Detection(box, 0.9, "dress") for box in boxes]
    for steps in range(4):
        for make in (cropper.make_box_cropper, cropper.make_row_preprocess):
            with pytest.raises(NotWaitedFor):
                make(boxes, image, EndsAfter(steps))(pixels)
        with pytest.raises(NotWaitedFor):
            cropper.crop_detections(pixels, detections, EndsAfter(steps))
    assert len(cropper.make_box_cropper(boxes, image, EndsAfter(4))(pixels)) == 4


def test_rows_are_one_for_each_box_or_one_for_the_photo(
    cropper: Cropper, encoder: ImageEncoder, pixels: npt.NDArray[np.uint8], image: EncodedImage
) -> None:
    boxes = [Box(50, 20, 100, 60), Box(0, 0, 8, 8)]
    several = cropper.make_row_preprocess(boxes, image, go_on)(pixels)
    assert len(several) == 2
    assert np.array_equal(several[1], encoder.preprocess(crop(pixels, boxes[1])))
    (whole,) = cropper.make_row_preprocess([], image, go_on)(pixels)
    assert np.array_equal(whole, encoder.preprocess_photo(pixels))
