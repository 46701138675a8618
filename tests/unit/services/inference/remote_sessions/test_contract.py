from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import FailedPrecondition
from models.artifact import Artifact
from services.inference.remote_sessions.contract import GraphContract
from services.oip.stubs import open_inference_pb2 as pb

ARTIFACTS = Path(__file__).parents[5] / "artifacts"
SIDE_PX = Artifact.load(ARTIFACTS / "demo-detector").manifest.image.height
SHAPE = f"[-1, {SIDE_PX}, {SIDE_PX}, 3]"
IMAGES = {"name": "images", "datatype": "UINT8", "shape": [-1, SIDE_PX, SIDE_PX, 3]}
ROWS = {"name": "rows", "datatype": "FP32", "shape": [-1, 300, 6]}


@pytest.fixture(scope="module")
def detector() -> GraphContract:
    return GraphContract.of("detector", Artifact.load(ARTIFACTS / "demo-detector"))


def test_the_artifact_says_what_is_needed(detector: GraphContract) -> None:
    assert str(detector.input) == f"images UINT8 {SHAPE}"
    assert str(detector.output) == "rows FP32 [-1, 300, 6]"
    assert detector.output_name(metadata([IMAGES], [ROWS]), "it") == "rows"


def test_sizes_may_be_chosen_by_the_caller_and_other_outputs_be_there(detector: GraphContract) -> None:
    free = IMAGES | {"shape": [-1, -1, -1, 3]}
    masks = {"name": "masks", "datatype": "FP32", "shape": [-1, 300, 6]}
    assert detector.output_name(metadata([free], [masks, ROWS]), "it") == "rows"


@pytest.mark.parametrize(
    ("inputs", "outputs", "told"),
    [
        (
            [IMAGES | {"shape": [-1, 640, 640, 3]}],
            [ROWS],
            f"it takes images UINT8 [-1, 640, 640, 3]; the detector needs images UINT8 {SHAPE}",
        ),
        (
            [IMAGES | {"shape": [1, SIDE_PX, SIDE_PX, 3]}],
            [ROWS],
            f"it takes images UINT8 [1, {SIDE_PX}, {SIDE_PX}, 3]; the",
        ),
        ([IMAGES | {"datatype": "FP32"}], [ROWS], f"it takes images FP32 {SHAPE}; the"),
        ([IMAGES | {"name": "x"}], [ROWS], f"it takes x UINT8 {SHAPE}; the"),
        ([IMAGES, IMAGES], [ROWS], f"it takes images UINT8 {SHAPE}, images UINT8"),
        ([], [], "it takes nothing that it tells; the detector needs"),
        (
            [IMAGES],
            [ROWS | {"shape": [-1, 100, 6]}],
            "it gives rows FP32 [-1, 100, 6]; the detector needs rows FP32 [-1, 300, 6]",
        ),
        ([IMAGES], [ROWS | {"name": "output0"}], "it gives output0 FP32 [-1, 300, 6]; the detector needs"),
    ],
)
def test_other_tensors_are_refused_with_both_shapes(
    detector: GraphContract, inputs: list[dict], outputs: list[dict], told: str
) -> None:
    with pytest.raises(FailedPrecondition) as error:
        detector.output_name(metadata(inputs, outputs), "it")
    assert error.value.message.startswith(told)


def metadata(inputs: list[dict], outputs: list[dict]) -> pb.ModelMetadataResponse:
    return pb.ModelMetadataResponse(inputs=inputs, outputs=outputs)
