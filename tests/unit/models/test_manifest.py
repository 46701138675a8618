from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from domain.errors import ArtifactError
from domain.types import ModelVersion
from models.artifact import Artifact
from models.manifest import Manifest
from models.tolerance import Precision, Tolerance, tolerance


@pytest.fixture(params=["detector", "embedder", "classifier"])
def artifact(request: pytest.FixtureRequest) -> Artifact:
    return request.getfixturevalue(f"{request.param}_artifact")


def test_survives_the_file(embedder_artifact: Artifact, detector_artifact: Artifact) -> None:
    for manifest in (embedder_artifact.manifest, detector_artifact.manifest):
        assert Manifest.from_json(manifest.to_json()) == manifest


def changed(manifest: Manifest, file: str) -> Manifest:
    return dataclasses.replace(manifest, files={**manifest.files, file: "0" * 64})


def test_model_version_follows_the_graphs(embedder_artifact: Artifact) -> None:
    manifest = embedder_artifact.manifest
    before = manifest.version
    for graph in ("image.onnx", "text.onnx"):
        after = changed(manifest, graph).version
        assert after.model_version != before.model_version
        assert after.preprocess_version == before.preprocess_version
    assert changed(manifest, "golden.npz").version == before
    assert before.model_version.startswith("tiny-embedder-")


def test_preprocess_version_follows_what_feeds_the_graphs(embedder_artifact: Artifact) -> None:
    manifest = embedder_artifact.manifest
    before = manifest.version
    image = dataclasses.replace(manifest.image, interpolation="bilinear")
    assert manifest.text is not None
    text = dataclasses.replace(manifest.text, clean="whitespace")
    for other in (
        dataclasses.replace(manifest, image=image),
        dataclasses.replace(manifest, text=text),
        changed(manifest, "tokenizer.json"),
    ):
        assert other.version.preprocess_version != before.preprocess_version
        assert other.version.model_version == before.model_version


def lower(manifest: Manifest, precision: Precision) -> Manifest:
    return dataclasses.replace(manifest, precision=precision, tolerance=tolerance(precision))


@pytest.mark.parametrize("precision", ["fp16", "int8"])
def test_a_lower_precision_survives_the_file(artifact: Artifact, precision: Precision) -> None:
    manifest = lower(artifact.manifest, precision)
    manifest.check()
    assert Manifest.from_json(manifest.to_json()) == manifest


@pytest.mark.parametrize("score", [-0.1, 1.1, 7.0])
def test_a_score_that_no_box_can_have_is_refused(detector_artifact: Artifact, score: float) -> None:
    with pytest.raises(ArtifactError, match="min_score must be from 0 to 1"):
        dataclasses.replace(detector_artifact.manifest, min_score=score).check()


@pytest.mark.parametrize(
    "wider",
    [{"cosine": 0.9}, {"box_px": 99.0}, {"score": 0.5}, {"min_score": 0.5}, {"unmatched": 1.0}],
)
def test_a_tolerance_wider_than_its_precision_needs_is_refused(
    artifact: Artifact, wider: dict[str, float]
) -> None:
    for precision in ("fp32", "int8"):
        sound = artifact.manifest if precision == "fp32" else lower(artifact.manifest, "int8")
        loose = dataclasses.replace(sound, tolerance=dataclasses.replace(sound.tolerance, **wider))
        sound.check()
        with pytest.raises(ArtifactError, match="tolerance is wider"):
            loose.check()


def test_a_manifest_without_tolerance_is_held_to_the_narrowest(artifact: Artifact) -> None:
    content = json.loads(artifact.manifest.to_json())
    del content["tolerance"]
    assert Manifest.from_json(json.dumps(content)).tolerance == Tolerance()


def test_an_unknown_precision_is_refused(artifact: Artifact) -> None:
    content = artifact.manifest.to_json().replace('"fp32"', '"fp8"')
    with pytest.raises(ArtifactError, match="precision"):
        Manifest.from_json(content)


def test_a_resize_mode_belongs_to_a_task(artifact: Artifact) -> None:
    other = "squash" if artifact.manifest.task == "detect" else "letterbox"
    image = dataclasses.replace(artifact.manifest.image, resize_mode=other)
    with pytest.raises(ArtifactError, match=f"resize mode '{other}' is not one for task"):
        dataclasses.replace(artifact.manifest, image=image).check()


@pytest.mark.parametrize("change", [{"resize_mode": "shortest"}, {"width": 48}, {"fill": 0}])
def test_preprocess_version_follows_every_part_of_it(
    embedder_artifact: Artifact, change: dict[str, object]
) -> None:
    image = dataclasses.replace(embedder_artifact.manifest.image, **change)
    other = dataclasses.replace(embedder_artifact.manifest, image=image).version
    assert other.preprocess_version != embedder_artifact.version.preprocess_version
    assert other.model_version == embedder_artifact.version.model_version


@pytest.mark.parametrize(
    "version",
    [
        ModelVersion("demo-detector-d2695442ad49", "d19a28841d1a"),
        ModelVersion("demo-embedder-355c0f80acfe", "cf7efc39c285"),
    ],
)
def test_the_artifacts_that_ship_keep_their_versions(version: ModelVersion) -> None:
    name = version.model_version.rpartition("-")[0]
    assert Artifact.load(Path(__file__).parents[3] / "artifacts" / name).version == version


def test_masks_need_their_graph(segmenter_artifact: Artifact) -> None:
    manifest = segmenter_artifact.manifest
    assert Manifest.from_json(manifest.to_json()) == manifest
    files = {name: sha256 for name, sha256 in manifest.files.items() if name != "segmenter.onnx"}
    with pytest.raises(ArtifactError, match=r"segmenter\.onnx is not listed"):
        dataclasses.replace(manifest, files=files).check()
    dataclasses.replace(manifest, files=files, mask_channels=0).check()


@pytest.mark.parametrize("fixture", ["embedder_artifact", "classifier_artifact"])
def test_masks_are_of_detectors(request: pytest.FixtureRequest, fixture: str) -> None:
    manifest = request.getfixturevalue(fixture).manifest
    with pytest.raises(ArtifactError, match="mask_channels is 2 for task"):
        dataclasses.replace(manifest, mask_channels=2).check()


def test_manifests_from_before_there_were_masks_have_none(detector_artifact: Artifact) -> None:
    content = json.loads(detector_artifact.manifest.to_json())
    del content["mask_channels"]
    assert Manifest.from_json(json.dumps(content)) == detector_artifact.manifest


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"labels": ()}, "labels are missing"),
        ({"files": {"golden.npz": "0" * 64}}, r"classifier\.onnx is not listed"),
    ],
)
def test_a_classifier_needs_labels_and_its_graph(
    classifier_artifact: Artifact, change: dict[str, object], problem: str
) -> None:
    classifier_artifact.manifest.check()
    with pytest.raises(ArtifactError, match=problem):
        dataclasses.replace(classifier_artifact.manifest, **change).check()


@pytest.mark.parametrize(
    ("mode", "size", "problem"),
    [
        ("longest", (40, 40), "resize_size is not for resize mode 'longest'"),
        ("shortest", (40, 4), "resize_size 40x4 is smaller than the input"),
    ],
)
def test_photos_are_scaled_to_no_less_than_the_input(
    classifier_artifact: Artifact, mode: str, size: tuple[int, int], problem: str
) -> None:
    image = dataclasses.replace(classifier_artifact.manifest.image, resize_mode=mode, resize_size=size)
    with pytest.raises(ArtifactError, match=problem):
        dataclasses.replace(classifier_artifact.manifest, image=image).check()


def test_a_resize_size_changes_the_preprocess_version_and_its_absence_does_not(
    classifier_artifact: Artifact,
) -> None:
    manifest = classifier_artifact.manifest
    larger = dataclasses.replace(manifest, image=dataclasses.replace(manifest.image, resize_size=(90, 90)))
    assert larger.version.model_version == manifest.version.model_version
    assert larger.version.preprocess_version != manifest.version.preprocess_version
    demo = Artifact.load(Path("artifacts/demo-embedder")).version
    assert demo.preprocess_version == "cf7efc39c285"
