"""The main figures beside their targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from training.evaluation.categories import OTHER
from training.evaluation.markdown import Figures, interval, number, table

PHOTO = "whole photo, zero-shot"
ITEM = "item, zero-shot"
DETECTOR = "item, the detector's label"
SHOWN_WORST = 4


def summary(figures: Figures) -> str:
    """The summary of both models."""
    return _table(summary_rows(figures))


def summary_rows(figures: Figures) -> list[list[str]]:
    """The rows of both models: figure, aim, what was reached, cases."""
    return [*_embedder_rows(figures), *_detector_rows(figures), _size_row(figures)]


def of_embedder(figures: Figures) -> str:
    """The summary for the embedder's model card."""
    return _table(_embedder_rows(figures))


def of_detector(figures: Figures) -> str:
    """The summary for the detector's model card."""
    return _table(_detector_rows(figures))


def worst(way: str) -> Callable[[Figures], str]:
    """Makes the table of the categories with the lowest recall, and what they are confused with."""

    def make(figures: Figures) -> str:
        names = [*figures["categories"], OTHER]
        measured = figures["category"][way]
        pairs = [
            pair for pair in zip(measured["rows"], measured["confusion"], strict=True) if pair[0]["photos"]
        ]
        pairs.sort(key=lambda pair: float(pair[0]["recall"]))
        rows = [
            [row["name"], str(row["photos"]), number(row["recall"]), _mistakes(row["name"], counts, names)]
            for row, counts in pairs[:SHOWN_WORST]
        ]
        return table(["category", "photos", "recall", "mostly confused with"], rows)

    return make


def _mistakes(name: str, counts: Sequence[int], names: Sequence[str]) -> str:
    wrong = [(count, other) for count, other in zip(counts, names, strict=True) if count and other != name]
    wrong.sort(key=lambda pair: -pair[0])
    return ", ".join(f"{other} ({count})" for count, other in wrong[:3]) or "–"


def _table(rows: Sequence[Sequence[str]]) -> str:
    return table(["figure", "aim", "reached (95 %)", "cases"], rows)


def _row(name: str, aim: str, estimate: Mapping[str, float]) -> list[str]:
    return [name, aim, interval(estimate), str(estimate["count"])]


def _embedder_rows(figures: Figures) -> list[list[str]]:
    whole, item = figures["category"][PHOTO], figures["category"][ITEM]
    rows = [
        _row("category of the whole photo, zero-shot, top-1", "≥ 0.82", whole["top1"]),
        _row("the same, mean over ten categories", "≥ 0.55", whole["macro"]),
        _row("category through detect, then label, top-1", "≥ 0.68", item["top1"]),
        _row("same category among ten hits, as served", "≥ 0.68", figures["same_category"]["as served"]),
        _row("the same by cosine alone", "≥ 0.66", figures["same_category"]["item"]),
    ]
    for change, by_way in figures["itself"].items():
        rows.append(_row(f"finds its original first, as served: {change}", "≥ 0.90", by_way["as served"]))
    for way, measured in figures.get("products", {}).items():
        rows.append(_row(f"category of a cut-out, {way}, top-1", "–", measured["top1"]))
    if figures["texts"]:
        rows.append(_text_row("text to photo, as served, precision@5", 0.75, figures["texts"]))
    if figures.get("synonyms"):
        rows.append(_text_row("synonyms, as served, precision@5", 0.70, figures["synonyms"]))
    return rows + _speed_rows(figures, "image tower", "≤ 0.125")


def _text_row(name: str, aim: float, measured: Mapping[str, Any]) -> list[str]:
    found = measured["as served"]
    return _row(name, f"≥ {aim:.2f} of {found['ceiling']:.2f} reachable", found["precision"])


def _detector_rows(figures: Figures) -> list[list[str]]:
    rows = []
    if figures["scenes"]:
        scenes = figures["scenes"]
        rows.append(["composed scenes, mAP50", "≥ 0.70", f"{scenes['map50']:.3f}", str(scenes["scenes"])])
    if figures["boxes"]:
        rows.append(_row("garments found, IoU ≥ 0.5", "≥ 0.92", figures["boxes"]["found"]))
        rows.append(_row("spurious boxes a photo", "≤ 0.3", figures["boxes"]["spurious"]))
    label = figures["category"][DETECTOR]["top1"]
    rows.append(_row("its own label of the main item, top-1; no box is wrong", "–", label))
    if worn := figures.get("worn"):
        rows.append(_row("worn garments found, IoU ≥ 0.5", "≥ 0.60", worn["found"]))
        rows.append(_row("worn garments found and named", "≥ 0.45", worn["named"]))
        rows.append(_row("photos of people: boxes that fit no garment", "≤ 0.25", worn["spurious"]))
        rows.append(_row("photos of people without a box", "≤ 0.03", worn["empty"]))
    return rows + _speed_rows(figures, "detector", "≤ 0.333")


def _speed_rows(figures: Figures, name: str, aim: str) -> list[list[str]]:
    return [
        [f"{name}, share of {row['beside']}'s time", aim, ratio(row), f"{row['rounds']} rounds"]
        for row in figures["speed"]
        if row["name"] == name
    ]


def ratio(row: Mapping[str, float]) -> str:
    """Write the ratio of a speed row, with the 10th and 90th percentile of the rounds."""
    return f"{row['ratio']:.3f} ({row['ratio_low']:.3f} to {row['ratio_high']:.3f})"


def _size_row(figures: Figures) -> list[str]:
    size_mb = sum(model["size_mb"] for model in figures["models"])
    return ["both artifacts, MB", "≤ 40", f"{size_mb:.1f}", "2"]
