"""The recipe end to end on a handful of drawings: too little to learn from, enough for every step."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from domain.errors import InvalidInput
from domain.taxonomy import Taxonomy

torch = pytest.importorskip("torch", reason="training needs torch")

from training.recipes.embedder import EmbedderOptions, Lessons, train_embedder  # noqa: E402
from training.recipes.two_towers import build  # noqa: E402

TAXONOMY = Path(__file__).parents[4] / "domain/taxonomy.toml"


def test_the_embedder_trains_resumes_and_loads_in_open_clip(photos: Path, tmp_path: Path) -> None:
    def options(
        minutes: float, out: Path = tmp_path, start_from: Path | None = None, dev_until: float = 1.0
    ) -> EmbedderOptions:
        return EmbedderOptions(
            photos,
            out,
            TAXONOMY,
            start_from=start_from,
            dev_share=0.1 if start_from is None else 0,
            dev_until=dev_until,
            cache=tmp_path,
            minutes=minutes,
            batch=16,
            input_px=64,
            drawings=11,
            thumbnail_px=64,
        )

    train_embedder(options(0.001))
    (first,), facts = read(tmp_path)
    assert facts["photos are"] == "not the published clothing photos"
    assert 0 < facts["dev photos"] == 36 - facts["photos"]
    assert 0 <= first["dev top-1"] <= 1

    # From `dev_until` on, which lies behind this run already, the held-out photos are learned from too.
    weights = train_embedder(options(first["minutes"] + 0.02, dev_until=1e-6))
    (_, second), facts = read(tmp_path)
    assert first["step"] < second["step"]
    assert (facts["photos"], facts["dev photos"]) == (36, 0)
    assert "dev top-1" not in second

    model = build(tmp_path, 64, weights)
    assert all(bool(torch.isfinite(value).all()) for value in model.state_dict().values())
    refined = train_embedder(options(0.001, tmp_path / "refined", tmp_path / "last.pt"))
    before, after = (torch.load(path)["text_projection"] for path in (weights, refined))
    assert 0 < float((before - after).abs().max()) < 0.01


def test_words_without_their_teacher_are_refused(tmp_path: Path, taxonomy: Taxonomy) -> None:
    options = EmbedderOptions(tmp_path, tmp_path, TAXONOMY, words=tmp_path)
    with pytest.raises(InvalidInput, match="pretrained: must be given with the words"):
        Lessons.load(options, taxonomy)


def test_a_lesson_has_phrases_and_their_embeddings() -> None:
    phrases = [str(index) for index in range(100)]
    embeddings = np.repeat(np.arange(100, dtype=np.float32)[:, None], 2, axis=1)
    drawn, taught = Lessons(phrases, embeddings).draw(np.random.default_rng(0))
    assert len(set(drawn)) == len(drawn) == 64
    assert taught[:, 1].tolist() == [float(phrase) for phrase in drawn]


def read(folder: Path) -> tuple[list[dict[str, float]], dict[str, object]]:
    """A run's rows and facts."""
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    return metrics["rows"], metrics["facts"]
