"""What a machine with a GPU is asked to measure."""

from __future__ import annotations

from math import isnan, nan
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench import gpu_check
from bench.machine_load import MachineLoad, bound_by
from bench.targets import remote_graphs


def test_each_step_is_a_command_of_the_bench() -> None:
    """The options of both are written down twice, and a GPU is dear."""
    arguments = gpu_check.parse_arguments(["--provider", "cuda", "tensorrt", "--clients", "1", "64"])
    (pair,) = arguments.pairs
    parsed = [bench.parse_arguments(step.command) for step in gpu_check.steps(arguments, "tensorrt", pair)]
    assert {each.provider for each in parsed} == {"tensorrt"}
    assert [each.clients for each in parsed[1:]] == [[1, 64], [1, 64]]
    assert parsed[1].edges == [2, 4, 8]
    assert parsed[1].remote


def test_further_pairs_are_measured_beside_the_demo_pair() -> None:
    arguments = gpu_check.parse_arguments(["--pair", "yolo", "clip"])
    assert [each.name for each in arguments.pairs] == ["demo-detector and demo-embedder", "yolo and clip"]


def test_a_part_that_fails_is_told_and_the_report_goes_on(tmp_path: Path) -> None:
    step = gpu_check.Step("the raw loop", ["raw", "--photos", str(tmp_path)])
    done, text = gpu_check.measured(step, tmp_path / "raw.json")
    assert not done
    assert "It ended with status 1" in text


@pytest.mark.parametrize(
    ("cores", "gpu", "bound"),
    [
        (0.2, 0.97, "GPU"),
        (0.95, 0.3, "cores"),
        (0.95, nan, "cores"),
        (0.92, 0.92, "GPU and cores"),
        (0.2, nan, "waiting"),
    ],
)
def test_what_is_busy_bounds(cores: float, gpu: float, bound: str) -> None:
    assert bound_by(cores, gpu) == bound


def test_the_cores_of_all_programs_are_counted() -> None:
    with MachineLoad() as load:
        sum(range(100_000))
    assert load.cores >= 0
    assert not isnan(load.cores)


def test_all_graphs_are_asked_for_at_the_other_server() -> None:
    settings = remote_graphs("unix:///run/oip.sock", "?shared_memory=true")
    assert settings["ARMOIRE_MODELS__REMOTE_DETECTOR"] == "unix:///run/oip.sock/detector?shared_memory=true"
    assert len(settings) == 3
