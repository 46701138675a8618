"""Writes the report: figures, tables, contact sheets."""

from __future__ import annotations

from pathlib import Path

from training.evaluation import sheet_rows
from training.evaluation.confusion import draw_confusion
from training.evaluation.figures import Figures
from training.evaluation.measurement import Evidence
from training.evaluation.sheets import Cell, lay_out, save
from training.evaluation.tables import tables

SERVED = "as served"
ITEM = "item"


def write_report(figures: Figures, evidence: Evidence, folder: Path) -> None:
    """Write figures.json, tables.md and the pictures; existing files are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    text = figures.to_json()
    (folder / "figures.json").write_text(text, encoding="utf-8")
    sections = (f"## {name}\n\n{table}" for name, table in tables(text).items())
    (folder / "tables.md").write_text("\n".join(sections), encoding="utf-8")
    matrices = [(name, measured.confusion) for name, measured in figures.category.items()]
    draw_confusion(matrices, figures.categories, folder / "confusion.png")
    _write_sheets(figures, evidence, folder)


def _write_sheets(figures: Figures, evidence: Evidence, folder: Path) -> None:
    records, names = evidence.records, figures.categories
    sheets: dict[str, tuple[list[list[Cell]], int, int]] = {
        "categories": (sheet_rows.category_rows(records, names), 76, 1),
        "boxes": (sheet_rows.box_rows(records, evidence.ground_truth.boxes, 8, 5), 132, 1),
        "neighbours": (sheet_rows.neighbour_rows(records, evidence.modes[SERVED], names), 92, 1),
        "scenes": (sheet_rows.scene_rows(evidence.scenes[:15], 5, 208), 212, 1),
        "people": ([sheet_rows.people_row(evidence.people, 420)] if evidence.people else [], 424, 1),
    }
    if ITEM in figures.texts:
        sheets["texts"] = (sheet_rows.text_rows(figures.texts[ITEM].rows, records), 64, 4)
    for name, (rows, side_px, columns) in sheets.items():
        if rows:
            save(lay_out(rows, side_px, columns), folder / f"{name}.jpg")
