from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from domain.errors import ArtifactError
from models.artifact import Artifact
from models.image_encoder import ImageEncoder
from models.session import OnnxSession


@pytest.fixture
def encoder(embedder_artifact: Artifact) -> ImageEncoder:
    return ImageEncoder.load(embedder_artifact, OnnxSession)


@pytest.mark.parametrize("shape", [(40, 60, 3), (60, 40, 3), (16, 16, 3), (9, 100, 3)])
def test_preprocess_gives_the_input_size(encoder: ImageEncoder, shape: tuple[int, int, int]) -> None:
    crop = np.random.default_rng(1).integers(0, 255, shape, np.uint8)
    assert encoder.preprocess(crop).shape == encoder.manifest.image.shape


def test_garments_are_padded_and_photos_prepared_as_the_manifest_says(embedder_artifact: Artifact) -> None:
    image = dataclasses.replace(embedder_artifact.manifest.image, resize_mode="shortest")
    manifest = dataclasses.replace(embedder_artifact.manifest, image=image)
    encoder = ImageEncoder.load(dataclasses.replace(embedder_artifact, manifest=manifest), OnnxSession)
    picture = np.random.default_rng(2).integers(0, 255, (90, 40, 3), np.uint8)
    np.testing.assert_array_equal(encoder.preprocess(picture), image.fit_garment(picture))
    np.testing.assert_array_equal(encoder.preprocess_photo(picture), image.fit_photo(picture))
    assert not np.array_equal(encoder.preprocess(picture), encoder.preprocess_photo(picture))


def test_a_very_long_crop_takes_little_memory(encoder: ImageEncoder) -> None:
    assert encoder.preprocess(np.zeros((8, 60_000, 3), np.uint8)).shape == encoder.manifest.image.shape


def test_embeds_a_batch(encoder: ImageEncoder) -> None:
    red, blue = np.zeros((2, 32, 32, 3), np.uint8)
    red[..., 0], blue[..., 2] = 200, 10
    embeddings = encoder.run(np.stack([red, blue]))
    assert embeddings == pytest.approx(np.array([[1, 0, 0], [0, 0, 1]]))
    assert embeddings.dtype == np.float32
    assert embeddings.shape[1] == encoder.embedding_width


def test_golden_outputs_agree(encoder: ImageEncoder) -> None:
    assert encoder.check() == pytest.approx(1)


def test_golden_outputs_of_another_graph_do_not(embedder_folder: Path, embedder_artifact: Artifact) -> None:
    with np.load(embedder_folder / "golden.npz") as arrays:
        outputs = np.roll(arrays["image_outputs"], 1, axis=1) * [1, -1, 1]
        np.savez(embedder_folder / "golden.npz", **{**arrays, "image_outputs": outputs})
    with pytest.raises(ArtifactError, match="golden embeddings differ on cpu"):
        ImageEncoder.load(embedder_artifact, OnnxSession).check()
