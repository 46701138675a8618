"""The weights of the embedder that ships, read back from its graphs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from domain.errors import ArtifactError, InvalidInput
from models.artifact import Artifact

torch = pytest.importorskip("torch", reason="training needs torch")

from training.recipes.artifact_weights import load_artifact  # noqa: E402
from training.recipes.embedder import EmbedderOptions, train_embedder  # noqa: E402
from training.recipes.two_towers import as_input, build  # noqa: E402

ROOT = Path(__file__).parents[4]
EMBEDDER = ROOT / "artifacts/demo-embedder"


def test_a_model_with_an_artifacts_weights_answers_as_its_graphs(tmp_path: Path) -> None:
    artifact = Artifact.load(EMBEDDER)
    model = build(tmp_path, artifact.manifest.image.height)
    load_artifact(model, EMBEDDER)
    model.eval()
    pictures, tokens = artifact.golden("image"), artifact.golden("text")
    with torch.no_grad():
        images = model.encode_image(as_input(np.asarray(pictures.inputs)))
        texts = model.encode_text(torch.from_numpy(np.asarray(tokens.inputs, np.int64)))
    assert cosines(images, pictures.outputs).min() > 0.9999
    assert cosines(texts, tokens.outputs).min() > 0.9999
    assert model.logit_scale.exp().item() == pytest.approx(artifact.manifest.logit_scale, rel=1e-5)


def test_an_artifact_of_another_model_is_refused(tmp_path: Path) -> None:
    model = build(tmp_path, 64)
    with pytest.raises(ArtifactError, match="has no graph 'image'"):
        load_artifact(model, ROOT / "artifacts/demo-detector")
    model.visual.head.proj = torch.nn.Linear(1280, 256, bias=False)
    with pytest.raises(InvalidInput, match=r"start-from: is no artifact of this model: .*\(512, 1280\)"):
        load_artifact(model, EMBEDDER)


def test_fine_tuning_an_artifact_keeps_its_folded_normalisations(photos: Path, tmp_path: Path) -> None:
    before = build(tmp_path, 64)
    load_artifact(before, EMBEDDER)
    options = EmbedderOptions(
        *(photos, tmp_path, ROOT / "domain/taxonomy.toml"),
        start_from=EMBEDDER,
        cache=tmp_path,
        minutes=0.001,
        batch=16,
        input_px=64,
        drawings=11,
        thumbnail_px=64,
    )
    old, new = before.state_dict(), torch.load(train_embedder(options))
    kept = [name for name in old if "running_" in name or "num_batches" in name]
    assert all(torch.equal(old[name], new[name]) for name in kept)
    changes = [float((old[name] - new[name]).abs().max()) for name in old if name not in kept]
    assert 0 < max(changes) < 0.01


def cosines(first: object, second: object) -> np.ndarray:
    """Of the rows (N, D) of two arrays: (N,)."""
    rows = [np.asarray(each, np.float64) for each in (first, second)]
    left, right = (row / np.linalg.norm(row, axis=1, keepdims=True) for row in rows)
    return (left * right).sum(axis=1)
