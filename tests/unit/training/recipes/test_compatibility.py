"""The recipe end to end on outfits of a few names, whose colours say what belongs together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs torch")

from domain.errors import InvalidInput  # noqa: E402
from export.errors import GateFailure, Unsupported  # noqa: E402
from export.outfit.exporter import OutfitOptions, export_outfit  # noqa: E402
from export.outfit.network import read_outfit_folder  # noqa: E402
from models.artifact import Artifact  # noqa: E402
from models.outfit_scorer import OutfitScorer  # noqa: E402
from models.session import OnnxSession  # noqa: E402
from training.data.outfit_sets import OutfitItem, OutfitSet, write_lines  # noqa: E402
from training.recipes.compatibility import (  # noqa: E402
    SLOTS,
    CompatibilityParams,
    CompatibilityRun,
    train_compatibility,
)
from training.recipes.outfit_batches import ItemTable, Negatives, OutfitBatches  # noqa: E402

EMBEDDER = Path(__file__).parents[4] / "artifacts/demo-embedder"
COLORS = ("red", "blue", "green", "black")
PARTS = (("shirt", "top"), ("trousers", "bottom"), ("shoes", "shoes"))


def outfit(number: int, split: str) -> OutfitSet:
    color = COLORS[number % len(COLORS)]
    items = tuple(
        OutfitItem(f"{number}-{slot}", word, f"{color} {word} {number}", slot=slot) for word, slot in PARTS
    )
    return OutfitSet(f"{number}", split, items)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outfits")
    outfits = [outfit(number, "test" if number >= 64 else "train") for number in range(80)]
    write_lines(folder / "outfits.jsonl", outfits)
    return folder


def params(data: Path, **changes: Any) -> CompatibilityParams:
    given = {
        "data": {"path": data, "validation_share": 0.25},
        "embedder": EMBEDDER,
        "network": {"width": 32, "depth": 1, "heads": 2, "dropout": 0.0, "noise": 0.0},
        "batch": 16,
        "epochs": 60,
        "patience": 60,
        "learning_rate": 1e-2,
    }
    return CompatibilityParams.model_validate({**given, **changes})


@pytest.fixture(scope="module")
def trained(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    assert train_compatibility(params(data), folder) == folder / "model"
    return folder


def test_it_learns_what_belongs_together(trained: Path) -> None:
    figures = json.loads((trained / "figures.json").read_text())["test"]
    assert figures["AUC, overall"]["value"] > 0.75
    assert figures["fill in the blank"]["count"] == 16
    assert "fill in the blank, by the item found" in figures
    report = (trained / "report.md").read_text()
    assert "python -m export outfit" in report
    assert "| test | 16 | 48 | top 16, bottom 16, shoes 16 |" in report


def test_what_it_writes_passes_the_gate_and_is_served(trained: Path, tmp_path: Path) -> None:
    artifact = export_outfit(OutfitOptions(trained / "model", "outfits", "CC0-1.0"), tmp_path, print)
    manifest = artifact.manifest
    assert (manifest.task, manifest.slots, manifest.max_items) == ("score", SLOTS, 12)
    assert manifest.embedder == Artifact.load(EMBEDDER).version.model_version
    assert (manifest.license, manifest.parity["sets"]) == ("CC0-1.0", 16)
    scorer = OutfitScorer.load(artifact, OnnxSession)
    network, sets = read_outfit_folder(trained / "model")
    with torch.no_grad():
        expected = network(torch.from_numpy(sets))[:, 0].sigmoid().numpy()
    np.testing.assert_allclose(scorer.run(sets)[:, 0], expected, atol=1e-5)
    width = manifest.embedding_width
    items = [(row[:width], SLOTS[int(row[width:].argmax())]) for row in sets[0] if row.any()]
    assert scorer.probabilities([items])[0] == pytest.approx(expected[0], abs=1e-5)
    assert scorer.probabilities([items[::-1]])[0] == pytest.approx(expected[0], abs=1e-5)
    found = scorer.missing(items[:2], "shoes")
    assert found.shape == (width,)
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-4)
    with pytest.raises(InvalidInput, match="slot: must be one of top, bottom"):
        scorer.probabilities([[(items[0][0], "feet")]])
    with pytest.raises(InvalidInput, match="items: must be at most 12, got 13"):
        scorer.probabilities([[items[0]] * 13])


def test_a_scorer_that_says_the_same_of_all_outfits_is_not_exported(trained: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    for name in ("network.json", "sets.npy"):
        (tmp_path / name).write_bytes((trained / "model" / name).read_bytes())
    with pytest.raises(Unsupported, match="cannot be read as a scorer of outfits"):
        export_outfit(OutfitOptions(tmp_path, "outfits"), tmp_path, print)
    weights = load_file(str(trained / "model" / "weights.safetensors"))
    save_file({**weights, "score.weight": weights["score.weight"] * 0}, str(tmp_path / "weights.safetensors"))
    (out := tmp_path / "out").mkdir()
    with pytest.raises(GateFailure, match="control_score_distance is 0"):
        export_outfit(OutfitOptions(tmp_path, "outfits"), out, print)


def interrupted(given: CompatibilityParams, folder: Path) -> None:
    """Train, and stop after the second epoch, whose checkpoint is written."""
    log = CompatibilityRun._log

    def log_and_stop(run: CompatibilityRun, *arguments: Any) -> None:
        log(run, *arguments)
        if run.rows[-1]["epoch"] == 2:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CompatibilityRun, "_log", log_and_stop)
        train_compatibility(given, folder)


def test_a_run_that_was_interrupted_ends_as_one_that_was_not(data: Path, tmp_path: Path) -> None:
    short = {"epochs": 4, "learning_rate": 1e-3, "patience": 10}
    whole = train_compatibility(params(data, **short), tmp_path / "whole")
    last = torch.load(tmp_path / "whole" / "last.pt", weights_only=True)
    run = tmp_path / "resumed"
    with pytest.raises(KeyboardInterrupt):
        interrupted(params(data, **short), run)
    assert not (run / "report.md").exists()
    train_compatibility(params(data, **short), run)
    with pytest.raises(InvalidInput, match=r"temperature is 0.2; the run that is resumed had 0.1"):
        train_compatibility(params(data, **short, temperature=0.2), run)
    again = torch.load(run / "last.pt", weights_only=True)
    assert all(torch.equal(tensor, again["model"][name]) for name, tensor in last["model"].items())
    assert whole.is_dir()


def test_negatives_are_of_the_same_categories_and_follow_from_the_seed() -> None:
    outfits = [outfit(number, "train") for number in range(8)]
    items = [item for each in outfits for item in each.items]
    embeddings = np.eye(len(items), dtype=np.float32)
    table = ItemTable.of(items, embeddings, SLOTS)
    negatives = Negatives(changed=2, random=1, candidates=5, subsets=0.0)
    batches = OutfitBatches(outfits, table, negatives, 12, seed=3)
    (batch,) = batches.epoch(0, 8)
    assert (len(batch.sets), len(batch.asked), batch.candidates.shape) == (32, 8, (8, 6))
    names = {row: item for item, row in table.index.items()}
    for number in range(8):
        own, *others = ([names[int(row)] for row in batch.sets[4 * number + n] if row] for n in range(4))
        assert len({name.split("-")[0] for name in own}) == 1
        for other in others:
            assert sorted(name.split("-")[1] for name in other) == ["bottom", "shoes", "top"]
        assert [len(set(own) & set(other)) for other in others] == [2, 2, 0]
        asked = [int(row) for row in batch.asked[number] if row]
        right = names[int(batch.candidates[number, 0])]
        assert SLOTS[asked[-1] - 1] == right.split("-")[1]
        assert right in own
    assert batch.labels.tolist() == [1.0, 0.0, 0.0, 0.0] * 8
    (same,) = batches.epoch(0, 8)
    (other_epoch,) = batches.epoch(1, 8)
    assert torch.equal(same.sets, batch.sets)
    assert not torch.equal(other_epoch.sets, batch.sets)


def test_data_that_cannot_be_used_is_refused(data: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"network.heads: must divide the width 32"):
        train_compatibility(params(data, network={"width": 32, "heads": 5}), tmp_path / "run")
    with pytest.raises(InvalidInput, match=r"must hold outfits.jsonl"):
        train_compatibility(params(tmp_path), tmp_path / "run")
    bare = [OutfitSet(str(n), "train", (OutfitItem("a", "x"), OutfitItem("b", "x"))) for n in range(20)]
    write_lines(tmp_path / "outfits.jsonl", bare)
    with pytest.raises(InvalidInput, match="has an item without a slot: a"):
        train_compatibility(params(tmp_path), tmp_path / "run")
