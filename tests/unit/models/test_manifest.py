from __future__ import annotations

import dataclasses

from models.artifact import Artifact
from models.manifest import Manifest


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
