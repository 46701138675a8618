from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from export import gates
from export.errors import GateFailure
from models.artifact import Artifact
from models.manifest import Manifest, Task
from models.tolerance import tolerance

ARTIFACTS = Path(__file__).parents[3] / "artifacts"


@pytest.fixture(params=["demo-detector", "demo-embedder"])
def manifest(request: pytest.FixtureRequest) -> Manifest:
    return Artifact.load(ARTIFACTS / request.param).manifest


def test_figures_that_hold_pass() -> None:
    figures = {"image_cosine": 0.9999, "token_mismatches": 0.0}
    gates.require(gates.bounds("embed"), figures, {})
    with pytest.raises(GateFailure, match="image_cosine"):
        gates.require(gates.bounds("embed"), figures | {"image_cosine": 0.9}, {})


def test_a_failure_names_the_figure_the_bound_and_the_advice() -> None:
    with pytest.raises(GateFailure, match=r"token_mismatches is 2, must be <= 0: look at the tokenizer"):
        gates.require(
            gates.bounds("embed"), {"token_mismatches": 2.0}, {"token_mismatches": "look at the tokenizer"}
        )


def test_the_table_has_figures_and_bounds(manifest: Manifest) -> None:
    recorded = dataclasses.replace(manifest, bounds=dict(gates.bounds_for(manifest, manifest.parity)))
    lines = gates.table(recorded).splitlines()
    assert [line.split()[0] for line in lines] == list(manifest.parity)
    assert lines[0].split() == ["pictures", "10", ">=", "8"]


def test_artifacts_older_than_their_recorded_bounds_are_held_to_the_gates(manifest: Manifest) -> None:
    older = dataclasses.replace(manifest, bounds={})
    gates.require_known(older)
    with pytest.raises(GateFailure, match="pictures is 3"):
        gates.require_known(dataclasses.replace(older, parity={**manifest.parity, "pictures": 3.0}))


def test_masks_are_held_to_all_that_boxes_are_and_more() -> None:
    manifest = Artifact.load(ARTIFACTS / "demo-detector").manifest
    masks = gates.bounds_for(dataclasses.replace(manifest, mask_channels=32), {})
    assert masks.keys() - gates.bounds_for(manifest, {}).keys() == gates.MASKS.keys()
    assert gates.DETECT.items() < masks.items()
    with pytest.raises(GateFailure, match="mask_iou is nan"):
        gates.require(masks, {"mask_iou": float("nan")}, {})


def test_classifiers_have_gates_of_their_own() -> None:
    assert gates.bounds("classify") == gates.CLASSIFY
    assert gates.bounds("classify", "int8", labelled=True) == gates.CLASSIFY


@pytest.mark.parametrize("task", ["detect", "embed"])
def test_lower_precisions_are_held_to_all_that_fp32_is_and_more(task: Task) -> None:
    for precision in ("fp16", "int8"):
        more = gates.bounds(task, precision)
        assert set(more) > set(gates.bounds(task))
        assert set(gates.bounds(task, precision, labelled=True)) > set(more)


@pytest.mark.parametrize("task", ["detect", "embed"])
def test_int8_may_be_further_off_than_fp16(task: Task) -> None:
    half, integer = gates.bounds(task, "fp16"), gates.bounds(task, "int8")
    assert all(integer[name].at_least == half[name].at_least for name in gates.bounds(task))
    relaxed = integer.keys() - gates.bounds(task).keys() - {"reference_boxes"}
    assert all((integer[name].at_least or 0) < (half[name].at_least or 0) for name in relaxed)
    assert tolerance("fp16").within(tolerance("int8"))
    assert not tolerance("int8").within(tolerance("fp16"))


def test_labelled_figures_are_required_together(manifest: Manifest) -> None:
    converted = dataclasses.replace(manifest, precision="int8")
    assert "photos" not in gates.bounds_for(converted, {"pictures": 10.0})
    assert {"photos", "pictures"} < gates.bounds_for(converted, {"photos": 100.0}).keys()
