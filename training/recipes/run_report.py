"""The report page of a run: report.md beside its weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training.evaluation.intervals import Estimate
from training.recipes.provenance import Cost


def write_report(folder: Path, title: str, sections: Sequence[tuple[str, str]]) -> Path:
    """Write a page of sections, each a heading and Markdown."""
    parts = [f"# {title}", *(f"## {heading}\n\n{content.strip()}" for heading, content in sections)]
    path = folder / "report.md"
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return path


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; numbers that are no integers have four decimals."""
    lines = [head, ["---"] * len(head), *[[_cell(value) for value in row] for row in rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def facts_tables(facts: Mapping[str, Mapping[str, Any]]) -> str:
    """Each group of facts as a table."""
    return "\n\n".join(table([name, ""], list(group.items())) for name, group in facts.items())


def cost_lines(cost: Cost) -> str:
    """Wall and CPU time of all parts of the run, without those of its final measurement."""
    return (
        f"{cost.wall_s / 60:.1f} minutes of wall time and {cost.cpu_s / 60:.1f} minutes of CPU time "
        f"({cost.wall_s:.0f} s and {cost.cpu_s:.0f} s)."
    )


def interval(estimate: Estimate) -> str:
    """Such as "0.812 (0.770 to 0.851, 403)": the value, its 95 % interval, the number of cases."""
    return f"{estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f}, {estimate.count})"


def _cell(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value).replace("|", "\\|")
