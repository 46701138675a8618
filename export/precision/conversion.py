"""From an artifact in fp32 to one in a lower precision, if that is as good."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from domain.errors import ArtifactError
from export.artifact_writer import write_artifact
from export.errors import GateFailure
from export.precision.candidate import Candidate
from export.precision.detector import convert_detector
from export.precision.embedder import convert_embedder
from export.precision.labelled_photos import EvaluationData
from export.precision.speed import time_both
from models.artifact import Artifact
from models.golden import Golden, check_embeddings, check_rows
from models.manifest import GRAPHS
from models.session import OnnxSession
from models.tolerance import Precision, tolerance

HALF_ON_CPU = (
    "fp16 is for CUDA and TensorRT: on a CPU onnxruntime casts to fp32 and back, which is right but no faster"
)
NO_LABELS = "no labelled photos (--photos, --labels): it is compared with fp32, its accuracy is not measured"

CONVERTERS = {"detect": convert_detector, "embed": convert_embedder}


def convert(
    source: Artifact,
    precision: Precision,
    folder: Path,
    data: EvaluationData,
    report: Callable[[str], None],
) -> Artifact:
    """Write the artifact into an empty folder; `source` is the fp32 reference.

    Raises:
        GateFailure: it is not as good as the reference, or not the same on every machine.
    """
    with tempfile.TemporaryDirectory() as scratch:
        candidate = Candidate(source, precision, folder, Path(scratch))
        if precision == "fp16":
            report(HALF_ON_CPU)
        if not data.photos:
            report(NO_LABELS)
        figures = CONVERTERS[source.manifest.task](candidate, data, report)
        golden = {graph: _golden(candidate, graph) for graph in GRAPHS[source.manifest.task]}
        for line in _speeds(candidate, golden):
            report(line)
    manifest = dataclasses.replace(source.manifest, precision=precision, tolerance=tolerance(precision))
    texts = tuple(source.golden_texts()) if manifest.task == "embed" else ()
    return write_artifact(folder, manifest, {**manifest.parity, **figures}, golden, texts)


def _golden(candidate: Candidate, graph: str) -> Golden:
    """Raises GateFailure where another machine's rounding would go beyond the tolerance."""
    inputs = candidate.source.golden(graph).inputs
    outputs = candidate.run(graph, OnnxSession(candidate.kept / f"{graph}.onnx"), inputs)
    golden = Golden(inputs, outputs, tolerance(candidate.precision))
    check = check_rows if graph == "detector" else check_embeddings
    elsewhere = candidate.session_elsewhere(graph)
    try:
        check(candidate.run(graph, elsewhere, inputs), golden, elsewhere.provider)
    except ArtifactError as error:
        raise GateFailure(f"with other rounding, as on another machine, {error}") from error
    return golden


def _speeds(candidate: Candidate, golden: Mapping[str, Golden]) -> Iterator[str]:
    for graph, batch in golden.items():
        converted = OnnxSession(candidate.kept / f"{graph}.onnx")
        before_ms, after_ms = time_both(candidate.fp32_session(graph), converted, batch.inputs[:1])
        yield (
            f"{graph}: fp32 {before_ms:.2f} ms, {candidate.precision} {after_ms:.2f} ms for one, "
            f"{before_ms / after_ms:.2f} times as fast (CPU, one thread, in turns)"
        )
