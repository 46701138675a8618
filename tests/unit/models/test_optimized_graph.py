from __future__ import annotations

import logging
import os
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from models.optimized_graph import WEIGHTS_NAME, discard, optimized_graph
from models.session import OnnxSession

INPUTS = np.arange(16, dtype=np.float32).reshape(2, 8)


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """A matrix product large enough for its weights to be laid out anew."""
    weights = np.random.default_rng(0).normal(size=(8, 256)).astype(np.float32)
    node = helper.make_node("MatMul", ["x", "w"], ["y"])
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 8])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 256])
    proto = helper.make_graph([node], "product", [x], [y], [numpy_helper.from_array(weights, "w")])
    path = tmp_path / "image.onnx"
    onnx.save(helper.make_model(proto, opset_imports=[helper.make_opsetid("", 17)], ir_version=9), str(path))
    return path


def test_an_optimized_graph_answers_as_the_graph_does(graph: Path, tmp_path: Path) -> None:
    ready = optimized_graph(graph, tmp_path / "cache")
    assert ready is not None
    assert (ready.parent / WEIGHTS_NAME).stat().st_size >= 8 * 256 * 4
    with_cache = OnnxSession(graph, exclusive_threads=2, cache=tmp_path / "cache")
    for alone in (False, True):
        assert np.allclose(with_cache.run(INPUTS, exclusive=alone)[0], OnnxSession(graph).run(INPUTS)[0])


def test_it_is_made_once_and_anew_for_another_graph(graph: Path, tmp_path: Path) -> None:
    first = optimized_graph(graph, tmp_path / "cache")
    assert first is not None
    made = first.stat().st_mtime_ns
    assert optimized_graph(graph, tmp_path / "cache") == first
    assert first.stat().st_mtime_ns == made
    model = onnx.load(str(graph))
    model.graph.name = "another"
    onnx.save(model, str(graph))
    assert optimized_graph(graph, tmp_path / "cache") != first


def test_it_is_made_anew_after_it_was_thrown_away(graph: Path, tmp_path: Path) -> None:
    discard(graph, tmp_path / "cache")
    ready = optimized_graph(graph, tmp_path / "cache")
    assert ready is not None
    ready.write_bytes(b"")
    discard(graph, tmp_path / "cache")
    assert not ready.exists()
    assert optimized_graph(graph, tmp_path / "cache") == ready
    assert ready.stat().st_size


def test_it_is_on_disk_before_it_has_its_name(
    graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []

    def fsync(handle: int) -> None:
        assert not list(tmp_path.glob("cache/graphs/image-*"))
        flushed.append(Path(f"/proc/self/fd/{handle}").readlink().name.partition("-")[0])

    monkeypatch.setattr(os, "fsync", fsync)
    assert optimized_graph(graph, tmp_path / "cache") is not None
    assert sorted(flushed) == [".image", "graph.onnx", "graph.weights"]


def test_where_it_cannot_be_kept_the_graph_is_used_as_it_is(
    graph: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = tmp_path / "cache"
    cache.write_text("a file is in the way")
    with caplog.at_level(logging.WARNING):
        session = OnnxSession(graph, cache=cache)
    assert "could not be optimized" in caplog.text
    assert session.run(INPUTS)[0].shape == (2, 256)


def test_nothing_is_left_of_a_preparation_that_failed(tmp_path: Path) -> None:
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"not a graph")
    assert optimized_graph(broken, tmp_path / "cache") is None
    assert not list((tmp_path / "cache" / "graphs").iterdir())
