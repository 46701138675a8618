from __future__ import annotations

import json

from training.evaluation.figures import Figures
from training.evaluation.summary import ITEM, PHOTO, of_detector, of_embedder, summary, worst


def cells(table: str) -> dict[str, list[str]]:
    """By first cell the others, below the columns."""
    lines = [line.strip("|").split("|") for line in table.splitlines()[2:]]
    return {line[0].strip(): [cell.strip() for cell in line[1:]] for line in lines}


def test_each_figure_stands_beside_its_aim(full_figures: Figures) -> None:
    reached = cells(summary(json.loads(full_figures.to_json())))
    assert reached["category of the whole photo, zero-shot, top-1"][:2] == [
        "≥ 0.82",
        "0.750 (0.250 to 1.000)",
    ]
    assert reached["category through detect, then label, top-1"][1].startswith("0.750")
    assert reached["its own label of the main item, top-1; no box is wrong"][1].startswith("0.250")
    assert reached["finds its original first, as served: mirrored"][1].startswith("0.800")
    assert reached["text to photo, as served, precision@5"][0] == "≥ 0.75 of 0.95 reachable"
    assert reached["synonyms, as served, precision@5"] == [
        "≥ 0.70 of 0.90 reachable",
        "0.550 (0.450 to 0.650)",
        "4",
    ]
    assert reached["worn garments found and named"][:2] == ["≥ 0.45", "0.520 (0.420 to 0.620)"]
    assert reached["category of a cut-out, on white, item, top-1"][1].startswith("0.750")
    assert reached["composed scenes, mAP50"] == ["≥ 0.70", "0.576", "20"]
    assert reached["both artifacts, MB"] == ["≤ 40", "19.4", "2"]


def test_what_was_not_measured_has_no_row(figures: Figures, full_figures: Figures) -> None:
    some, all_of_it = (cells(summary(json.loads(each.to_json()))) for each in (figures, full_figures))
    missing = set(all_of_it) - set(some)
    assert len(missing) == 12
    assert "composed scenes, mAP50" in missing


def test_each_card_tells_of_its_own_model(full_figures: Figures) -> None:
    content = json.loads(full_figures.to_json())
    embedder, detector = cells(of_embedder(content)), cells(of_detector(content))
    assert "image tower, share of ViT-B/32's time" in embedder
    assert "detector, share of YOLOv8n's time" in detector
    assert not set(embedder) & set(detector)
    assert set(cells(summary(content))) == {*embedder, *detector, "both artifacts, MB"}


def test_the_worst_come_first_with_what_they_are_taken_for(figures: Figures) -> None:
    content = json.loads(figures.to_json())
    assert list(cells(worst(PHOTO)(content))) == ["hat", "dress"]
    assert cells(worst(PHOTO)(content))["hat"] == ["2", "0.50", "other (1)"]
    assert cells(worst(ITEM)(content))["dress"] == ["2", "0.50", "hat (1)"]
    assert cells(worst(ITEM)(content))["hat"][-1] == "–"
