"""The report page of a run that scores outfits."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from training.data.outfit_data import Outfits
from training.evaluation.intervals import Estimate
from training.evaluation.outfit_figures import ANSWERS
from training.recipes.provenance import Cost
from training.recipes.run_report import cost_lines, facts_tables, interval, table, write_report


class OutfitRun(Protocol):
    """A run that has ended: the scorer of sets and the Siamese network are such."""

    folder: Path
    outfits: Outfits
    figure: str
    best_epoch: int
    best_value: float
    cost: Cost

    @property
    def trained_epochs(self) -> int: ...

    def facts(self) -> dict[str, Any]: ...

    def measure(self, split: str) -> dict[str, Estimate]:
        """The figures of the best epoch on a split."""

    def memory(self) -> str:
        """A sentence on the memory of a step."""


def write_outfit_report(run: OutfitRun, title: str, command: str) -> Path:
    """Measure the best epoch on the splits that are held out, and write report.md and figures.json.

    `command` is the export's.
    """
    sections = [("Result", _result(run, command))]
    figures: dict[str, object] = {"best epoch": run.best_epoch, **asdict(run.cost)}
    for name in ("validation", "test"):
        if getattr(run.outfits, name):
            measured = run.measure(name)
            figures[name] = {key: asdict(estimate) for key, estimate in measured.items()}
            sections.append((f"Split: {name}", _figures(measured)))
    (run.folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    sections += [
        ("Curves", "![curves](curves.svg)\n\nAll figures of all epochs are in metrics.csv."),
        ("Data", _data(run.outfits)),
        ("Cost", f"{cost_lines(run.cost)}\n\n{run.memory()}"),
        ("Facts", facts_tables(run.facts())),
    ]
    return write_report(run.folder, title, sections)


def chance(figure: str) -> float:
    """What a scorer that knows nothing has."""
    return 0.5 if figure.startswith("AUC") else 1 / ANSWERS


def _figures(measured: Mapping[str, Estimate]) -> str:
    rows = [[name, interval(each), chance(name)] for name, each in measured.items()]
    return (
        f"{table(['figure', 'value (95 % interval, cases)', 'chance'], rows)}\n\n"
        "Intervals are by bootstrap over outfits. Wrong items are of the right one's category."
    )


def _result(run: OutfitRun, command: str) -> str:
    return (
        f"The best of {run.trained_epochs} epochs by {run.figure}, the mean of its kinds, is epoch "
        f"{run.best_epoch} (0: before all others) ({run.best_value:.4f}). Its weights are in `model/`, which "
        f"the export takes:\n\n    {command}"
    )


def _data(outfits: Outfits) -> str:
    rows = []
    for name in ("train", "validation", "test"):
        split = getattr(outfits, name)
        counts = Counter(item.slot for outfit in split for item in outfit.items)
        told = ", ".join(f"{slot} {count}" for slot, count in counts.most_common())
        rows.append([name, len(split), sum(counts.values()), told])
    return table(["split", "outfits", "items", "by slot"], rows)
