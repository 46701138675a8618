"""Graphs optimized once for this machine: operators fused, weights packed for its CPU and mapped from disk.

Sessions that open an optimized graph start sooner and share the memory of its weights, whatever their number
of threads and in whatever process.

Source: onnxruntime, `session.save_external_prepacked_constant_initializers`.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import shutil
import tempfile
from pathlib import Path

import onnxruntime

from models.fact_cache import FactCache, known_sha256
from models.machine import machine_facts

LOG = logging.getLogger("armoire.models")

GRAPH_NAME = "graph.onnx"
WEIGHTS_NAME = "graph.weights"


def optimized_graph(graph: Path, cache: Path) -> Path | None:
    """The optimized version of a graph, made if `cache` does not hold it yet; None where it cannot be made.

    It is only valid for this kind of CPU and this onnxruntime; both are part of its name.
    """
    folder = _folder(graph, cache)
    if not (folder / GRAPH_NAME).is_file():
        try:
            _optimize(graph, folder)
        except Exception as error:  # the errors of onnxruntime have no public base class
            LOG.warning("%s could not be optimized into %s and is used as it is: %s", graph, folder, error)
            return None
    return folder / GRAPH_NAME


def discard(graph: Path, cache: Path) -> None:
    """Remove the optimized version of a graph, if there is one; sessions that have it open may go on."""
    shutil.rmtree(_folder(graph, cache), ignore_errors=True)


def _optimize(graph: Path, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3  # it warns that the result is for this machine: it is
        options.optimized_model_filepath = str(made / GRAPH_NAME)
        for name, value in (
            ("session.optimized_model_external_initializers_file_name", WEIGHTS_NAME),
            ("session.optimized_model_external_initializers_min_size_in_bytes", "1024"),
            ("session.save_external_prepacked_constant_initializers", "1"),
        ):
            options.add_session_config_entry(name, value)
        onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        for path in (*made.iterdir(), made):
            _flush(path)  # else a power cut could leave the name on disk without the contents
        with contextlib.suppress(OSError):  # another process was quicker
            made.rename(folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _folder(graph: Path, cache: Path) -> Path:
    return cache / "graphs" / f"{graph.stem}-{_key(graph, FactCache.below(cache))}"


def _key(graph: Path, facts: FactCache) -> str:
    parts = (known_sha256(graph, facts), *machine_facts())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
