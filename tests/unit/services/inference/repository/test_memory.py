"""Whether another model fits into the memory."""

from __future__ import annotations

import pytest

from bench.model_pair import ROOT
from domain.errors import FailedPrecondition
from models.artifact import Artifact
from services.inference.repository.memory import MemoryLimit, free_bytes, needed_bytes

MB = 1_000_000


def test_a_model_needs_twice_its_graphs() -> None:
    artifact = Artifact.load(ROOT / "artifacts/demo-detector")
    assert needed_bytes(artifact) == 2 * artifact.graph("detector").stat().st_size
    assert needed_bytes(artifact, ["detector"]) == 0  # a model server runs it


def test_a_model_that_does_not_fit_is_refused_with_the_figures() -> None:
    limit = MemoryLimit(free=lambda: 99 * MB)
    limit.require("yolo-1", 99 * MB, 50 * MB)
    with pytest.raises(FailedPrecondition) as refused:
        limit.require("yolo-1", 100 * MB, 50 * MB)
    error = refused.value
    assert "yolo-1 needs up to 100 MB beside the loaded models (50 MB), but only 99 MB are free" in str(error)
    assert error.reason == "MODEL_DOES_NOT_FIT"
    assert error.metadata == {"needed_bytes": str(100 * MB), "free_bytes": str(99 * MB)}


def test_the_setting_counts_where_it_is_less_than_what_is_free() -> None:
    limit = MemoryLimit(120 * MB, free=lambda: 99 * MB)
    limit.require("yolo-1", 70 * MB, 50 * MB)
    with pytest.raises(FailedPrecondition, match="70 MB of the 120 MB that models may take are free"):
        limit.require("yolo-1", 71 * MB, 50 * MB)


def test_a_container_has_less_memory_than_the_machine() -> None:
    assert free_bytes(lambda: 2 * MB) == 2 * MB
    assert min(free_bytes(lambda: 10**18), free_bytes(lambda: None)) > 2 * MB
