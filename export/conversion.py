"""From an artifact in fp32 to one of lower precision, if that is as good."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from domain.errors import ArtifactError
from domain.types import FloatArray
from export import accuracy, draft, gate, twin
from export.errors import GateFailure
from export.half import write_half, write_rounded
from export.integer import write_int8
from export.photos import Trial
from export.plain_session import PlainSession
from export.speed import time_both
from models.artifact import Artifact
from models.detector import Detector
from models.golden import Golden, check_embeddings, check_rows
from models.image_encoder import ImageEncoder
from models.manifest import GRAPHS, TOKENIZER_NAME
from models.parity import Precision, possible_bounds, tolerance
from models.session import OnnxSession, Session
from models.text_encoder import TextEncoder

GUESSING = "the fp32 model hardly does better than a guess on these photos, so they cannot judge"
ADVICE = {
    "photos": "too few labelled photos",
    "photo_boxes": "too few boxes on the photos to judge by",
    "photo_map50_points": GUESSING,
    "category_top1_over_chance_points": GUESSING,
    "twin_boxes": "the fp32 model finds too little: give pictures of what it was trained on with --images",
}
WORSE = "it is worse than fp32 by more than it may: keep fp32"
WORSE_INT8 = f"{WORSE}, or take the ranges from pictures of what it was trained on with --images"
HALF_ON_CPU = (
    "fp16 is for CUDA and TensorRT; on a CPU onnxruntime casts to fp32 and back: right, and no faster"
)
UNJUDGED = "no labelled photos (--photos, --labels): it is compared with fp32, its accuracy is not measured"


@dataclass(frozen=True, slots=True)
class Bench:
    """What is being made: `kept` are the graphs to store, `tried` those that round as a GPU does (fp16)."""

    source: Artifact
    precision: Precision
    kept: Path
    tried: Path

    def fp32(self, graph: str) -> Session:
        return OnnxSession(self.source.graph(graph))

    def made(self, graph: str) -> list[Session]:
        """All that must be as good as fp32; the last is what the model will be where it is meant to run."""
        folders = (self.kept, self.tried) if self.precision == "fp16" else (self.kept,)
        return [OnnxSession(folder / f"{graph}.onnx") for folder in folders]

    def elsewhere(self, graph: str) -> Session:
        """The graph as another machine rounds it."""
        if self.precision == "fp16":
            return OnnxSession(self.tried / f"{graph}.onnx")
        return PlainSession(self.kept / f"{graph}.onnx")


def convert(
    source: Artifact, precision: Precision, folder: Path, trial: Trial, report: Callable[[str], None]
) -> Artifact:
    """Write the artifact into an empty folder; `source` is its twin in fp32.

    Raises:
        GateFailure: it is not as good as the twin, or not the same on every machine.
    """
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(source, precision, folder, Path(scratch))
        if precision == "fp16":
            report(HALF_ON_CPU)
        if not trial.photos:
            report(UNJUDGED)
        make = _make_detector if source.manifest.task == "detect" else _make_embedder
        figures = make(bench, trial, report)
        golden = {graph: _golden(bench, graph) for graph in GRAPHS[source.manifest.task]}
        for line in _speeds(bench, golden):
            report(line)
    manifest = dataclasses.replace(source.manifest, precision=precision, tolerance=tolerance(precision))
    texts = tuple(source.golden_texts()) if manifest.task == "embed" else ()
    return draft.finish(folder, manifest, {**manifest.parity, **figures}, golden, texts)


def _make_detector(bench: Bench, trial: Trial, report: Callable[[str], None]) -> dict[str, float]:
    report(f"writing the graph in {bench.precision}")
    source = Detector.load(bench.source, OnnxSession)
    _write(bench, "detector", [source.preprocess(picture)[0] for picture in trial.pictures])
    made = [Detector(bench.source, session) for session in bench.made("detector")]
    report(f"comparing boxes with fp32 on {len(trial.pictures)} pictures")
    figures = _worst([twin.compare_detections(source, each, trial.pictures) for each in made])
    _require(bench, figures)
    if trial.photos:
        report(f"comparing boxes on {len(trial.photos)} labelled photos")
        figures |= accuracy.measure_detections(source, made[-1], trial.photos)
    _require(bench, figures)
    return figures


def _make_embedder(bench: Bench, trial: Trial, report: Callable[[str], None]) -> dict[str, float]:
    report(f"writing the image tower in {bench.precision}")
    shutil.copyfile(bench.source.tokenizer, bench.kept / TOKENIZER_NAME)
    source = ImageEncoder.load(bench.source, OnnxSession)
    _write(bench, "image", [source.preprocess(picture) for picture in trial.pictures])
    made = [ImageEncoder(bench.source, session) for session in bench.made("image")]
    report(f"comparing embeddings with fp32 on views of {len(trial.pictures)} pictures")
    figures = _worst([twin.compare_images(source, each, trial.pictures) for each in made])
    _require(bench, figures)
    exam = None
    if trial.photos and trial.taxonomy is not None:
        report(f"comparing embeddings on {len(trial.photos)} labelled photos")
        exam = accuracy.prepare_exam(source, made[-1], trial.photos, trial.taxonomy)
    report(f"writing the text tower in {bench.precision}")
    figures |= _make_texts(bench, exam, report)
    _require(bench, figures)
    return figures


def _make_texts(bench: Bench, exam: accuracy.Exam | None, report: Callable[[str], None]) -> dict[str, float]:
    """In int8 a text tower that is not as good stays as it is: it is small work beside the pictures."""
    _write(bench, "text", list(bench.source.golden("text").inputs))
    figures = _measure_texts(bench, exam)
    if bench.precision == "int8" and (failed := _first_failure(bench, figures)):
        report(f"the text tower stays in fp32: {failed} does not hold in int8")
        shutil.copyfile(bench.source.graph("text"), bench.kept / "text.onnx")
        figures = _measure_texts(bench, exam)
    return figures


def _measure_texts(bench: Bench, exam: accuracy.Exam | None) -> dict[str, float]:
    source = TextEncoder.load(bench.source, OnnxSession)
    tokens = bench.source.golden("text").inputs
    made = [TextEncoder(bench.source, session) for session in bench.made("text")]
    expected = _one_by_one(source, tokens)
    figures = _worst([twin.compare_texts(expected, _one_by_one(each, tokens)) for each in made])
    return figures if exam is None else figures | accuracy.measure_embeddings(exam, source, made[-1])


def _one_by_one(encoder: TextEncoder, tokens: npt.NDArray[np.int64]) -> FloatArray:
    """Each text as short as it is, as the server runs them."""
    return np.concatenate([encoder.run(row[None]) for row in tokens])


def _write(bench: Bench, graph: str, inputs: Sequence[np.ndarray]) -> None:
    source, name = bench.source.graph(graph), f"{graph}.onnx"
    if bench.precision == "fp16":
        write_half(source, bench.kept / name)
        write_rounded(source, bench.tried / name)
    else:
        write_int8(source, bench.kept / name, [array[None] for array in inputs])


def _golden(bench: Bench, graph: str) -> Golden:
    """Raises GateFailure where another machine's rounding would go beyond the tolerance."""
    inputs = bench.source.golden(graph).inputs
    outputs = _run(bench, graph, OnnxSession(bench.kept / f"{graph}.onnx"), inputs)
    golden = Golden(inputs, outputs, tolerance(bench.precision))
    check = check_rows if graph == "detector" else check_embeddings
    elsewhere = bench.elsewhere(graph)
    try:
        check(_run(bench, graph, elsewhere, inputs), golden, elsewhere.provider)
    except ArtifactError as error:
        raise GateFailure(f"with other rounding, as on another machine, {error}") from error
    return golden


def _run(bench: Bench, graph: str, session: Session, inputs: npt.NDArray[Any]) -> FloatArray:
    if graph == "text":
        return _one_by_one(TextEncoder(bench.source, session), inputs)
    outputs: FloatArray = session.run(inputs)[0]
    return outputs


def _speeds(bench: Bench, golden: Mapping[str, Golden]) -> Iterator[str]:
    for graph, batch in golden.items():
        made = OnnxSession(bench.kept / f"{graph}.onnx")
        before_ms, after_ms = time_both(bench.fp32(graph), made, batch.inputs[:1])
        yield (
            f"{graph}: fp32 {before_ms:.2f} ms, {bench.precision} {after_ms:.2f} ms for one, "
            f"{before_ms / after_ms:.2f} times as fast (CPU, one thread, in turns)"
        )


def _worst(measured: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Of figures that are better the higher they are; NaN is worst."""
    return {name: float(np.min([figures[name] for figures in measured])) for name in measured[0]}


def _require(bench: Bench, figures: Mapping[str, float]) -> None:
    worse = WORSE_INT8 if bench.precision == "int8" else WORSE
    advice = dict.fromkeys(figures, worse) | ADVICE
    gate.require(bench.source.manifest.task, figures, advice, bench.precision)


def _first_failure(bench: Bench, figures: Mapping[str, float]) -> str | None:
    """Of the figures that depend on the text tower."""
    bounds = possible_bounds("embed", bench.precision)
    told = [name for name in ("twin_text_cosine", "category_top1_drop_points") if name in figures]
    return next((name for name in told if not bounds[name].holds(figures[name])), None)
