"""Detectors in a lower precision."""

from __future__ import annotations

from collections.abc import Callable

from export.precision import accuracy, reference
from export.precision.candidate import Candidate, lowest
from export.precision.labelled_photos import EvaluationData
from models.detector import Detector
from models.session import OnnxSession


def convert_detector(
    candidate: Candidate, data: EvaluationData, report: Callable[[str], None]
) -> dict[str, float]:
    """Write the graph and measure it. Raises GateFailure where it is not as good as fp32."""
    report(f"writing the graph in {candidate.precision}")
    source = Detector.load(candidate.source, OnnxSession)
    candidate.write("detector", [source.preprocess(picture)[0] for picture in data.pictures])
    converted = [Detector(candidate.source, session) for session in candidate.sessions("detector")]
    report(f"comparing boxes with fp32 on {len(data.pictures)} pictures")
    figures = lowest([reference.compare_detections(source, each, data.pictures) for each in converted])
    candidate.require(figures)
    if data.photos:
        report(f"comparing boxes on {len(data.photos)} labelled photos")
        figures |= accuracy.measure_detections(source, converted[-1], data.photos)
        candidate.require(figures)
    return figures
