"""Scorers of outfits side by side, on outfits of names."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from bench.__main__ import main
from bench.outfit_scorers import blended, relit, rule_scores, type_of
from domain.taxonomy import Taxonomy
from models.artifact import Artifact
from settings import ROOT
from tests.outfit_artifact import write_outfit_scorer
from training.data.outfit_sets import OutfitItem, OutfitSet, write_lines
from training.evaluation.outfit_figures import Answers

COLORS = ("navy", "red", "olive", "white", "pink", "green")


def outfits() -> list[OutfitSet]:
    made = []
    for number in range(24):
        color, other = COLORS[number % 6], COLORS[(number + 1) % 6]
        items = (
            OutfitItem(f"{number}-a", "upper", f"{color} shirt", slot="top"),
            OutfitItem(f"{number}-b", "bottom", f"{other} chinos", slot="bottom"),
            OutfitItem(f"{number}-c", "shoe", "black loafers", slot="shoes"),
        )
        made.append(OutfitSet(str(number), "test" if number > 11 else "train", items))
    return made


def test_scorers_are_measured_beside_the_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_lines(tmp_path / "outfits.jsonl", outfits())
    embedder = Artifact.load(ROOT / "artifacts/demo-embedder")
    width, version = embedder.manifest.embedding_width, embedder.version.model_version
    scorer = write_outfit_scorer(tmp_path / "scorer", width, embedder=version)
    command = ["outfit-scorers", "--outfits", str(tmp_path), "--scorer", str(scorer)]
    assert main([*command, "--json", str(tmp_path / "found.json")]) == 0
    assert "| 0.3 learned, rest rules |" in capsys.readouterr().out
    records = json.loads((tmp_path / "found.json").read_text())["records"]
    found = {(row["scorer"], row["figure"]): row for row in records}
    assert found["rules", "AUC, pairs"]["value"]["count"] == 24
    assert "above the rules" not in found["rules", "AUC, pairs"]
    learned = found["learned", "fill in the blank"]
    rules = found["rules", "fill in the blank"]["value"]["value"]
    assert learned["above the rules"]["value"] == pytest.approx(learned["value"]["value"] - rules)
    other = write_outfit_scorer(tmp_path / "other")
    with pytest.raises(SystemExit, match="takes embeddings of tiny-embedder"):
        main(["outfit-scorers", "--outfits", str(tmp_path), "--scorer", str(other)])


def test_the_rules_see_what_names_say() -> None:
    items = {
        "a": OutfitItem("a", "upper", "navy blazer", slot="top"),
        "b": OutfitItem("b", "bottom", "camel chinos", slot="bottom"),
        "c": OutfitItem("c", "bottom", "red joggers", slot="bottom"),
    }
    good, bad = rule_scores(items)([("a", "b"), ("a", "c")])
    assert good > bad
    taxonomy = Taxonomy.load(ROOT / "domain/taxonomy.toml")
    assert type_of(items["b"], taxonomy).name == "chinos"
    assert "shoes" in type_of(OutfitItem("d", "shoe", "xyz", slot="shoes"), taxonomy).slots


def test_scores_are_blended_as_the_server_does() -> None:
    one = Answers(np.array([[1.0, 0.0]], np.float32), {"pairs": np.array([1.0], np.float32)})
    other = Answers(np.array([[0.5, 0.5]], np.float32), {"pairs": np.array([0.0], np.float32)})
    found = blended(one, other, 0.3)
    assert found.questions.tolist() == [[pytest.approx(0.65), pytest.approx(0.35)]]
    assert found.cases["pairs"].tolist() == [pytest.approx(0.3)]


def test_each_crop_has_a_light_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    cv2.imwrite(str(path), np.full((40, 40, 3), 128, np.uint8))
    box = (5.0, 5.0, 25.0, 35.0)
    items = {name: OutfitItem(name, "upper", name, str(path), "top", box) for name in "ab"}
    found = relit(items, tmp_path, 0)
    means = [item.picture.pixels().mean(axis=(0, 1)) for item in found.values() if item.picture is not None]
    assert found["a"].box is None
    assert np.abs(means[0] - means[1]).max() > 3
    assert all(mean.min() >= 90 and mean.max() <= 175 for mean in means)
    again = [item.picture.pixels() for item in relit(items, tmp_path, 0).values() if item.picture is not None]
    assert np.allclose(again[0].mean(axis=(0, 1)), means[0])
