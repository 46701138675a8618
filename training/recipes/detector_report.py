"""The report page of a detector's run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.data.dataset_survey import IGNORE
from training.recipes.memory import training_memory
from training.recipes.run_report import cost_lines, facts_tables, table, write_report

if TYPE_CHECKING:
    from training.recipes.detector import DetectorRun


def write_detector_report(run: DetectorRun) -> Path:
    """Measure the best weights on the validation split, and on the test split if there is one."""
    from ultralytics import YOLO

    figures: dict[str, Any] = {"wall_s": run.cost.wall_s, "cpu_s": run.cost.cpu_s}
    sections = [("Result", _result(run))]
    model = YOLO(str(run.weights))
    for name in ("val", "test"):
        if name in run.data.splits and run.data.splits[name].pictures:
            found = _measured(run, model, name)
            figures[name] = found
            sections.append((f"Split: {name}", _split(run, found, name)))
    (run.folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    memory = training_memory(YOLO(str(run.weights)).model.float(), run.params.input_px, run.params.batch)
    sections += [
        ("Curves", "![curves](curves.svg)\n\nAll figures of all epochs are in metrics.csv."),
        ("Data", _data(run)),
        ("Cost", f"{cost_lines(run.cost)}\n\n{memory.described(run.params.batch, run.params.input_px)}"),
        ("Facts", facts_tables(run.facts())),
    ]
    return write_report(run.folder, f"Detector of {len(run.data.labels)} labels", sections)


def _measured(run: DetectorRun, model: Any, split: str) -> dict[str, Any]:
    """Average precision by label, of boxes, and of masks if there are some; `ignore` counts in no mean."""
    found = model.val(
        data=str(run.params.data.path.resolve()),
        split=split,
        imgsz=run.params.input_px,
        batch=run.params.batch,
        device=0 if run.facts()["made with"]["device used"].startswith("cuda") else "cpu",
        workers=run.params.workers,
        plots=False,
        verbose=False,
        project=str(run.folder.resolve()),
        name=f"measured-{split}",
        exist_ok=True,
    )
    kinds = {"box": found.box} | ({"mask": found.seg} if run.params.task == "segment" else {})
    return {kind: _precisions(model.names, metric) for kind, metric in kinds.items()}


def _precisions(names: Mapping[int, str], metric: Any) -> dict[str, Any]:
    labels = {
        str(names[int(index)]): [float(metric.ap50[row]), float(metric.ap[row])]
        for row, index in enumerate(metric.ap_class_index)
    }
    counted = [values for label, values in labels.items() if label != IGNORE]
    means = [sum(column) / len(counted) for column in zip(*counted, strict=True)] if counted else [0.0, 0.0]
    return {"mAP50": means[0], "mAP50-95": means[1], "labels": labels}


def _result(run: DetectorRun) -> str:
    return (
        "The best weights are in `detector.pt`, which the export takes:\n\n"
        f"    python -m export yolo {run.weights} --imgsz {run.params.input_px} --name garment-detector\n\n"
        f"A class `{IGNORE}` is never reported by what is exported."
    )


def _split(run: DetectorRun, found: Mapping[str, Any], name: str) -> str:
    objects = run.data.splits[name].objects
    parts = []
    for kind, figures in found.items():
        rows = [
            (label, objects.get(label, 0), *precisions) for label, precisions in figures["labels"].items()
        ]
        counted = sum(count for label, count in objects.items() if label != IGNORE)
        rows.append((f"mean without {IGNORE}", counted, figures["mAP50"], figures["mAP50-95"]))
        parts.append(table([kind, "objects", "AP50", "AP50-95"], rows))
    return "\n\n".join(parts)


def _data(run: DetectorRun) -> str:
    splits = run.data.splits
    rows = [(label, *(split.objects.get(label, 0) for split in splits.values())) for label in run.data.labels]
    rows.append(("pictures", *(split.pictures for split in splits.values())))
    return table(["objects", *splits], rows)
