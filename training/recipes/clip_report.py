"""The report page of the fine-tuning of a two-tower model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torch import Tensor

from training.evaluation.intervals import Estimate, mean, share
from training.recipes.clip_figures import (
    NEIGHBORS,
    EmbeddedPairs,
    found_picture,
    found_text,
    named,
    neighbor_agreement,
    silhouette,
)
from training.recipes.memory import pass_memory
from training.recipes.run_report import cost_lines, facts_tables, interval, table, write_report

if TYPE_CHECKING:
    from training.data.pairs import Pair
    from training.recipes.clip import ClipRun, Share

Figures = dict[str, Estimate]


def write_clip_report(run: ClipRun, shares: Sequence[Share]) -> Path:
    """Measure the weights before and the result on what is held out, and write report.md and figures.json."""
    figures: dict[str, object] = {
        "best epoch": run.best_epoch,
        "share": run.share,
        "shares": {f"{each.share:g}": [each.retrieval, each.kept] for each in shares},
        "wall_s": run.cost.wall_s,
        "cpu_s": run.cost.cpu_s,
    }
    sections = [("Result", _result(run, shares))]
    after = {name: tensor.clone() for name, tensor in run.result.state_dict().items()}
    for name in ("validation", "test"):
        if pairs := getattr(run.pairs, name):
            before, now = _both(run, after, pairs)
            figures[name] = {"before": _plain(before.figures), "after": _plain(now.figures)}
            figures[name] |= {"change": _plain(_changes(before, now))}  # type: ignore[operator]
            sections.append((f"Split: {name}", _split(before, now)))
    (run.folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    sections += [
        ("Curves", "![curves](curves.svg)\n\nAll figures of all epochs are in metrics.csv."),
        ("Cost", f"{cost_lines(run.cost)}\n\n{_memory(run)}"),
        ("Facts", facts_tables(run.facts())),
    ]
    return write_report(run.folder, f"Fine-tuning of {run.params.model.name}", sections)


class _Measured:
    """The outcome of each case of a split by figure, and the figures with their intervals."""

    def __init__(self, pairs: EmbeddedPairs) -> None:
        self._groups = [group or f"picture {row}" for row, group in enumerate(pairs.groups)]
        labelled = [self._groups[row] for row, label in enumerate(pairs.label_ids.tolist()) if label >= 0]
        self.cases: dict[str, tuple[list[float], list[str]]] = {}
        self._add("its sentence found first", found_text(pairs, 1), self._groups)
        self._add("its sentence among 5", found_text(pairs, 5), self._groups)
        texts = [f"text {row}" for row in range(len(pairs.texts))]
        self._add("a picture of the sentence found first", found_picture(pairs), texts)
        if labelled:
            self._add("label named rightly (zero-shot)", named(pairs), labelled)
            self._add(f"{NEIGHBORS} neighbours with the same label", neighbor_agreement(pairs), labelled)
            self._add("silhouette of labels", silhouette(pairs), labelled)

    @property
    def figures(self) -> Figures:
        return {
            name: mean(values, groups) if set(values) - {0.0, 1.0} else share(list(map(bool, values)), groups)
            for name, (values, groups) in self.cases.items()
        }

    def _add(self, name: str, values: Tensor, groups: Sequence[str]) -> None:
        self.cases[name] = values.float().tolist(), [*groups]


def _both(run: ClipRun, after: Mapping[str, Tensor], pairs: Sequence[Pair]) -> tuple[_Measured, _Measured]:
    run.result.load_state_dict(run.before)
    before = _Measured(run.embedded(run.result, pairs))
    run.result.load_state_dict(after)
    return before, _Measured(run.embedded(run.result, pairs))


def _changes(before: _Measured, now: _Measured) -> Figures:
    """The mean change of each case, whose interval is narrower than those of both figures suggest."""
    result = {}
    for name, (values, groups) in now.cases.items():
        former = before.cases[name][0]
        result[name] = mean([new - old for new, old in zip(values, former, strict=True)], groups)
    return result


def _plain(figures: Figures) -> dict[str, list[float]]:
    return {name: [each.value, each.low, each.high, each.count] for name, each in figures.items()}


def _split(before: _Measured, now: _Measured) -> str:
    former, changes = before.figures, _changes(before, now)
    rows = [
        (name, interval(former[name]), interval(each), _signed(changes[name]))
        for name, each in now.figures.items()
    ]
    return "\n\n".join(
        [
            table(["figure", "before (95 % interval, cases)", "after", "change"], rows),
            "Intervals are by bootstrap over groups, where the data has some. Neighbours are pictures of "
            "other groups; a silhouette is from -1 to 1, higher where labels lie more apart.",
        ]
    )


def _signed(change: Estimate) -> str:
    return f"{change.value:+.3f} ({change.low:+.3f} to {change.high:+.3f})"


def _result(run: ClipRun, shares: Sequence[Share]) -> str:
    rows: list[Sequence[Any]] = [
        (f"{each.share:g}", each.retrieval, "" if each.kept is None else each.kept) for each in shares
    ]
    return "\n\n".join(
        [
            f"The best of {run.trained_epochs} epochs by {run.figure} is epoch {run.best_epoch} "
            f"(0: as it was), with {run.best_value:.4f}. Of its change, the share {run.share:g} is kept:",
            table(["share of the change", run.figure, "kept pictures named rightly"], rows),
            "The weights are in `model/`, which the export takes:\n\n"
            f"    python -m export clip local-dir:{run.folder / 'model'} --name garment-embedder",
        ]
    )


def _memory(run: ClipRun) -> str:
    batch = run.params.batch
    return pass_memory(run.model, run.forward, batch).described(batch, run.start.image.width)
