"""The main figures beside their targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from training.evaluation.categories import OTHER
from training.evaluation.markdown import Figures, interval, number, table

PHOTO = "whole photo, zero-shot"
ITEM = "item, zero-shot"
DETECTOR = "item, the detector's label"
SHOWN_WORST = 4


def summary(figures: Figures) -> str:
    """The summary of both models."""
    return _table([*_embedder_rows(figures), *_detector_rows(figures), _size_row(figures)])


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
        _row("category of the whole photo, zero-shot, top-1", "≥ 0.72", whole["top1"]),
        _row("the same, mean over ten categories", "≥ 0.55", whole["macro"]),
        _row("category through detect, then label, top-1", "≥ 0.68", item["top1"]),
        _row("same category among ten hits, as served", "≥ 0.60", figures["same_category"]["as served"]),
    ]
    for change, by_way in figures["itself"].items():
        rows.append(_row(f"finds its original first, as served: {change}", "≥ 0.90", by_way["as served"]))
    if figures["texts"]:
        found = figures["texts"]["as served"]
        rows.append(_row("text to photo, as served, precision@5", "≥ 0.55", found["precision"]))
        rows[-1][1] += f" of {found['ceiling']:.2f} reachable"
    return rows + _speed_rows(figures, "image tower", "≤ 0.125")


def _detector_rows(figures: Figures) -> list[list[str]]:
    rows = []
    if figures["scenes"]:
        scenes = figures["scenes"]
        rows.append(["composed scenes, mAP50", "≥ 0.70", f"{scenes['map50']:.3f}", str(scenes["scenes"])])
    if figures["boxes"]:
        rows.append(_row("garments found, IoU ≥ 0.5", "≥ 0.90", figures["boxes"]["found"]))
        rows.append(_row("spurious boxes a photo", "≤ 0.3", figures["boxes"]["spurious"]))
    label = figures["category"][DETECTOR]["top1"]
    rows.append(_row("its own label of the main item, top-1; no box is wrong", "–", label))
    return rows + _speed_rows(figures, "detector", "≤ 0.25")


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
    return ["both artifacts, MB", "≤ 25", f"{size_mb:.1f}", "2"]
