from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from domain.errors import ArtifactError
from models.artifact import Artifact
from models.manifest import Manifest
from models.parity import Precision, Task, Tolerance, bounds, tolerance


@pytest.fixture(params=["detector", "embedder"])
def artifact(request: pytest.FixtureRequest) -> Artifact:
    return request.getfixturevalue(f"{request.param}_artifact")


def passing_figures(task: Task, precision: Precision) -> dict[str, float]:
    """Every figure at the very edge of its bound."""
    return {
        name: bound.at_least if np.isfinite(bound.at_least) else bound.at_most
        for name, bound in bounds(task, precision).items()
    }


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


def lower(manifest: Manifest, precision: Precision, **changes: float) -> Manifest:
    figures = {**manifest.parity, **passing_figures(manifest.task, precision), **changes}
    return dataclasses.replace(manifest, precision=precision, tolerance=tolerance(precision), parity=figures)


@pytest.mark.parametrize("precision", ["fp16", "int8"])
def test_a_lower_precision_survives_the_file(artifact: Artifact, precision: Precision) -> None:
    manifest = lower(artifact.manifest, precision)
    manifest.check()
    assert Manifest.from_json(manifest.to_json()) == manifest


@pytest.mark.parametrize("precision", ["fp16", "int8"])
def test_a_lower_precision_needs_its_twin_s_figures(artifact: Artifact, precision: Precision) -> None:
    manifest = dataclasses.replace(artifact.manifest, precision=precision)
    with pytest.raises(ArtifactError, match=r"twin_.* is missing"):
        manifest.check()


def test_fp32_has_no_twin(artifact: Artifact) -> None:
    manifest = dataclasses.replace(lower(artifact.manifest, "int8"), precision="fp32", tolerance=Tolerance())
    with pytest.raises(ArtifactError, match=r"is not a parity figure of task .* in fp32"):
        manifest.check()


def test_labelled_figures_come_together_and_hold(detector_artifact: Artifact) -> None:
    figures = {"photos": 100.0, "photo_boxes": 50.0, "photo_map50_points": 40.0, "map50_drop_points": 1.0}
    lower(detector_artifact.manifest, "int8", **figures).check()
    with pytest.raises(ArtifactError, match=r"map50_drop_points is 1\.1, must be <= 1"):
        lower(detector_artifact.manifest, "int8", **(figures | {"map50_drop_points": 1.1})).check()
    with pytest.raises(ArtifactError, match="photo_boxes is missing"):
        lower(detector_artifact.manifest, "int8", photos=100.0).check()


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
