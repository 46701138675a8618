"""The report page of a tagger's run."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from training.recipes.memory import training_memory
from training.recipes.picture_passes import head_value
from training.recipes.run_report import cost_lines, facts_tables, interval, table, write_report
from training.recipes.tag_targets import TagTargets
from training.recipes.tagger_figures import HeadFigures

if TYPE_CHECKING:
    from training.recipes.tagger import TaggerRun


def write_tagger_report(run: TaggerRun) -> Path:
    """Measure the best epoch on the splits that are held out, and write report.md and figures.json."""
    sections = [("Result", _result(run))]
    figures: dict[str, object] = {"best epoch": run.best_epoch, **asdict(run.cost)}
    for name in ("validation", "test"):
        if pictures := getattr(run.pictures, name):
            measured = run.measure(pictures)
            figures[name] = [asdict(each) for each in measured]
            sections.append((f"Split: {name}", _split(measured)))
    (run.folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    sections += [
        ("Curves", "![curves](curves.svg)\n\nAll figures of all epochs are in metrics.csv."),
        ("Data", _data(run)),
        ("Cost", f"{cost_lines(run.cost)}\n\n{_memory(run)}"),
        ("Facts", facts_tables(run.facts())),
    ]
    return write_report(run.folder, f"Tagger of {', '.join(head.name for head in run.heads)}", sections)


def _result(run: TaggerRun) -> str:
    head = head_value(run.folder)
    first = "" if head is None else f"The heads on the frozen backbone have a {run.figure} of {head:.4f}. "
    return (
        f"{first}The best of {run.trained_epochs} epochs by {run.figure}, the mean over heads of their first "
        f"figures, is epoch {run.best_epoch} ({run.best_value:.4f}). Its weights are in `model/`, which the "
        f"export takes:\n\n    python -m export tagger {run.folder / 'model'} --name garment-tagger"
    )


def _split(measured: list[HeadFigures]) -> str:
    rows = [
        [each.head, name, interval(estimate), each.baseline if index == 0 else ""]
        for each in measured
        for index, (name, estimate) in enumerate(each.figures.items())
    ]
    head = ["head", "figure", "value (95 % interval, garments)", "without the picture"]
    return (
        f"{table(head, rows)}\n\nThe last column is the first figure of an answer that is the same for all "
        "garments. Intervals are by bootstrap over groups. Where tags are weak, figures say how well the "
        "tagger repeats the rule that made them, not how often it is right."
    )


def _data(run: TaggerRun) -> str:
    rows = []
    for name in ("train", "validation", "test"):
        pictures = getattr(run.pictures, name)
        counts = TagTargets.of(run.heads, pictures).counts() if pictures else {}
        sources = Counter(picture.source or "not named" for picture in pictures)
        told = ", ".join(f"{source} {count}" for source, count in sorted(sources.items()))
        rows.append([name, len(pictures), *(counts.get(head.name, 0) for head in run.heads), told])
    heads = [f"with {head.name}" for head in run.heads]
    return table(["split", "garments", *heads, "sources of tags"], rows)


def _memory(run: TaggerRun) -> str:
    batch, input_px = run.params.batch, run.params.network.input_px
    return training_memory(run.model, input_px, batch).described(batch, input_px)
