"""The report page of a classifier's run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from torch import Tensor

from training.data.picture_data import LabelledPicture
from training.evaluation.confusion import draw_confusion
from training.evaluation.intervals import Estimate, macro_mean, share
from training.recipes.memory import training_memory
from training.recipes.picture_passes import head_value
from training.recipes.run_report import cost_lines, facts_tables, interval, table, write_report

if TYPE_CHECKING:
    from training.recipes.classifier import ClassifierRun


def write_classifier_report(run: ClassifierRun) -> Path:
    """Measure the best epoch on the splits that are held out, and write report.md and figures.json."""
    sections = [("Result", _result(run))]
    figures: dict[str, object] = {
        "best epoch": run.best_epoch,
        "wall_s": run.cost.wall_s,
        "cpu_s": run.cost.cpu_s,
    }
    for name in ("validation", "test"):
        pictures = getattr(run.pictures, name)
        if pictures:
            found = run.probabilities(pictures)
            estimates = _estimates(found, pictures, run)
            figures[name] = {key: [e.value, e.low, e.high, e.count] for key, e in estimates.items()}
            sections.append((f"Split: {name}", _split(name, found, pictures, estimates, run)))
    (run.folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    sections += [
        ("Curves", "![curves](curves.svg)\n\nAll figures of all epochs are in metrics.csv."),
        ("Data", table(["label", "train", "validation", "test"], run.pictures.counts())),
        ("Cost", f"{cost_lines(run.cost)}\n\n{_memory(run)}"),
        ("Facts", facts_tables(run.facts())),
    ]
    return write_report(run.folder, f"Classifier of {len(run.pictures.labels)} labels", sections)


def _result(run: ClassifierRun) -> str:
    head = head_value(run.folder)
    first = "" if head is None else f"The head on the frozen backbone has a {run.figure} of {head:.4f}. "
    return (
        f"{first}The best of {run.trained_epochs} epochs by {run.figure} is epoch {run.best_epoch} "
        f"(0: before all others) "
        f"({run.best_value:.4f}). Its weights are in `model/`, which the export takes:\n\n"
        f"    python -m export classifier local-dir:{run.folder / 'model'} --name garment-classifier"
    )


def _estimates(found: Tensor, pictures: Sequence[LabelledPicture], run: ClassifierRun) -> dict[str, Estimate]:
    wanted = run.pictures.indices(pictures)
    groups = [picture.group or str(picture.path) for picture in pictures]
    right = (found.argmax(dim=1).numpy() == wanted).tolist()
    best = found.topk(min(run.params.top_k, found.shape[1]), dim=1).indices.tolist()
    among = [label in row for label, row in zip(wanted, best, strict=True)]
    return {
        "top-1": share(right, groups),
        f"top-{run.params.top_k}": share(among, groups),
        "macro": macro_mean([float(each) for each in right], [p.label for p in pictures], groups),
    }


def _split(
    name: str,
    found: Tensor,
    pictures: Sequence[LabelledPicture],
    estimates: dict[str, Estimate],
    run: ClassifierRun,
) -> str:
    labels, wanted = run.pictures.labels, run.pictures.indices(pictures)
    answers = found.argmax(dim=1).tolist()
    confusion = [[0] * (len(labels) + 1) for _ in labels]
    for label, answer in zip(wanted, answers, strict=True):
        confusion[label][answer] += 1
    draw_confusion([(name, confusion)], labels, run.folder / f"confusion-{name}.png")
    rows = [(key, interval(estimate)) for key, estimate in estimates.items()]
    return "\n\n".join(
        [
            table(["figure", "value (95 % interval, pictures)"], rows),
            "Intervals are by bootstrap over groups, where the data has some. Macro is the mean over labels.",
            table(["label", "pictures", "answers", "precision", "recall"], _label_rows(labels, confusion)),
            f"![confusion](confusion-{name}.png)",
        ]
    )


def _label_rows(labels: Sequence[str], confusion: list[list[int]]) -> list[list[object]]:
    rows: list[list[object]] = []
    for index, label in enumerate(labels):
        right, pictures = confusion[index][index], sum(confusion[index])
        answers = sum(row[index] for row in confusion)
        shares = [right / count if count else "" for count in (answers, pictures)]
        rows.append([label, pictures, answers, *shares])
    return rows


def _memory(run: ClassifierRun) -> str:
    batch, input_px = run.params.batch, run.params.network.input_px
    return training_memory(run.model, input_px, batch).described(batch, input_px)
