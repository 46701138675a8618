"""The models that ship, in lower precision."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest

from domain.taxonomy import Taxonomy
from domain.types import Box
from export.errors import GateFailure
from export.gate_pictures import read_gate_pictures
from export.precision import accuracy, candidate
from export.precision.conversion import convert
from export.precision.labelled_photos import EvaluationData, LabelledPhoto
from models.artifact import Artifact
from models.detector import Detector
from models.image_encoder import ImageEncoder
from models.session import OnnxSession
from models.text_encoder import TextEncoder
from models.tolerance import Precision, tolerance

ROOT = Path(__file__).parents[2]
TAXONOMY = Taxonomy.load(ROOT / "domain/taxonomy.toml")

PRECISIONS = pytest.mark.parametrize("precision", ["fp16", "int8"])


@pytest.fixture(scope="module")
def detector() -> Artifact:
    return Artifact.load(ROOT / "artifacts" / "demo-detector")


@pytest.fixture(scope="module")
def embedder() -> Artifact:
    return Artifact.load(ROOT / "artifacts" / "demo-embedder")


@pytest.fixture(scope="module")
def data() -> EvaluationData:
    """The gate's pictures and some with garments."""
    return EvaluationData(read_gate_pictures(ROOT / "samples"))


@pytest.fixture(scope="module")
def photos() -> list[LabelledPhoto]:
    """The samples with their category and the box of their product."""
    with (ROOT / "samples" / "samples.csv").open(newline="") as file:
        return [_photo(row) for row in csv.DictReader(file)]


def _photo(row: dict[str, str]) -> LabelledPhoto:
    path = ROOT / "samples" / row["file"]
    height, width, _ = accuracy.read_picture(path).shape
    _, x1, y1, x2, y2 = json.loads(row["boxes"])[0]
    return LabelledPhoto(path, row["category"], Box(x1 / width, y1 / height, x2 / width, y2 / height))


def empty(folder: Path) -> Path:
    folder.mkdir()
    return folder


@PRECISIONS
def test_the_detector(detector: Artifact, data: EvaluationData, tmp_path: Path, precision: Precision) -> None:
    lines: list[str] = []
    made = convert(detector, precision, empty(tmp_path / "made"), data, lines.append)
    manifest = made.manifest
    assert (manifest.precision, manifest.tolerance) == (precision, tolerance(precision))
    assert manifest.version.model_version != detector.version.model_version
    assert manifest.version.preprocess_version == detector.version.preprocess_version
    assert manifest.min_score == detector.manifest.min_score != 0.25
    assert manifest.parity.items() > detector.manifest.parity.items()
    assert made.graph("detector").stat().st_size < 0.6 * detector.graph("detector").stat().st_size
    assert Detector.load(made, OnnxSession).check() <= tolerance(precision).box_px
    assert sum(" times as fast " in line for line in lines) == 1
    assert sum("fp16 is for CUDA" in line for line in lines) == (precision == "fp16")
    assert not [name for name in manifest.to_json().splitlines() if " ms" in name]


@PRECISIONS
def test_the_embedder(embedder: Artifact, data: EvaluationData, tmp_path: Path, precision: Precision) -> None:
    made = convert(embedder, precision, empty(tmp_path / "made"), data, print)
    assert made.manifest.precision == precision
    assert made.version.model_version != embedder.version.model_version
    images, texts = ImageEncoder.load(made, OnnxSession), TextEncoder.load(made, OnnxSession)
    assert min(images.check(), texts.check()) >= tolerance(precision).cosine
    embeddings = images.run(np.stack([images.preprocess(picture) for picture in data.pictures[:3]]))
    assert embeddings.dtype == np.float32
    assert np.linalg.norm(embeddings, axis=1) == pytest.approx([1, 1, 1], abs=1e-6)


def spoil(write: Callable[..., object]) -> Callable[..., object]:
    """The same, and every weight of the written graph loses its sign."""

    def spoilt(source: Path, target: Path, *rest: object) -> object:
        done = write(source, target, *rest)
        model = onnx.load(str(target))
        for tensor in model.graph.initializer:
            if len(tensor.dims) > 1:
                values = np.abs(onnx.numpy_helper.to_array(tensor))
                tensor.CopyFrom(onnx.numpy_helper.from_array(values, tensor.name))
        onnx.save(model, str(target))
        return done

    return spoilt


@pytest.mark.parametrize(("precision", "writer"), [("fp16", "write_fp16"), ("fp16", "write_rounded")])
def test_both_the_stored_graph_and_what_a_gpu_makes_of_it_must_hold(
    embedder: Artifact,
    data: EvaluationData,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    precision: Precision,
    writer: str,
) -> None:
    monkeypatch.setattr(candidate, writer, spoil(getattr(candidate, writer)))
    with pytest.raises(GateFailure, match=r"reference_(image_cosine|overlap_at_10) is .*, must be"):
        convert(embedder, precision, empty(tmp_path / "made"), data, print)
    assert not (tmp_path / "made" / "manifest.json").exists()


def test_a_spoilt_detector_is_refused(
    detector: Artifact, data: EvaluationData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidate, "write_int8", spoil(candidate.write_int8))
    with pytest.raises(GateFailure, match=r"reference_map50 is .*: it is worse than fp32 .* --images"):
        convert(detector, "int8", empty(tmp_path / "made"), data, print)


def test_a_text_tower_that_is_not_as_good_stays_in_fp32(
    embedder: Artifact, data: EvaluationData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoil_texts(source: Path, target: Path, *rest: object) -> object:
        write = spoil(write_int8) if source.name == "text.onnx" else write_int8
        return write(source, target, *rest)

    write_int8 = candidate.write_int8
    monkeypatch.setattr(candidate, "write_int8", spoil_texts)
    lines: list[str] = []
    made = convert(embedder, "int8", empty(tmp_path / "made"), data, lines.append)
    assert made.manifest.graph_sha256("text") == embedder.manifest.graph_sha256("text")
    assert made.manifest.graph_sha256("image") != embedder.manifest.graph_sha256("image")
    assert [line for line in lines if "the text tower stays in fp32: reference_text_cosine" in line]


def test_too_few_labelled_photos_judge_nothing(
    embedder: Artifact, detector: Artifact, data: EvaluationData, photos: list[LabelledPhoto], tmp_path: Path
) -> None:
    judged = EvaluationData(data.pictures, photos, TAXONOMY)
    for artifact in (embedder, detector):
        with pytest.raises(
            GateFailure, match=rf"photos is {len(photos)}, must be >= 100: too few labelled photos"
        ):
            convert(artifact, "int8", empty(tmp_path / artifact.manifest.name), judged, print)


def test_what_fp16_costs_on_labelled_photos_is_stored(
    embedder: Artifact, data: EvaluationData, photos: list[LabelledPhoto], tmp_path: Path
) -> None:
    judged = EvaluationData(data.pictures, photos * 4, TAXONOMY)
    made = convert(embedder, "fp16", empty(tmp_path / "made"), judged, print)
    assert made.manifest.parity["photos"] == 4 * len(photos)
    assert made.manifest.parity["category_top1_drop_points"] <= 0.5
    assert made.manifest.parity["precision_at_10_drop_points"] <= 0.5


def test_other_embeddings_cost_points(embedder: Artifact, photos: list[LabelledPhoto]) -> None:
    images, texts = ImageEncoder.load(embedder, OnnxSession), TextEncoder.load(embedder, OnnxSession)
    embedded = accuracy.embed_photos(images, images, photos, TAXONOMY)
    same = accuracy.measure_embeddings(embedded, texts, texts)
    assert same["category_top1_drop_points"] == same["precision_at_10_drop_points"] == 0
    embedded.actual[:] = embedded.expected[np.random.default_rng(0).permutation(len(photos))]
    other = accuracy.measure_embeddings(embedded, texts, texts)
    assert other["category_top1_drop_points"] > 0.5
    assert other["precision_at_10_drop_points"] > 0.5


def test_labelled_boxes_go_before_the_reference_s(detector: Artifact, photos: list[LabelledPhoto]) -> None:
    model = Detector.load(detector, OnnxSession)
    by_hand = accuracy.measure_detections(model, model, photos)
    assert (by_hand["photo_boxes"], by_hand["map50_drop_points"]) == (len(photos), 0)
    without = [LabelledPhoto(photo.path, photo.category) for photo in photos]
    by_reference = accuracy.measure_detections(model, model, without)
    assert (by_reference["photo_map50_points"], by_reference["map50_drop_points"]) == (100, 0)
    assert by_hand["photo_map50_points"] < 100


def test_what_is_not_a_number_is_the_worst() -> None:
    assert candidate.lowest([{"a": 0.9, "b": 0.1}, {"a": 0.8, "b": 0.2}]) == {"a": 0.8, "b": 0.1}
    assert np.isnan(candidate.lowest([{"a": 0.9}, {"a": float("nan")}])["a"])
