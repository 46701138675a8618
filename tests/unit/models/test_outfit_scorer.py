from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from domain.errors import ArtifactError, InvalidInput
from domain.types import FloatArray
from models.artifact import Artifact
from models.manifest import Manifest
from models.outfit_scorer import OutfitScorer
from models.session import OnnxSession
from tests.outfit_artifact import SLOTS, write_outfit_scorer


@pytest.fixture
def scorer(tmp_path: Path) -> OutfitScorer:
    return OutfitScorer.load(Artifact.load(write_outfit_scorer(tmp_path / "scorer")), OnnxSession)


def unit(*values: float) -> FloatArray:
    return np.array(values, np.float32)


def test_rows_have_embeddings_and_slots(scorer: OutfitScorer) -> None:
    rows = scorer.preprocess([[(unit(1, 0, 0, 0), "shoes"), (None, "top")], []])
    assert rows.shape == (2, 12, 4 + len(SLOTS)) == (2, *scorer.row_format.shape)
    assert rows[0, 0].nonzero()[0].tolist() == [0, 4 + SLOTS.index("shoes")]
    assert rows[0, 1].nonzero()[0].tolist() == [4 + SLOTS.index("top")]
    assert not rows[0, 2:].any()
    assert not rows[1].any()


def test_sets_have_probabilities_and_a_blank_an_embedding(scorer: OutfitScorer) -> None:
    good, bad = [(unit(1, 0, 0, 0), "top")] * 2, [(unit(-1, 0, 0, 0), "top"), (unit(0, 1, 0, 0), "shoes")]
    found = scorer.probabilities([good, bad])
    np.testing.assert_allclose(found, [1 / (1 + np.exp(-2)), 1 / (1 + np.exp(1))], atol=1e-6)
    missing = scorer.missing([(unit(0, 0.6, 0.8, 0), "top")], "shoes")
    np.testing.assert_allclose(missing, [0, 0.6, 0.8, 0], atol=1e-6)
    assert scorer.embedder == "tiny-embedder"
    assert scorer.check() == 0


def test_sets_that_it_cannot_score_are_refused(scorer: OutfitScorer) -> None:
    with pytest.raises(InvalidInput, match="items: must be at most 12, got 13"):
        scorer.probabilities([[(unit(1, 0, 0, 0), "top")] * 13])
    with pytest.raises(InvalidInput, match=r"slot: must be one of top, .* not 'feet'"):
        scorer.probabilities([[(unit(1, 0, 0, 0), "feet")]])


def test_other_outputs_than_at_export_are_refused(scorer: OutfitScorer) -> None:
    class Other(OutfitScorer):
        def run(self, batch: npt.NDArray[Any], *, exclusive: bool = False) -> FloatArray:
            return super().run(batch, exclusive=exclusive) + np.float32(0.01)

    other = Other(scorer.artifact, OnnxSession(scorer.artifact.graph("outfit")))
    with pytest.raises(ArtifactError, match="differ on cpu"):
        other.check()


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ('"embedder": "tiny-embedder"', "embedder, slots or embedding_width are missing"),
        ('"max_items": 12', "max_items must be 2 or more, not 1"),
    ],
)
def test_a_manifest_without_what_it_needs_is_refused(tmp_path: Path, changed: str, line: str) -> None:
    text = (write_outfit_scorer(tmp_path / "scorer") / "manifest.json").read_text()
    key = changed.partition(":")[0]
    assert changed in text
    manifest = Manifest.from_json(text.replace(changed, f"{key}: {'1' if 'max' in key else chr(34) * 2}"))
    with pytest.raises(ArtifactError, match=line):
        manifest.check()
