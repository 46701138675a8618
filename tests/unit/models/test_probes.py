from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from domain.errors import ArtifactError
from domain.taxonomy import Attribute, Taxonomy
from models.artifact import Artifact
from models.attributes import AttributeClassifier, Vocabulary
from models.manifest import FILE_NAME, PROBES_NAME, file_sha256
from models.probes import Probe, fitting, read_probes, write_probes

AGE = Probe(
    "age_group",
    ("adult", "kids"),
    np.array([[1.0, 0.0], [-1.0, 0.5]], np.float32),
    np.array([0.25, -0.25], np.float32),
)


def test_probabilities_are_a_softmax_of_a_linear_layer() -> None:
    shares = AGE.probabilities(np.array([[1.0, 0.0], [0.0, 1.0]], np.float32))
    assert shares[0] == pytest.approx([1 / (1 + np.exp(-2.5)), 1 / (1 + np.exp(2.5))], abs=1e-6)
    assert shares[1] == pytest.approx([0.5, 0.5], abs=1e-6)


def test_a_probe_answers_beside_the_words() -> None:
    words = Vocabulary(("red", "blue"), np.array([[1, 0], [0, 1]], np.float32))
    classifier = AttributeClassifier({"color": words}, 10.0, [AGE])
    (answers,) = classifier.describe(np.array([[-0.8, 0.6]], np.float32))
    assert (answers["color"].value, answers["age_group"].value) == ("blue", "kids")
    assert [each.value for each in answers["age_group"].alternatives] == ["kids", "adult"]


def test_only_what_the_taxonomy_knows_is_answered() -> None:
    def asked(*values: str) -> Taxonomy:
        return Taxonomy((), (Attribute("age_group", values, ("{}",), asked=False),), {}, {})

    assert fitting([AGE], asked("adult", "kids", "infant")) == (AGE,)
    assert fitting([AGE], asked("adult", "infant")) == ()
    assert fitting([AGE], Taxonomy((), (), {}, {})) == ()


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write_probes(tmp_path / PROBES_NAME, [AGE])
    (probe,) = read_probes(tmp_path / PROBES_NAME, 2)
    assert (probe.attribute, probe.values) == (AGE.attribute, AGE.values)
    assert np.array_equal(probe.factors, AGE.factors)
    assert np.array_equal(probe.offsets, AGE.offsets)


def test_probes_for_other_embeddings_are_refused(tmp_path: Path) -> None:
    write_probes(tmp_path / PROBES_NAME, [AGE])
    with pytest.raises(ArtifactError, match="has not 2 x 512 factors"):
        read_probes(tmp_path / PROBES_NAME, 512)


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / PROBES_NAME).write_text('[{"attribute": 1}]', encoding="utf-8")
    with pytest.raises(ArtifactError, match="no probes that can be read"):
        read_probes(tmp_path / PROBES_NAME, 2)


def test_new_probes_are_no_new_version(embedder_artifact: Artifact, tmp_path: Path) -> None:
    folder = tmp_path / "with-probes"
    shutil.copytree(embedder_artifact.folder, folder)
    zeros = np.zeros((2, embedder_artifact.manifest.embedding_width), np.float32)
    write_probes(folder / PROBES_NAME, [Probe("age_group", AGE.values, zeros, AGE.offsets)])
    files = embedder_artifact.manifest.files | {PROBES_NAME: file_sha256(folder / PROBES_NAME)}
    manifest = dataclasses.replace(embedder_artifact.manifest, files=files)
    (folder / FILE_NAME).write_text(manifest.to_json(), encoding="utf-8")
    found = Artifact.load(folder)
    assert found.version == embedder_artifact.version
    assert [probe.attribute for probe in found.probes] == ["age_group"]
    assert embedder_artifact.probes == ()


def test_the_embedder_that_ships_tells_the_age_group() -> None:
    """After another embedder is exported: `python -m training probes`."""
    shipped = Artifact.load(Path("artifacts/demo-embedder"))
    taxonomy = Taxonomy.load(Path("domain/taxonomy.toml"))
    assert [probe.attribute for probe in fitting(shipped.probes, taxonomy)] == ["age_group"]
